"""What works themselves do when works come in."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from works.institutions.tasks import match_affiliations_of_works
from works.signals import works_loaded


@receiver(works_loaded)
def enqueue_affiliation_matching(work_ids: Sequence[int], **_kwargs: Any) -> None:
    """Let a worker find the organisations; the page itself is committed already."""
    if work_ids:
        match_affiliations_of_works.delay(list(work_ids))

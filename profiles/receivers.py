"""What profiles do when works come in."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from profiles.tasks import update_profiles_after_load
from works.signals import works_loaded


@receiver(works_loaded)
def enqueue_profile_updates(work_ids: Sequence[int], researcher_ids: Sequence[int], **_kwargs: Any) -> None:
    """Let a worker resolve the bylines; the page itself is committed already."""
    if work_ids or researcher_ids:
        update_profiles_after_load.delay(list(work_ids), list(researcher_ids))

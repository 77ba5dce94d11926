"""What a curator may do to a work."""

from django.db import transaction
from django.utils import timezone

from works.models import Work
from works.signals import works_loaded


@transaction.atomic
def set_hidden(work: Work, *, hidden: bool) -> None:
    """Hide a work from every page, or show it again; the figures of its authors follow."""
    work.hidden = hidden
    work.changed_at = timezone.now()
    work.save(update_fields=["hidden", "changed_at"])
    # Robust: a broker that is away must not make a done thing look failed; beat finds what was not enqueued.
    transaction.on_commit(lambda: works_loaded.send(sender=Work, work_ids=[work.pk], researcher_ids=[]), robust=True)

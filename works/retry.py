"""Trying rejected records again, once the parser or the tables have learnt to take them."""

from django.db import transaction
from django.utils import timezone

from works.arxiv.errors import ArxivError
from works.arxiv.load import LoadResult, load_records
from works.arxiv.parse import parse_list_records
from works.arxiv.raw_record import page_of_record
from works.models import RejectedRecord
from works.signals import works_loaded


@transaction.atomic
def retry_rejected(rejected_id: int) -> bool:
    """Parse and load a record from the bytes that were kept; return whether it is resolved now.

    It is marked then, not deleted; otherwise it keeps the reason of this last try.
    """
    rejected = RejectedRecord.objects.select_for_update().get(pk=rejected_id)
    if rejected.resolved_at is not None:
        return True
    result, reason = load_again(bytes(rejected.raw))
    if reason:
        rejected.reason = reason
        rejected.save(update_fields=["reason"])
        return False
    rejected.resolved_at = timezone.now()
    rejected.save(update_fields=["resolved_at"])
    tell_after_commit(result)
    return True


def load_again(raw: bytes) -> tuple[LoadResult, str]:
    """Return what loading the record did, and why it could not be loaded, which is empty when it could."""
    try:
        page = parse_list_records(page_of_record(raw))
    except ArxivError as error:
        return LoadResult(), str(error)
    if page.rejected:
        return LoadResult(), page.rejected[0].reason
    result = load_records(page.records)
    if result.rejected:
        return result, result.rejected[0].reason
    return result, "" if page.records or page.deleted else "it holds no record"


def tell_after_commit(result: LoadResult) -> None:
    """Have the profiles that it concerns brought up to date."""
    concerned = {"work_ids": result.work_ids, "researcher_ids": sorted(result.detached_researcher_ids)}
    transaction.on_commit(lambda: works_loaded.send(sender=RejectedRecord, **concerned), robust=True)

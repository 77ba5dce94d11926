"""Trying rejected records again, once the parser or the tables have learnt to take them."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from works.arxiv.atom import AtomPage, parse_feed
from works.arxiv.errors import ArxivError
from works.arxiv.fetch import complete_from_known
from works.arxiv.load import LoadResult, load_records
from works.arxiv.parse import parse_list_records
from works.arxiv.raw_record import feed_of_entry, page_of_record
from works.arxiv.records import ParsedPage
from works.models import ImportRun, RejectedRecord
from works.signals import works_loaded


@transaction.atomic
def retry_rejected(rejected_id: int) -> bool:
    """Parse and load a record from the bytes that were kept; return whether it is resolved now.

    It is marked then, not deleted; otherwise it keeps the reason of this last try.
    """
    rejected = RejectedRecord.objects.select_for_update(of=["self"]).select_related("import_run").get(pk=rejected_id)
    if rejected.resolved_at is not None:
        return True
    read = read_entry if rejected.import_run.kind == ImportRun.Kind.FETCH else read_record
    result, reason = load_again(bytes(rejected.raw), read)
    if reason:
        rejected.reason = reason
        rejected.save(update_fields=["reason"])
        return False
    rejected.resolved_at = timezone.now()
    rejected.save(update_fields=["resolved_at"])
    tell_after_commit(result)
    return True


def read_record(raw: bytes) -> ParsedPage:
    """Read the bytes of an OAI-PMH record; raises ArxivError."""
    return parse_list_records(page_of_record(raw))


def read_entry(raw: bytes) -> AtomPage:
    """Read the bytes of an Atom entry; raises ArxivError."""
    return parse_feed(feed_of_entry(raw))


def load_again(raw: bytes, read: Callable[[bytes], ParsedPage | AtomPage]) -> tuple[LoadResult, str]:
    """Return what loading the record did, and why it could not be loaded, which is empty when it could."""
    try:
        page = read(raw)
    except ArxivError as error:
        return LoadResult(), str(error)
    if page.rejected:
        return LoadResult(), page.rejected[0].reason
    records = complete_from_known(page.records) if isinstance(page, AtomPage) else page.records
    result = load_records(records)
    if result.rejected:
        return result, result.rejected[0].reason
    is_known = bool(page.records) or (isinstance(page, ParsedPage) and bool(page.deleted))
    return result, "" if is_known else "it holds no record"


def tell_after_commit(result: LoadResult) -> None:
    """Have the profiles that it concerns brought up to date."""
    concerned = {"work_ids": result.work_ids, "researcher_ids": sorted(result.detached_researcher_ids)}
    transaction.on_commit(lambda: works_loaded.send(sender=RejectedRecord, **concerned), robust=True)

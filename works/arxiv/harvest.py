"""One OAI-PMH harvest from start to end: fetch a page, load it and save the checkpoint in one transaction.

Killed at any instant, a harvest goes on from the page after the last one that was committed. What
it had loaded of a page it was killed in is rolled back with the checkpoint.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from redis import Redis

from bzpeer import __version__
from works.arxiv.client import ArxivClient
from works.arxiv.errors import ArxivError, ArxivUnavailable, BadResumptionToken, NoRecordsMatch
from works.arxiv.lean_tables import lean_first_load
from works.arxiv.load import LoadResult, load_prepared
from works.arxiv.pages_ahead import PagesAhead
from works.arxiv.politeness import SharedPace
from works.arxiv.records import ParsedPage
from works.models import ImportRun, RejectedRecord
from works.signals import works_loaded

logger = logging.getLogger(__name__)

# First half of the key of the lock that a harvest holds on its endpoint; the second is the endpoint's hash.
HARVEST_LOCK = 0x42_5A
MAXIMUM_RESTARTS = 5


def run_harvest(run_id: int) -> None:
    """Harvest until the run is over; do nothing when it is over, or when another worker is at this endpoint.

    Raise `ArxivUnavailable` when arXiv cannot answer now: the run stays open and the next call goes on.
    """
    run = ImportRun.objects.get(pk=run_id)
    with lock_endpoint(run.endpoint) as locked:
        run.refresh_from_db()
        if not locked or run.finished_at:
            return
        mark_running(run)
        try:
            with lean_first_load():
                harvest_pages(run)
        except ArxivUnavailable:
            raise
        except ArxivError as error:
            finish_run(run, ImportRun.Status.FAILED, error=str(error))


@contextmanager
def lock_endpoint(endpoint: str) -> Iterator[bool]:
    """Try to be the only harvest of an endpoint; the lock belongs to the connection and dies with its process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [HARVEST_LOCK, endpoint])
        (locked,) = cursor.fetchone() or (False,)
    try:
        yield locked
    finally:
        if locked:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [HARVEST_LOCK, endpoint])


def harvest_pages(run: ImportRun) -> None:
    """Harvest page after page; begin anew when the resumption token has died, a bounded number of times."""
    client = ArxivClient(
        contact=settings.CONTACT_EMAIL,
        version=__version__,
        base_url=run.endpoint,
        pace=SharedPace(Redis.from_url(settings.REDIS_URL)),
    )
    restarts = 0
    more = True
    with PagesAhead(page_fetcher(run, client)) as pages:
        while more:
            try:
                more = harvest_page(run, pages)
            except BadResumptionToken as error:
                restarts += 1
                if restarts > MAXIMUM_RESTARTS:
                    raise
                logger.warning("Run %s: token refused (%s), starting again", run.pk, error)
                restart_from_checkpoint(run)
            except NoRecordsMatch:
                more = False
    finish_run(run, ImportRun.Status.SUCCEEDED)


def page_fetcher(run: ImportRun, client: ArxivClient) -> Callable[[str | None], bytes]:
    """Return what fetches a page of the run by its token."""
    return lambda token: client.fetch_list_records(
        metadata_prefix=run.metadata_prefix,
        from_date=run.from_date,
        until_date=run.until_date,
        set_spec=run.set_spec or None,
        resumption_token=token,
    )


def harvest_page(run: ImportRun, pages: PagesAhead) -> bool:
    """Read one page and load it with its checkpoint; return whether another follows."""
    read = pages.read(run.resumption_token or None)
    page = read.page
    with transaction.atomic():
        result = load_prepared(read.prepared)
        result.rejected += page.rejected
        save_checkpoint(run, page, result)
    works_loaded.send(sender=ImportRun, work_ids=result.work_ids, researcher_ids=sorted(result.detached_researcher_ids))
    return page.resumption_token is not None


def mark_running(run: ImportRun) -> None:
    """Say that a worker is at it."""
    run.status = ImportRun.Status.RUNNING
    run.started_at = run.started_at or timezone.now()
    run.error = ""
    run.save(update_fields=["status", "started_at", "error"])


def save_checkpoint(run: ImportRun, page: ParsedPage, result: LoadResult) -> None:
    """Keep the page's counts, its rejected records and the token of the next page."""
    RejectedRecord.objects.bulk_create(
        RejectedRecord(import_run=run, identifier=bad.identifier, reason=bad.reason, raw=bad.raw)
        for bad in result.rejected
    )
    newest = max((record.datestamp for record in page.records), default=None)
    ImportRun.objects.filter(pk=run.pk).update(
        resumption_token=page.resumption_token or "",
        pages=F("pages") + 1,
        created=F("created") + result.created,
        updated=F("updated") + result.updated,
        unchanged=F("unchanged") + result.unchanged,
        rejected=F("rejected") + len(result.rejected),
        last_datestamp=max(filter(None, [newest, run.last_datestamp]), default=None),
    )
    run.refresh_from_db()


def restart_from_checkpoint(run: ImportRun) -> None:
    """Forget the dead token; ask again from the start of the window, where what is loaded already is unchanged."""
    run.resumption_token = ""
    run.save(update_fields=["resumption_token"])


def finish_run(run: ImportRun, status: ImportRun.Status, *, error: str = "") -> None:
    """Close the run."""
    run.status = status
    run.error = error
    run.finished_at = timezone.now()
    run.resumption_token = ""
    run.save(update_fields=["status", "error", "finished_at", "resumption_token"])
    logger.info("Run %s %s: %s", run.pk, status, describe_counts(run))


def describe_counts(run: ImportRun) -> str:
    """Say in words what a run did so far."""
    return f"{run.created} created, {run.updated} updated, {run.unchanged} unchanged, {run.rejected} rejected"


def fail_run(run_id: int, error: ArxivError) -> None:
    """Give a run up after the last retry, unless it is over; what it loaded stays."""
    run = ImportRun.objects.get(pk=run_id)
    if not run.finished_at:
        finish_run(run, ImportRun.Status.FAILED, error=f"arXiv did not answer: {error}")

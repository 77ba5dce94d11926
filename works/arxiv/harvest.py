"""One OAI-PMH harvest from start to end: fetch a page, load it and save the checkpoint in one transaction.

Killed at any instant, a harvest goes on from the page after the last one that was committed. What
it had loaded of a page it was killed in is rolled back with the checkpoint.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from redis import Redis

from bzpeer import __version__
from works.arxiv.client import ArxivClient, FetchLimits
from works.arxiv.errors import (
    ArxivError,
    ArxivUnavailable,
    BadResumptionToken,
    MalformedResponse,
    NoRecordsMatch,
    RepeatedPage,
)
from works.arxiv.load import LoadResult, load_incoming
from works.arxiv.pages_ahead import Page, PagesAhead, ReadPage
from works.arxiv.parse import parse_list_identifiers, parse_list_records
from works.arxiv.politeness import SharedPace
from works.arxiv.prepare import UnpreparedRecord
from works.arxiv.raw_record import find_raw_record
from works.arxiv.records import HeaderPage, ParsedPage
from works.models import ImportRun
from works.pages import keep_page
from works.runs import EARLIEST_DATESTAMP, finish_run, store_rejected
from works.signals import works_loaded
from works.snapshot_models import SnapshotRun
from works.sweep import conclude_sweep, note_deleted, note_seen

logger = logging.getLogger(__name__)

# First half of the key of the lock that a harvest holds on its endpoint; the second is the endpoint's hash.
HARVEST_LOCK = 0x42_5A
MAXIMUM_RESTARTS = 5  # without a newer datestamp in between
MALFORMED_ATTEMPTS = 3
MAXIMUM_EMPTY_PAGES = 20


@dataclass(slots=True)
class Trail:
    """What a worker remembers of its way from token to token, to notice when it leads nowhere."""

    tokens: set[str] = field(default_factory=set)
    empty_pages: int = 0

    def follow(self, asked: str, token: str | None, *, is_empty: bool) -> None:
        """Take note of a page; raise RepeatedPage when it leads back, or when too many in a row were empty."""
        self.empty_pages = self.empty_pages + 1 if is_empty else 0
        if token is None:
            return
        self.tokens.add(asked)
        if token in self.tokens or self.empty_pages > MAXIMUM_EMPTY_PAGES:
            what = "comes round again" if token in self.tokens else f"follows {self.empty_pages} empty pages"
            raise RepeatedPage(f"the resumption token {token[:80]!r} {what}")


def run_harvest(run_id: int) -> None:
    """Harvest until the run is over, paused or cancelled; do nothing when another worker is at this endpoint.

    Raise `ArxivUnavailable` when arXiv cannot answer now: the run stays open and the next call goes on.
    """
    run = ImportRun.objects.get(pk=run_id)
    with lock_endpoint(run.endpoint) as locked:
        if not locked or not mark_running(run):
            return
        try:
            harvest_pages(run)
            if run.status in ImportRun.ACTIVE:
                close_run(run, ImportRun.Status.SUCCEEDED)
        except ArxivUnavailable:
            raise
        except ArxivError as error:
            close_run(run, ImportRun.Status.FAILED, error=str(error))


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


def mark_running(run: ImportRun) -> bool:
    """Say that a worker is at it; return False when none should be now."""
    due = Q(retry_at__isnull=True) | Q(retry_at__lte=timezone.now())
    marked = ImportRun.objects.filter(due, pk=run.pk, status__in=ImportRun.ACTIVE).update(
        status=ImportRun.Status.RUNNING, started_at=Coalesce("started_at", Now()), error="", retry_at=None
    )
    run.refresh_from_db()
    return bool(marked)


def harvest_pages(run: ImportRun) -> None:
    """Harvest page after page until the run is over, paused or cancelled."""
    client = make_client(run.endpoint)
    if run.kind == ImportRun.Kind.SWEEP:
        with PagesAhead(partial(read_headers, run, client)) as headers:
            follow_tokens(run, partial(sweep_page, run, headers))
            if run.status in ImportRun.ACTIVE:
                conclude_sweep(run)
    else:
        with PagesAhead(partial(read_records, run, client)) as pages:
            follow_tokens(run, partial(harvest_page, run, pages))


def follow_tokens(run: ImportRun, walk: Callable[[Trail], bool]) -> None:
    """Walk from page to page; begin anew where the newest datestamp stands when a token has died."""
    trail = Trail()
    more = True
    while more and run.status in ImportRun.ACTIVE:
        try:
            more = walk(trail)
        except (BadResumptionToken, RepeatedPage) as error:
            restart_from_checkpoint(run, error)
            trail = Trail()
        except NoRecordsMatch:
            more = False


def make_client(endpoint: str) -> ArxivClient:
    """A client that keeps the pace which all workers share."""
    return ArxivClient(
        contact=settings.CONTACT_EMAIL,
        version=__version__,
        base_url=endpoint,
        pace=SharedPace(Redis.from_url(settings.REDIS_URL)),
        limits=FetchLimits(pace_loopback=settings.ARXIV_PACE_LOOPBACK),
    )


def harvest_page(run: ImportRun, pages: PagesAhead[ParsedPage], trail: Trail) -> bool:
    """Read one page and load it with its checkpoint; return whether another follows."""
    began = time.monotonic()
    read = pages.read(run.resumption_token)
    page = read.page
    trail.follow(
        run.resumption_token, page.resumption_token, is_empty=not (page.records or page.rejected or page.deleted)
    )
    if settings.ARXIV_PAGES_DIR:
        keep_page(read.body, run, settings.ARXIV_PAGES_DIR)
    with transaction.atomic():
        result = load_incoming(read.incoming)
        keep_rejected(run, read.body, page, result)
        note_deleted(run, page.deleted)
        counts = {
            "created": result.created, "updated": result.updated, "unchanged": result.unchanged,
            "rejected": len(result.rejected), "deleted": len(page.deleted),
        }  # fmt: skip
        datestamps = [record.datestamp for record in page.records]
        save_checkpoint(run, page, datestamps, counts, seconds=time.monotonic() - began)
    works_loaded.send(sender=ImportRun, work_ids=result.work_ids, researcher_ids=sorted(result.detached_researcher_ids))
    return page.resumption_token is not None


def sweep_page(run: ImportRun, pages: PagesAhead[HeaderPage], trail: Trail) -> bool:
    """Read one page of identifiers and note them with their checkpoint; return whether another follows."""
    began = time.monotonic()
    page = pages.read(run.resumption_token).page
    trail.follow(run.resumption_token, page.resumption_token, is_empty=not page.datestamps)
    with transaction.atomic():
        note_seen(run, page.present)
        note_deleted(run, page.deleted)
        counts = {"unchanged": len(page.present), "deleted": len(page.deleted)}
        save_checkpoint(run, page, page.datestamps, counts, seconds=time.monotonic() - began)
    return page.resumption_token is not None


def read_records(run: ImportRun, client: ArxivClient, token: str) -> ReadPage[ParsedPage]:
    """Fetch and read a page of records; make rows of them ahead where most, as so far in this run, will need them."""
    body, page = fetch_page(run, client, token, parse_list_records)
    incoming = [UnpreparedRecord(record) for record in page.records]
    if run.created + run.updated >= run.unchanged:
        for record in incoming:
            record.rows()
    return ReadPage(body, page, incoming)


def read_headers(run: ImportRun, client: ArxivClient, token: str) -> ReadPage[HeaderPage]:
    """Fetch and read a page of identifiers."""
    body, page = fetch_page(run, client, token, parse_list_identifiers)
    return ReadPage(body, page, [])


def fetch_page(run: ImportRun, client: ArxivClient, token: str, parse: Callable[[bytes], Page]) -> tuple[bytes, Page]:
    """Fetch and read a page; ask again when what came makes no sense, as while a server is being mended.

    Raise ArxivUnavailable when it goes on like that: the run waits, and fails in the end if nothing changes.
    """
    for attempt in range(1, MALFORMED_ATTEMPTS + 1):
        body = client.fetch_list_records(**request_for(run, token))
        try:
            return body, parse(body)
        except MalformedResponse as error:
            if attempt == MALFORMED_ATTEMPTS:
                raise ArxivUnavailable(f"what it answers cannot be read: {error}") from error
            logger.warning("Run %s: a page cannot be read (%s), asking again", run.pk, error)
    raise AssertionError("unreachable")


def request_for(run: ImportRun, token: str) -> dict[str, Any]:
    """The arguments of a ListRecords: the token, or without one a window from where everything before is loaded."""
    kind = {"metadata_prefix": run.metadata_prefix, "headers_only": run.kind == ImportRun.Kind.SWEEP}
    if token:
        return {**kind, "resumption_token": token}
    start = (run.in_order and run.last_datestamp) or run.from_date
    return {
        **kind,
        "from_date": start if start and start > EARLIEST_DATESTAMP else None,
        "until_date": run.until_date,
        "set_spec": run.set_spec or None,
    }


def keep_rejected(run: ImportRun, body: bytes, page: ParsedPage, result: LoadResult) -> None:
    """Store the records that could not be read, and those that the database refused, as they came."""
    refused = [replace(bad, raw=find_raw_record(body, bad.identifier) or bad.raw) for bad in result.rejected]
    result.rejected = [*page.rejected, *refused]
    store_rejected(run, result.rejected)


def save_checkpoint(
    run: ImportRun,
    page: ParsedPage | HeaderPage,
    datestamps: Sequence[date],
    counts: Mapping[str, int],
    *,
    seconds: float,
) -> None:
    """Keep the page's counts, the token of the next page, and how far the datestamps have come."""
    passed = [*([run.last_datestamp] if run.last_datestamp else []), *datestamps]
    newest = max(passed, default=None)
    ImportRun.objects.filter(pk=run.pk).update(
        resumption_token=page.resumption_token or "",
        pages=F("pages") + 1,
        list_size=page.list_size or run.list_size,
        last_datestamp=newest,
        in_order=run.in_order and passed == sorted(passed),
        restarts=0 if newest != run.last_datestamp else run.restarts,
        failures=0,
        active_seconds=F("active_seconds") + seconds,
        **{name: F(name) + count for name, count in counts.items()},
    )
    run.refresh_from_db()


def restart_from_checkpoint(run: ImportRun, error: ArxivError) -> None:
    """Forget the token, to ask again from the newest datestamp; raise the error after too many times in one place."""
    if run.restarts >= MAXIMUM_RESTARTS:
        raise error
    logger.warning("Run %s: %s; starting again from the last finished datestamp", run.pk, error)
    run.restarts += 1
    run.resumption_token = ""
    run.save(update_fields=["restarts", "resumption_token"])


def close_run(run: ImportRun, status: ImportRun.Status, *, error: str = "") -> None:
    """End the run and say so in the log."""
    if finish_run(run, status, error=error):
        logger.info("Run %s %s: %s", run.pk, status, describe_counts(run))


def describe_counts(run: ImportRun | SnapshotRun) -> str:
    """Say in words what a run did so far."""
    return f"{run.created} created, {run.updated} updated, {run.unchanged} unchanged, {run.rejected} rejected"

"""Papers asked for by id, by author or by author feed: fetched from the Atom API, parsed and loaded like a harvest.

A feed says less than a harvest, so what is known is filled in before it is loaded: it erases nothing. Each fetch is
noted as an import run with what it rejected.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis

from bzpeer import __version__
from works.arxiv.atom import AtomPage, parse_feed
from works.arxiv.atom_client import MOST_IDS, MOST_IN_ALL, AtomClient
from works.arxiv.byline import read_byline
from works.arxiv.client import ArxivClient
from works.arxiv.errors import ArxivError
from works.arxiv.load import load_records
from works.arxiv.politeness import SharedPace
from works.arxiv.raw_record import find_raw_entry
from works.arxiv.records import ParsedRecord, ParsedVersion, RejectedRecord
from works.models import ImportRun, Work
from works.runs import store_rejected
from works.signals import works_loaded

PAGE_SIZE = 500  # entries of a search; larger pages time out at arXiv more often


@dataclass(slots=True)
class FetchResult:
    """What was fetched and loaded: `arxiv_ids` in the order of the feed, counts, and `total` when arXiv has more."""

    arxiv_ids: list[str] = field(default_factory=list)
    pages: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[RejectedRecord] = field(default_factory=list)
    total: int | None = None


def make_client() -> AtomClient:
    """A client of the configured addresses that shares its pace with every worker."""
    pace = SharedPace(Redis.from_url(settings.REDIS_URL))
    client = ArxivClient(contact=settings.CONTACT_EMAIL, version=__version__, pace=pace)
    return AtomClient(client, api_url=settings.ARXIV_API_URL, feed_url=settings.ARXIV_FEED_URL)


def import_papers(arxiv_ids: Sequence[str], client: AtomClient | None = None) -> FetchResult:
    """Import papers by their ids; what arXiv does not know is missing from the result. Raises ArxivError."""
    client = client or make_client()
    batches = (arxiv_ids[start : start + MOST_IDS] for start in range(0, len(arxiv_ids), MOST_IDS))
    pages = (parse_feed(client.fetch_papers(batch)) for batch in batches)
    return load_and_note(pages, endpoint=client.api_url, asked_for=", ".join(arxiv_ids))


def import_author(name: str, client: AtomClient | None = None) -> FetchResult:
    """Import what arXiv finds for an author's name, at most MOST_IN_ALL papers. Raises ArxivError."""
    client = client or make_client()
    query = 'au:"{}"'.format(" ".join(name.replace('"', " ").split()))
    pages = _search(lambda start, size: client.fetch_search(query, start=start, size=size))
    return load_and_note(pages, endpoint=client.api_url, asked_for=query)


def import_author_feed(author_id: str, client: AtomClient | None = None) -> FetchResult:
    """Import the papers claimed at arXiv under an author id or an ORCID iD. Raises ArxivError; 404: no such feed."""
    client = client or make_client()
    pages = map(parse_feed, map(client.fetch_author_feed, [author_id]))
    return load_and_note(pages, endpoint=client.feed_url, asked_for=author_id)


def _search(fetch: Callable[[int, int], bytes]) -> Iterator[AtomPage]:
    start = 0
    while start < MOST_IN_ALL:
        page = parse_feed(fetch(start, min(PAGE_SIZE, MOST_IN_ALL - start)))
        yield page
        # By what was asked for, not by what came: a page may be short, and asking on from there would repeat.
        start += PAGE_SIZE
        if page.total is None or start >= page.total:
            return


def load_and_note(pages: Iterable[AtomPage], *, endpoint: str, asked_for: str) -> FetchResult:
    """Load page after page, and note in an import run how it went, also when arXiv refuses half way."""
    began = timezone.now()
    run = ImportRun(
        kind=ImportRun.Kind.FETCH,
        endpoint=endpoint,
        metadata_prefix="atom",
        asked_for=asked_for,
        status=ImportRun.Status.SUCCEEDED,
        started_at=began,
    )
    result = FetchResult()
    try:
        for page in pages:
            load_page(page, result)
    except ArxivError as error:
        run.status, run.error = ImportRun.Status.FAILED, str(error)
        note_fetch(run, result, began)
        raise
    note_fetch(run, result, began)
    return result


def load_page(page: AtomPage, result: FetchResult) -> None:
    """Load one page, count it in, and tell whoever listens."""
    loaded = load_records(complete_from_known(page.records))
    works_loaded.send(sender=Work, work_ids=loaded.work_ids, researcher_ids=sorted(loaded.detached_researcher_ids))
    refused = [replace(bad, raw=find_raw_entry(page.body, bad.identifier) or bad.raw) for bad in loaded.rejected]
    result.pages += 1
    result.arxiv_ids += [record.arxiv_id for record in page.records]
    result.created += loaded.created
    result.updated += loaded.updated
    result.unchanged += len(page.records) - loaded.created - loaded.updated - len(loaded.rejected)
    result.rejected += [*page.rejected, *refused]
    result.total = page.total


@transaction.atomic
def note_fetch(run: ImportRun, result: FetchResult, began: datetime) -> None:
    """Store the run of a fetch that is over, and the entries that it rejected."""
    run.pages, run.rejected = result.pages, len(result.rejected)
    run.created, run.updated, run.unchanged = result.created, result.updated, result.unchanged
    run.finished_at = timezone.now()
    run.active_seconds = (run.finished_at - began).total_seconds()
    run.save()
    store_rejected(run, result.rejected)


def complete_from_known(records: Sequence[ParsedRecord]) -> list[ParsedRecord]:
    """Fill in what is known of each work and a feed does not say; leave out versions older than what is known."""
    works = Work.objects.filter(arxiv_id__in=[record.arxiv_id for record in records]).prefetch_related("versions")
    known = {work.arxiv_id: work for work in works.defer("search_vector", "abstract")}
    completed = (_complete(record, known.get(record.arxiv_id)) for record in records)
    return [record for record in completed if record is not None]


def _complete(record: ParsedRecord, work: Work | None) -> ParsedRecord | None:
    if work is None:
        return record
    number = record.versions[-1].number if record.versions else None
    if number is not None and number < (work.current_version or 0):
        return None
    stored = {
        version.number: ParsedVersion(version.number, version.submitted_at, version.size, version.source_type)
        for version in work.versions.all()
    }
    versions = {version.number: version for version in record.versions} | stored
    is_new_version = number is not None and number > (work.current_version or 0)
    byline = read_byline(record.byline)
    in_order = tuple(versions[each] for each in sorted(versions))
    return replace(
        record,
        # The day a harvest goes by is not this one: the feed must neither look older nor shut out the next harvest.
        datestamp=max(record.datestamp, work.datestamp),
        versions=in_order,
        current_version_at=in_order[-1].submitted_at if in_order else record.current_version_at,
        byline=replace(byline, and_others=byline.and_others or work.and_others),
        withdrawn=work.withdrawn and not is_new_version,
    )

"""From parsed records to rows: one set-based upsert for a page of records.

A record whose digest stands in its row already is recognised before anything is staged; the rest
goes through COPY into the temporary tables of `staging` and from there into the real ones.
Only imported columns are written, never curated ones.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from psycopg.errors import ProgramLimitExceeded

from works.arxiv import staging
from works.arxiv.records import ParsedAuthor, ParsedRecord, RejectedRecord
from works.names import PersonName, name_key
from works.outbox import note_changed

Row = tuple[Any, ...]

# One at a time writes bylines, a load or a resolution: two loads of one paper would have to merge its byline, and a
# resolution that had read a name before a load changed it would give the new name the old one's researcher.
BYLINES_LOCK = 0x42_5A_01


@dataclass(slots=True)
class LoadResult:
    """What one load did: counts of records, and whom it concerns.

    `work_ids` are the works created or updated; `detached_researcher_ids` the researchers who lost
    an authorship by it (a byline that shrank or was printed anew).
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[RejectedRecord] = field(default_factory=list)
    work_ids: list[int] = field(default_factory=list)
    detached_researcher_ids: set[int] = field(default_factory=set)

    def add(self, other: "LoadResult") -> None:
        """Count another load in."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.rejected += other.rejected
        self.work_ids += other.work_ids
        self.detached_researcher_ids |= other.detached_researcher_ids


def load_records(records: Sequence[ParsedRecord]) -> LoadResult:
    """Store the records in one transaction; loading them again changes no row.

    A record that the database refuses is rejected alone, with the database's reason; the others load.
    """
    with transaction.atomic():
        lock_bylines()
        changed, known_ids = select_changed(newest_of_each(records))
        result = load_or_halve(changed, known_ids)
        result.unchanged += len(records) - len(changed)
        note_changed(result.work_ids, result.detached_researcher_ids)
    return result


def lock_bylines() -> None:
    """Wait to be the only transaction that writes bylines; the lock is let go when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BYLINES_LOCK])


def newest_of_each(records: Iterable[ParsedRecord]) -> list[ParsedRecord]:
    """Keep one record of each paper, the one touched last; a feed may repeat itself."""
    newest: dict[str, ParsedRecord] = {}
    for record in records:
        other = newest.get(record.arxiv_id)
        if other is None or record.datestamp >= other.datestamp:
            newest[record.arxiv_id] = record
    return list(newest.values())


def select_changed(records: Sequence[ParsedRecord]) -> tuple[list[ParsedRecord], set[str]]:
    """Return the records that say something new, and the arXiv ids among them that have a row already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT arxiv_id, record_digest, datestamp FROM works_work WHERE arxiv_id = ANY(%s)",
            [[record.arxiv_id for record in records]],
        )
        stored = {arxiv_id: (bytes(digest), datestamp) for arxiv_id, digest, datestamp in cursor}
    changed = []
    for record in records:
        digest, datestamp = stored.get(record.arxiv_id, (b"", record.datestamp))
        # An answer older than what we hold comes from a repeated page: it must not undo the newer one.
        if record.datestamp >= datestamp and digest_of(record) != digest:
            changed.append(record)
    return changed, stored.keys() & {record.arxiv_id for record in changed}


def digest_of(record: ParsedRecord) -> bytes:
    """Return 16 bytes that differ when anything in the record does."""
    return blake2b(repr(record).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def load_or_halve(records: Sequence[ParsedRecord], known_ids: set[str]) -> LoadResult:
    """Load the records; when the database refuses one, halve until it stands alone, and reject that one."""
    if not records:
        return LoadResult()
    try:
        with transaction.atomic():
            return load_changed(records, known_ids)
    except (DatabaseError, UnicodeEncodeError) as error:
        if not is_about_a_record(error):
            raise
        if len(records) == 1:
            return LoadResult(rejected=[refusal(records[0], error)])
    middle = len(records) // 2
    result = load_or_halve(records[:middle], known_ids)
    result.add(load_or_halve(records[middle:], known_ids))
    return result


def is_about_a_record(error: Exception) -> bool:
    """Whether the fault lies in what a record says; a lost connection or a deadlock is not its fault.

    A text too long to index or to search is a "program limit", for psycopg an error of operation.
    """
    return isinstance(error, DataError | IntegrityError | UnicodeEncodeError) or isinstance(
        error.__cause__, ProgramLimitExceeded
    )


def refusal(record: ParsedRecord, error: Exception) -> RejectedRecord:
    """Say why the database did not take a record, in its own first line."""
    reason = f"The database refused it: {str(error).splitlines()[0]}"
    return RejectedRecord(record.arxiv_id, repr(record).encode("utf-8", "surrogatepass"), reason)


def load_changed(records: Sequence[ParsedRecord], known_ids: set[str]) -> LoadResult:
    """Stage the records and carry them over."""
    with connection.cursor() as cursor:
        cursor.execute(staging.CREATE_STAGING)
        copy_rows(cursor, staging.COPY_WORKS, map(work_row, records))
        copy_rows(cursor, staging.COPY_VERSIONS, version_rows(records))
        copy_rows(cursor, staging.COPY_TOPICS, topic_rows(records, known_ids))
        copy_rows(cursor, staging.COPY_AUTHORSHIPS, authorship_rows(records))
        if not all(record.versions for record in records):
            cursor.execute(staging.KEEP_BYLINES)
        cursor.execute(staging.UPDATE_WORKS)
        updated = cursor.rowcount
        cursor.execute(staging.INSERT_WORKS)
        created = cursor.rowcount
        cursor.execute(staging.FILL_WORK_IDS)
        cursor.execute(staging.UPSERT_VERSIONS)
        for statement in (staging.ADD_UNKNOWN_TOPICS, staging.DELETE_TOPICS, staging.UPSERT_TOPICS):
            cursor.execute(statement)
        detached = carry_bylines(cursor, any_known=bool(known_ids))
        cursor.execute("SELECT work_id FROM stage_work")
        work_ids = [work_id for (work_id,) in cursor]
        cursor.execute("TRUNCATE stage_work, stage_version, stage_topic, stage_authorship")
    return LoadResult(created, updated, work_ids=work_ids, detached_researcher_ids=detached)


def carry_bylines(cursor: Any, *, any_known: bool) -> set[int]:
    """Make the bylines equal to the staged ones; return the researchers who lost an authorship."""
    detached: set[int] = set()
    cursor.execute(staging.FILL_AUTHORSHIP_WORK_IDS)
    if any_known:  # only then is there a byline to compare with
        cursor.execute(staging.MATCH_BY_NAME)
        cursor.execute(staging.MATCH_BY_SURNAME_AND_INITIAL)
        for statement in (staging.DELETE_AUTHORSHIPS, staging.UPDATE_AUTHORSHIPS):
            cursor.execute(statement)
            detached |= {researcher_id for (researcher_id,) in cursor if researcher_id}
    cursor.execute(staging.INSERT_AUTHORSHIPS)
    return detached


def copy_rows(cursor: Any, statement: str, rows: Iterable[Row]) -> None:
    """Send rows through COPY; raise Django's errors, which its cursor does for everything but COPY."""
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def work_row(record: ParsedRecord) -> Row:
    """The columns of COPY_WORKS."""
    first, current = (record.versions[0], record.versions[-1]) if record.versions else (None, None)
    return (
        record.arxiv_id,
        digest_of(record),
        record.datestamp,
        record.title,
        record.abstract,
        first.submitted_at if first else start_of(record.first_submitted_on),
        current and current.number,
        record.current_version_at,
        record.withdrawn if current else None,
        record.and_others,
        record.submitter,
        record.comments,
        record.journal_ref,
        record.doi,
        record.report_no,
        record.license,
    )


def start_of(day: date | None) -> datetime | None:
    """The first moment of a day, in UTC, which stands for a time that is known to the day only."""
    return None if day is None else datetime.combine(day, time(), UTC)


def version_rows(records: Iterable[ParsedRecord]) -> Iterator[Row]:
    """The columns of COPY_VERSIONS."""
    for record in records:
        for version in record.versions:
            yield record.arxiv_id, version.number, version.submitted_at, version.size, version.source_type


def topic_rows(records: Iterable[ParsedRecord], known_ids: set[str]) -> Iterator[Row]:
    """The columns of COPY_TOPICS; the first category is the primary one. A summary's are for new works only."""
    for record in records:
        if record.summary and record.arxiv_id in known_ids:
            continue
        for position, code in enumerate(dict.fromkeys(record.categories), 1):
            yield record.arxiv_id, code, position


def authorship_rows(records: Iterable[ParsedRecord]) -> Iterator[Row]:
    """The columns of COPY_AUTHORSHIPS; `occurrence` tells two equal names of one byline apart."""
    for record in records:
        occurrences: Counter[str] = Counter()
        for position, author in enumerate(record.authors, 1):
            occurrences[author.printed_name] += 1
            yield (
                record.arxiv_id,
                position,
                author.kind,
                author.printed_name,
                author.given,
                author.particle,
                author.family,
                author.suffix,
                author_key(author),
                author.affiliation,
                occurrences[author.printed_name],
            )


def author_key(author: ParsedAuthor) -> str:
    """The key by which equal names find each other; a collaboration has none."""
    if author.kind != "person":
        return ""
    return name_key(PersonName(author.given, author.particle, author.family, author.suffix))

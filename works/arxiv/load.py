"""From parsed records to rows: one set-based upsert for a page of records.

A record whose digest stands in its row already is recognised before anything is sent. Works without a row are
copied straight into the real tables; the others go through the temporary tables of `staging`. Only imported
columns are written, never curated ones.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from psycopg.errors import ProgramLimitExceeded

from works.arxiv import staging
from works.arxiv.prepare import IncomingRecord, PreparedRecord, Row, UnpreparedRecord
from works.arxiv.records import ParsedRecord, RejectedRecord
from works.outbox import note_changed

# Where in a work's row the columns begin that a source may leave unsaid, see `staging.WORK_COLUMNS`.
UNSAID_FROM = 8
# Where in it the date of the current version stands, which each of its topics has beside it.
DATED = 5

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


Loader = Callable[[Sequence[PreparedRecord]], LoadResult]


def load_records(records: Iterable[ParsedRecord]) -> LoadResult:
    """Store the records in one transaction; loading them again changes no row.

    A record that the database refuses is rejected alone, with the database's reason; the others load.
    """
    return load_incoming([UnpreparedRecord(record) for record in records])


def load_incoming(records: Sequence[IncomingRecord]) -> LoadResult:
    """Store records as `load_records` does; those that say nothing new are never made into rows."""
    with transaction.atomic():
        lock_bylines()
        new, changed = select_changed(newest_of_each(records))
        result = load_or_halve(new, insert_new)
        result.add(load_or_halve(changed, merge_known))
        result.unchanged += len(records) - len(new) - len(changed)
        note_changed(result.work_ids, result.detached_researcher_ids)
    return result


def lock_bylines() -> None:
    """Wait to be the only transaction that writes bylines; the lock is let go when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BYLINES_LOCK])


def newest_of_each(records: Iterable[IncomingRecord]) -> list[IncomingRecord]:
    """Keep one record of each paper, the one touched last; a feed may repeat itself."""
    newest: dict[str, IncomingRecord] = {}
    for record in records:
        other = newest.get(record.arxiv_id)
        if other is None or record.datestamp >= other.datestamp:
            newest[record.arxiv_id] = record
    return list(newest.values())


def select_changed(records: Sequence[IncomingRecord]) -> tuple[list[PreparedRecord], list[PreparedRecord]]:
    """Return the records that have no row yet, and those that say something else than their row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT arxiv_id, record_digest, datestamp FROM works_work WHERE arxiv_id = ANY(%s)",
            [[record.arxiv_id for record in records]],
        )
        stored = {arxiv_id: (bytes(digest), datestamp) for arxiv_id, digest, datestamp in cursor}
    new, changed = [], []
    for record in records:
        digest, datestamp = stored.get(record.arxiv_id, (b"", record.datestamp))
        if not digest:
            new.append(record.rows())
        # An answer older than what we hold comes from a repeated page: it must not undo the newer one.
        elif record.datestamp >= datestamp and record.digest != digest:
            changed.append(record.rows())
    return new, changed


def load_or_halve(records: Sequence[PreparedRecord], load: Loader) -> LoadResult:
    """Load the records; when the database refuses one, halve until it stands alone, and reject that one."""
    if not records:
        return LoadResult()
    try:
        with transaction.atomic():
            return load(records)
    except (DatabaseError, UnicodeEncodeError) as error:
        if not is_about_a_record(error):
            raise
        if len(records) == 1:
            return LoadResult(rejected=[refusal(records[0], error)])
    middle = len(records) // 2
    result = load_or_halve(records[:middle], load)
    result.add(load_or_halve(records[middle:], load))
    return result


def is_about_a_record(error: Exception) -> bool:
    """Whether the fault lies in what a record says; a lost connection or a deadlock is not its fault.

    A text too long to index or to search is a "program limit", for psycopg an error of operation.
    """
    return isinstance(error, DataError | IntegrityError | UnicodeEncodeError) or isinstance(
        error.__cause__, ProgramLimitExceeded
    )


def refusal(record: PreparedRecord, error: Exception) -> RejectedRecord:
    """Say why the database did not take a record, in its own first line."""
    return RejectedRecord(record.arxiv_id, record.raw, f"The database refused it: {str(error).splitlines()[0]}")


def insert_new(records: Sequence[PreparedRecord]) -> LoadResult:
    """Copy works that have no row straight into the real tables."""
    records = sorted(records, key=lambda record: record.arxiv_id)
    with connection.cursor() as cursor:
        topic_ids = find_topics(cursor, records)
        cursor.execute(staging.TAKE_WORK_IDS, [len(records)])
        keyed = [(work_id, record) for (work_id,), record in zip(cursor.fetchall(), records, strict=True)]
        copy_rows(cursor, staging.COPY_WORKS, (new_work_row(work_id, r, topic_ids) for work_id, r in keyed))
        copy_rows(cursor, staging.COPY_VERSIONS, ((work_id, *row) for work_id, r in keyed for row in r.versions))
        topics = ((work_id, topic_ids[code], place, r.work[DATED]) for work_id, r in keyed for code, place in r.topics)
        copy_rows(cursor, staging.COPY_TOPICS, topics)
        # The last value of a row is `occurrence`, which only a byline that is compared with another needs.
        authorships = ((work_id, "automatic", *row[:-1]) for work_id, r in keyed for row in r.authorships)
        copy_rows(cursor, staging.COPY_AUTHORSHIPS, authorships)
    return LoadResult(created=len(records), work_ids=[work_id for work_id, _ in keyed])


def new_work_row(work_id: int, record: PreparedRecord, topic_ids: Mapping[str, int]) -> Row:
    """The columns of COPY_WORKS: what the source does not say is empty in a new row."""
    said, (abstract, withdrawn, *texts) = record.work[:UNSAID_FROM], record.work[UNSAID_FROM:]
    return (
        work_id,
        "preprint",
        "arxiv",
        False,
        sorted({topic_ids[code] for code, _place in record.topics}),
        *said,
        abstract or "",
        bool(withdrawn),
        *(text or "" for text in texts),
    )


def find_topics(cursor: Any, records: Iterable[PreparedRecord]) -> dict[str, int]:
    """Return the ids of all topics of the records by their codes, after adding those that nobody knew."""
    codes = list({code for record in records for code, _ in record.topics})
    cursor.execute(staging.TOPIC_IDS, [codes])
    found = dict(cursor.fetchall())
    if len(found) < len(codes):
        cursor.execute(staging.ADD_UNKNOWN_TOPICS, [codes])
        cursor.execute(staging.TOPIC_IDS, [codes])
        found = dict(cursor.fetchall())
    return found


def merge_known(records: Sequence[PreparedRecord]) -> LoadResult:
    """Stage the records and merge them into the rows that their works have."""
    with connection.cursor() as cursor:
        cursor.execute(staging.CREATE_STAGING)
        find_topics(cursor, records)
        copy_rows(cursor, staging.COPY_STAGED_WORKS, (record.work for record in records))
        for statement, rows in (
            (staging.COPY_STAGED_VERSIONS, ((r.arxiv_id, *row) for r in records for row in r.versions)),
            (staging.COPY_STAGED_TOPICS, ((r.arxiv_id, *row) for r in records for row in r.topics if not r.summary)),
            (staging.COPY_STAGED_AUTHORSHIPS, ((r.arxiv_id, *row) for r in records for row in r.authorships)),
        ):
            copy_rows(cursor, statement, rows)
        if not all(record.versions for record in records):
            cursor.execute(staging.KEEP_BYLINES)
        cursor.execute(staging.UPDATE_WORKS_WITH_TEXTS)
        updated = cursor.rowcount
        cursor.execute(staging.UPDATE_OTHER_WORKS)
        updated += cursor.rowcount
        cursor.execute(staging.FILL_WORK_IDS)
        for statement in (staging.UPSERT_VERSIONS, staging.DELETE_TOPICS, staging.UPSERT_TOPICS):
            cursor.execute(statement)
        detached = carry_bylines(cursor)
        cursor.execute("SELECT work_id FROM stage_work")
        work_ids = [work_id for (work_id,) in cursor]
        cursor.execute("TRUNCATE stage_work, stage_version, stage_topic, stage_authorship")
    return LoadResult(updated=updated, work_ids=work_ids, detached_researcher_ids=detached)


def carry_bylines(cursor: Any) -> set[int]:
    """Make the bylines equal to the staged ones; return the researchers who lost an authorship."""
    detached: set[int] = set()
    cursor.execute(staging.FILL_AUTHORSHIP_WORK_IDS)
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

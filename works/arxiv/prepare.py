"""From a parsed record to the rows that are copied: pure, so that a process without a database can do it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from works.arxiv.records import ParsedAuthor, ParsedRecord
from works.names import PersonName, name_key

Row = tuple[Any, ...]

# As in works.names: of the real names, in the order of the papers, 31% are found among these.
_REMEMBERED_NAMES = 20_000


@dataclass(frozen=True, slots=True)
class PreparedRecord:
    """A record as rows; each of `versions`, `topics` and `authorships` lacks only the key of its work.

    `work` holds the columns of `staging.WORK_COLUMNS`; None in it means "the source does not say". The topics of a
    `summary` are for new works only: a known one keeps its own. `raw` is what to
    keep of a record that the database refuses; empty where whoever prepared it has that at hand.
    """

    arxiv_id: str
    datestamp: date
    digest: bytes
    work: Row
    versions: tuple[Row, ...]
    topics: tuple[Row, ...]
    authorships: tuple[Row, ...]
    summary: bool = False
    raw: bytes = b""


def prepare(record: ParsedRecord, raw: bytes | None = None) -> PreparedRecord:
    """Compute everything about a record that needs no database; what to keep of it is the record unless given."""
    said = repr(record).encode("utf-8", "surrogatepass")
    digest = blake2b(said, digest_size=16).digest()
    return PreparedRecord(
        arxiv_id=record.arxiv_id,
        datestamp=record.datestamp,
        digest=digest,
        work=_work_row(record, digest),
        versions=tuple((v.number, v.submitted_at, v.size, v.source_type) for v in record.versions),
        # The first category is the primary one.
        topics=tuple((code, position) for position, code in enumerate(dict.fromkeys(record.categories), 1)),
        authorships=tuple(_authorship_rows(record)),
        summary=record.summary,
        raw=said if raw is None else raw,
    )


def _work_row(record: ParsedRecord, digest: bytes) -> Row:
    first, current = (record.versions[0], record.versions[-1]) if record.versions else (None, None)
    return (
        record.arxiv_id,
        digest,
        record.datestamp,
        record.title,
        record.and_others,
        record.current_version_at,
        first.submitted_at if first else _start_of(record.first_submitted_on),
        current and current.number,
        record.abstract,
        record.withdrawn if current else None,
        record.submitter,
        record.comments,
        record.journal_ref,
        record.doi,
        record.report_no,
        record.license,
    )


def _start_of(day: date | None) -> datetime | None:
    """The first moment of a day, in UTC, which stands for a time that is known to the day only."""
    return None if day is None else datetime.combine(day, time(), UTC)


def _authorship_rows(record: ParsedRecord) -> Iterator[Row]:
    """The columns of `staging.AUTHORSHIP_COLUMNS`, and `occurrence`, which tells two equal names of a byline apart."""
    occurrences: Counter[str] = Counter()
    for position, author in enumerate(record.authors, 1):
        name = author.printed_name
        occurrences[name] += 1
        yield (
            position,
            author.kind,
            name,
            author.given,
            author.particle,
            author.family,
            author.suffix,
            _author_key(author),
            author.affiliation,
            occurrences[name],
        )


def _author_key(author: ParsedAuthor) -> str:
    """The key by which equal names find each other; a collaboration has none."""
    if author.kind != "person":
        return ""
    return _key(author.given, author.particle, author.family, author.suffix)


@lru_cache(_REMEMBERED_NAMES)
def _key(given: str, particle: str, family: str, suffix: str) -> str:
    return name_key(PersonName(given, particle, family, suffix))

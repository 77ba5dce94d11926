"""From a parsed record to the rows that are copied: pure, so that a process without a database can do it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Protocol

from works.arxiv.byline import read_byline
from works.arxiv.records import AuthorLine, ParsedAuthor, ParsedRecord
from works.names import PersonName, name_key

Row = tuple[Any, ...]

# As in works.names: of the real names, in the order of the papers, 31% are found among these.
_REMEMBERED_NAMES = 20_000

# Part of each digest. Raise it when the same record makes other rows than before, so that the next time it comes it
# is taken for changed.
READING = b"2"


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

    def rows(self) -> "PreparedRecord":
        """Return itself: these are the rows."""
        return self


class IncomingRecord(Protocol):
    """A record by what tells whether it says anything new; its rows cost more and are made when asked for."""

    @property
    def arxiv_id(self) -> str:
        """The paper."""

    @property
    def datestamp(self) -> date:
        """When arXiv last touched the record."""

    @property
    def digest(self) -> bytes:
        """What the record says, in 16 bytes."""

    def rows(self) -> PreparedRecord:
        """Everything about the record that needs no database."""


class UnpreparedRecord:
    """A parsed record whose rows are made once, by the first who asks for them."""

    def __init__(self, record: ParsedRecord) -> None:
        self.arxiv_id = record.arxiv_id
        self.datestamp = record.datestamp
        self._record = record
        self._said = _said(record)
        self.digest = _digest(self._said)
        self._rows: PreparedRecord | None = None

    def rows(self) -> PreparedRecord:
        """Everything about the record that needs no database."""
        if self._rows is None:
            self._rows = _prepare(self._record, self.digest, self._said)
        return self._rows


def prepare(record: ParsedRecord, raw: bytes | None = None) -> PreparedRecord:
    """Compute everything about a record that needs no database; what to keep of it is the record unless given."""
    said = _said(record)
    return _prepare(record, _digest(said), said if raw is None else raw)


def _said(record: ParsedRecord) -> bytes:
    return repr(record).encode("utf-8", "surrogatepass")


def _digest(said: bytes) -> bytes:
    return blake2b(said, digest_size=16, key=READING).digest()


def _prepare(record: ParsedRecord, digest: bytes, raw: bytes) -> PreparedRecord:
    byline = read_byline(record.byline)
    return PreparedRecord(
        arxiv_id=record.arxiv_id,
        datestamp=record.datestamp,
        digest=digest,
        work=_work_row(record, byline, digest),
        versions=tuple((v.number, v.submitted_at, v.size, v.source_type) for v in record.versions),
        # The first category is the primary one.
        topics=tuple((code, position) for position, code in enumerate(dict.fromkeys(record.categories), 1)),
        authorships=tuple(_authorship_rows(byline)),
        summary=record.summary,
        raw=raw,
    )


def _work_row(record: ParsedRecord, byline: AuthorLine, digest: bytes) -> Row:
    first, current = (record.versions[0], record.versions[-1]) if record.versions else (None, None)
    return (
        record.arxiv_id,
        digest,
        record.datestamp,
        record.title,
        byline.and_others,
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


def _authorship_rows(byline: AuthorLine) -> Iterator[Row]:
    """The columns of `staging.AUTHORSHIP_COLUMNS`, and `occurrence`, which tells two equal names of a byline apart."""
    occurrences: Counter[str] = Counter()
    for position, author in enumerate(byline.authors, 1):
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

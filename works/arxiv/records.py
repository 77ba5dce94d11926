"""What one arXiv record says, as plain values: the hand-over from `parse` to `load`.

In a text field None means "this source does not say", so that merging a poorer source erases nothing.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

ARXIV_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{7})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ParsedAuthor:
    """One byline position. `printed_name` has its TeX accents decoded and is otherwise as printed.

    `particle` ("van der") stands apart from `family`; several affiliations are joined by "; ". A
    collaboration has its whole name in `family`.
    """

    printed_name: str
    given: str
    particle: str
    family: str
    suffix: str
    affiliation: str
    kind: Literal["person", "collaboration"]


class NameInParts(NamedTuple):
    """A name as the `arXiv` and `oai_dc` formats give it, on one line each, and otherwise as printed."""

    keyname: str
    forenames: str
    suffix: str
    affiliation: str


@dataclass(frozen=True, slots=True)
class NamesInParts:
    """The byline of a source that tells surnames and forenames apart."""

    names: tuple[NameInParts, ...]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """The byline of a source that gives one line for all: `A. Uno (1), B. Due (1 and 2) ((1) MIT, (2) CERN)`."""

    text: str


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """A byline taken apart: the authors in order; `and_others` when it ends in "et al."."""

    authors: tuple[ParsedAuthor, ...]
    and_others: bool


Byline = NamesInParts | PrintedLine | AuthorLine


@dataclass(frozen=True, slots=True)
class ParsedVersion:
    """One version; `submitted_at` is UTC, `size` as printed ("23kb"), `source_type` arXiv's letters."""

    number: int
    submitted_at: datetime
    size: str
    source_type: str


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """One paper as one answer of arXiv's OAI-PMH interface describes it.

    `byline` is as the source has it: taking names apart costs more than all the rest and is done once it is known
    that the record says something new (`works.arxiv.byline.read_byline`).
    `current_version_at` is when the current version was submitted, to the second or, in the `arXiv` format, to
    the day. That format says nothing else about submitter or versions: its `created` is the date of the current
    version, whose number it does not give (in 503 of 503 real records it equals the date of the last `arXivRaw`
    version; `updated` is the day the row was last touched, whether it has one version or nine). Such a record
    comes with `versions == ()` and `withdrawn == False`, and False then means "not said": trust `withdrawn`
    only where `versions` is not empty. The same holds for `oai_dc`, which does say the day of version 1
    (`first_submitted_on`), and which is a `summary`: its categories are read off the sets, without their order,
    so a work that is known already keeps its own. For `withdrawn` None means
    "not said", too: the metadata snapshot never says it.
    """

    arxiv_id: str
    datestamp: date
    title: str
    abstract: str | None
    byline: Byline
    categories: tuple[str, ...]
    versions: tuple[ParsedVersion, ...]
    current_version_at: datetime
    submitter: str | None
    comments: str | None
    journal_ref: str | None
    doi: str | None
    report_no: str | None
    license: str | None
    withdrawn: bool | None
    sets: tuple[str, ...]
    first_submitted_on: date | None = None
    summary: bool = False


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A record that could not be read: its own bytes, and the reason in words for the import run's report."""

    identifier: str
    raw: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """One answer to ListRecords; `resumption_token` is None on the last page, `deleted` holds arXiv ids.

    `list_size` is how many records the whole list has, where the repository says it (arXiv's own does not).
    """

    records: tuple[ParsedRecord, ...]
    rejected: tuple[RejectedRecord, ...]
    resumption_token: str | None
    response_date: datetime | None
    deleted: tuple[str, ...]
    list_size: int | None = None


@dataclass(frozen=True, slots=True)
class HeaderPage:
    """One answer to ListIdentifiers: the arXiv ids that are there, those called deleted, and their datestamps."""

    present: tuple[str, ...]
    deleted: tuple[str, ...]
    datestamps: tuple[date, ...]
    resumption_token: str | None
    list_size: int | None = None


@dataclass(frozen=True, slots=True)
class RepositoryIdentity:
    """What the repository says of itself in answer to Identify."""

    name: str
    base_url: str
    earliest_datestamp: date
    granularity: str
    deleted_record: str

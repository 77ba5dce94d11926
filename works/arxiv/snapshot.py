"""Pure reading of one line of arXiv's metadata snapshot: bytes in, the record that OAI-PMH would give out."""

import json
import re
from datetime import date
from typing import Any

from works.arxiv.errors import ArxivError
from works.arxiv.records import ARXIV_ID, ParsedRecord, ParsedVersion, PrintedLine
from works.arxiv.texts import mail_date, one_line, paragraphs

LONGEST_LINE_BYTES = 4_000_000  # the longest of 88,748 real ones has under 100,000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VERSION = re.compile(r"v([1-9][0-9]{0,3})")


class UnreadableLine(ArxivError):
    """A line of the snapshot that is no record; the message says why, in words."""


def parse_snapshot_line(line: bytes) -> ParsedRecord:
    """Read one JSON object of the snapshot; a field that is null or missing is "not said".

    The snapshot gives neither sizes nor source types of versions, so it never says whether a paper is withdrawn.
    Raises UnreadableLine, and nothing else, whatever the line holds.
    """
    paper = _object(line)
    versions = _versions(paper.get("versions"))
    return ParsedRecord(
        arxiv_id=_arxiv_id(paper),
        datestamp=_day(_required(paper, "update_date")),
        title=_required(paper, "title"),
        abstract=paragraphs(_text(paper, "abstract")),
        byline=PrintedLine(_line(paper, "authors") or ""),
        categories=tuple(dict.fromkeys(_text(paper, "categories").split())),
        versions=versions,
        current_version_at=versions[-1].submitted_at,
        submitter=_line(paper, "submitter"),
        comments=_line(paper, "comments"),
        journal_ref=_line(paper, "journal-ref"),
        doi=_line(paper, "doi"),
        report_no=_line(paper, "report-no"),
        license=_line(paper, "license"),
        withdrawn=None,
        sets=(),
    )


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE_BYTES:
        raise UnreadableLine(f"it is longer than {LONGEST_LINE_BYTES:,} bytes")
    try:
        paper = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise UnreadableLine(f"it is not UTF-8: {error.reason} at byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableLine(f"it is not JSON: {str(error)[:200]}") from error
    if not isinstance(paper, dict):
        raise UnreadableLine("it is JSON, but not an object")
    return paper


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableLine(f"its {name} is not text")
    return value


def _line(fields: dict[str, Any], name: str) -> str | None:
    return one_line(_text(fields, name))


def _required(fields: dict[str, Any], name: str) -> str:
    value = _line(fields, name)
    if value is None:
        raise UnreadableLine(f"it has no {name}")
    return value


def _arxiv_id(paper: dict[str, Any]) -> str:
    arxiv_id = _required(paper, "id")
    if ARXIV_ID.fullmatch(arxiv_id) is None:
        raise UnreadableLine(f"{arxiv_id[:80]!r} is not an arXiv identifier")
    return arxiv_id


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UnreadableLine(f"its update_date {text[:40]!r} is not a date")


def _versions(listed: Any) -> tuple[ParsedVersion, ...]:
    if not isinstance(listed, list) or not listed:
        raise UnreadableLine("it names no version")
    by_number = {version.number: version for version in map(_version, listed)}
    return tuple(by_number[number] for number in sorted(by_number))


def _version(fields: Any) -> ParsedVersion:
    if not isinstance(fields, dict):
        raise UnreadableLine("a version is not an object")
    label = _text(fields, "version")
    number = _VERSION.fullmatch(label)
    if number is None:
        raise UnreadableLine(f"a version is called {label[:40]!r}")
    try:
        return ParsedVersion(int(number[1]), mail_date(_text(fields, "created")), "", "")
    except ValueError as error:
        raise UnreadableLine(f"the date of {label} cannot be read: {error}") from error

"""Pure reading of the Atom answers of arXiv's API and author feeds: bytes in, frozen values out, only typed errors.

What is wrong with one entry stays with it, as in `works.arxiv.parse`. An entry knows its number and the dates of
the first and the current version, nothing of those between, nothing of sizes, licence, submitter or withdrawal.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml import etree

from works.arxiv.author_line import parse_author_line
from works.arxiv.errors import AtomError, MalformedResponse
from works.arxiv.records import AuthorLine, ParsedAuthor, ParsedRecord, ParsedVersion, RejectedRecord
from works.arxiv.xml_page import Element, read_document

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ADDRESS = re.compile(
    r"(?:https?://)?arxiv\.org/abs/((?:\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{7}))(?:v([1-9]\d{0,3}))?",
    re.ASCII,
)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,23}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_AND_OTHERS = re.compile(r"et\.? al\.?|others", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AtomPage:
    """One feed, and its bytes; `total` and `start` are None where it is no page of a search."""

    body: bytes
    records: tuple[ParsedRecord, ...]
    rejected: tuple[RejectedRecord, ...]
    total: int | None
    start: int | None


class _Unreadable(Exception):
    """Carries, in plain words, why one entry cannot be read."""


def parse_feed(body: bytes) -> AtomPage:
    """Read one feed; raises MalformedResponse when it is none, AtomError when it carries an error of the API."""
    root = read_document(body)
    if root.tag != f"{_ATOM}feed":
        raise MalformedResponse("the body is not an Atom feed")
    records: list[ParsedRecord] = []
    rejected: list[RejectedRecord] = []
    for entry in root.findall(f"{_ATOM}entry"):
        address = _line(entry, f"{_ATOM}id") or ""
        if "/api/errors" in address:
            raise AtomError(_line(entry, f"{_ATOM}summary") or "an error without words")
        try:
            records.append(_record(entry, address))
        except _Unreadable as problem:
            raw = bytes(etree.tostring(entry, encoding="utf-8", with_tail=False))
            rejected.append(RejectedRecord(address, raw, str(problem)))
    total, start = (_number(_line(root, f"{_OPENSEARCH}{name}")) for name in ("totalResults", "startIndex"))
    return AtomPage(body, tuple(records), tuple(rejected), total, start)


def _record(entry: Element, address: str) -> ParsedRecord:
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise _Unreadable(f"{address[:80]!r} is not the address of a paper")
    title = _line(entry, f"{_ATOM}title")
    if title is None:
        raise _Unreadable("it has no title")
    versions = _versions(entry, int(found[2]) if found[2] else None)
    current = versions[-1].submitted_at if versions else _moment(entry, "updated")
    return ParsedRecord(
        arxiv_id=found[1],
        datestamp=current.date(),
        title=title,
        abstract=_paragraphs(entry.find(f"{_ATOM}summary")),
        byline=_byline(entry),
        categories=tuple(_categories(entry)),
        versions=versions,
        current_version_at=current,
        submitter=None,
        comments=_line(entry, f"{_ARXIV}comment"),
        journal_ref=_line(entry, f"{_ARXIV}journal_ref"),
        doi=_line(entry, f"{_ARXIV}doi"),
        report_no=None,
        license=None,
        withdrawn=False,
        sets=(),
    )


def _versions(entry: Element, number: int | None) -> tuple[ParsedVersion, ...]:
    """The first version and the current one, where the address tells its number."""
    if number is None:
        return ()
    current = ParsedVersion(number, _moment(entry, "updated"), "", "")
    if number == 1:
        return (current,)
    return (ParsedVersion(1, _moment(entry, "published"), "", ""), current)


def _byline(entry: Element) -> AuthorLine:
    authors: list[ParsedAuthor] = []
    and_others = False
    for element in entry.findall(f"{_ATOM}author"):
        name = _line(element, f"{_ATOM}name") or ""
        if _AND_OTHERS.fullmatch(name):
            and_others = True
            continue
        affiliation = "; ".join(filter(None, map(_one_line, element.findall(f"{_ARXIV}affiliation"))))
        line = parse_author_line(name)
        and_others = and_others or line.and_others
        authors.extend(replace(author, affiliation=affiliation or author.affiliation) for author in line.authors)
    return AuthorLine(tuple(authors), and_others)


def _categories(entry: Element) -> Iterator[str]:
    """The primary category and then the others; feeds also carry ACM and MSC classes, which are no categories."""
    codes: list[str] = []
    for element in entry:
        scheme = element.get("scheme") or ""
        if element.tag == f"{_ARXIV}primary_category":
            codes.insert(0, element.get("term") or "")
        elif element.tag == f"{_ATOM}category" and scheme == "http://arxiv.org/schemas/atom":
            codes.append(element.get("term") or "")
    yield from dict.fromkeys(code for code in codes if _CODE.fullmatch(code))


def _moment(entry: Element, name: str) -> datetime:
    text = _line(entry, f"{_ATOM}{name}") or ""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _Unreadable(f"its date of being {name}, {text[:40]!r}, cannot be read") from error


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _line(element: Element, path: str) -> str | None:
    return _one_line(element.find(path))


def _text(element: Element | None) -> str:
    return "" if element is None else _CONTROL.sub("", "".join(str(piece) for piece in element.itertext()))


def _one_line(element: Element | None) -> str | None:
    return " ".join(_text(element).split()) or None


def _paragraphs(element: Element | None) -> str | None:
    """Paragraphs joined by an empty line; one begins with two spaces or after an empty line."""
    pieces = re.split(r"\n(?=  )|\n\s*\n", _text(element))
    return "\n\n".join(filter(None, (" ".join(piece.split()) for piece in pieces))) or None

"""Pure reading of arXiv's OAI-PMH answers: bytes in, frozen values out, nothing but typed errors raised.

The metadata formats `arXivRaw`, `arXiv` and `oai_dc` are told apart by namespace. Whatever is wrong with one record
stays with that record: it is answered as rejected, with its bytes and a reason, beside the records that could be read.
"""

import contextlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from works.arxiv.dublin_core import categories_of_sets, sort_identifiers, split_creator
from works.arxiv.errors import BadArgument, BadResumptionToken, MalformedResponse, NoRecordsMatch, OaiError
from works.arxiv.records import (
    ARXIV_ID,
    Byline,
    HeaderPage,
    NameInParts,
    NamesInParts,
    ParsedPage,
    ParsedRecord,
    ParsedVersion,
    PrintedLine,
    RejectedRecord,
    RepositoryIdentity,
)
from works.arxiv.texts import mail_date, one_line, paragraphs
from works.arxiv.xml_page import Element, local_name, local_part, read_document, recover_document

OAI_NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
RAW_NAMESPACE = "http://arxiv.org/OAI/arXivRaw/"
ARXIV_NAMESPACE = "http://arxiv.org/OAI/arXiv/"
DC_NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"

_OAI = f"{{{OAI_NAMESPACE}}}"
_IDENTIFIER_PREFIX = "oai:arXiv.org:"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_REMEMBERED_DAYS = 4_000  # neighbouring records share theirs
_WITHDRAWN_SOURCE = "I"
_ERRORS: dict[str, type[OaiError]] = {
    "badResumptionToken": BadResumptionToken,
    "noRecordsMatch": NoRecordsMatch,
    "badArgument": BadArgument,
}


class _Unreadable(Exception):
    """Carries, in plain words, why one record cannot be read."""


def parse_list_records(body: bytes) -> ParsedPage:
    """Read one ListRecords (or GetRecord) answer.

    Raises MalformedResponse when the body is no such answer, OaiError and its subclasses when it is an OAI error.
    """
    root, rejected = _read_page(body)
    container = _answer(root, "ListRecords", "GetRecord")
    records: list[ParsedRecord] = []
    deleted: list[str] = []
    token: str | None = None
    list_size: int | None = None
    for element in container:
        if element.tag == f"{_OAI}resumptionToken":
            token, list_size = (element.text or "").strip() or None, _list_size(element)
        elif element.tag == f"{_OAI}record":
            _read_record_into(element, records, rejected, deleted)
    return ParsedPage(tuple(records), tuple(rejected), token, _response_date(root), tuple(deleted), list_size)


def parse_list_identifiers(body: bytes) -> HeaderPage:
    """Read one ListIdentifiers answer; raises MalformedResponse, even for a single header, or OaiError."""
    present: list[str] = []
    deleted: list[str] = []
    datestamps: list[date] = []
    token: str | None = None
    list_size: int | None = None
    for element in _answer(read_document(body), "ListIdentifiers"):
        if element.tag == f"{_OAI}resumptionToken":
            token, list_size = (element.text or "").strip() or None, _list_size(element)
        elif element.tag == f"{_OAI}header":
            try:
                fields = _Fields(element)
                arxiv_id = _arxiv_id(fields.line("identifier") or "")
                datestamps.append(_day(fields.line("datestamp") or "", "datestamp"))
            except _Unreadable as error:
                raise MalformedResponse(f"a header cannot be read: {error}") from error
            (deleted if element.get("status") == "deleted" else present).append(arxiv_id)
    return HeaderPage(tuple(present), tuple(deleted), tuple(datestamps), token, list_size)


def parse_identify(body: bytes) -> RepositoryIdentity:
    """Read an Identify answer; raises MalformedResponse or OaiError."""
    answer = _answer(read_document(body), "Identify")
    said = {local_name(element): _one_line(element) or "" for element in answer}
    try:
        earliest = _day(said.get("earliestDatestamp", "")[:10], "earliest datestamp")
    except _Unreadable as error:
        raise MalformedResponse(str(error)) from error
    return RepositoryIdentity(
        name=said.get("repositoryName", ""),
        base_url=said.get("baseURL", ""),
        earliest_datestamp=earliest,
        granularity=said.get("granularity", ""),
        deleted_record=said.get("deletedRecord", ""),
    )


def _read_page(body: bytes) -> tuple[Element, list[RejectedRecord]]:
    """The page's tree; when a record makes it ill-formed, the tree without that record, and the record."""
    try:
        return read_document(body), []
    except MalformedResponse:
        root, broken = recover_document(body)
    reason = "its XML is not well-formed"
    return root, [RejectedRecord(_identifier_in(raw), raw, reason) for raw in broken]


def _answer(root: Element, *verbs: str) -> Element:
    if root.tag != f"{_OAI}OAI-PMH":
        raise MalformedResponse(f"the body is <{local_name(root)}>, not an OAI-PMH answer")
    for element in root:
        if element.tag == f"{_OAI}error":
            code = element.get("code", "").strip() or "unknown"
            raise _ERRORS.get(code, OaiError)(code, _one_line(element) or "")
        if element.tag in {f"{_OAI}{verb}" for verb in verbs}:
            return element
    raise MalformedResponse(f"the answer holds no {verbs[0]}")


def _read_record_into(
    element: Element, records: list[ParsedRecord], rejected: list[RejectedRecord], deleted: list[str]
) -> None:
    parts = _Fields(element)
    header = _read_header(parts.element("header"))
    try:
        if header is None:
            raise _Unreadable("it has no header")
        if header.deleted:
            deleted.append(_arxiv_id(header.identifier))
        else:
            records.append(_record(parts.element("metadata"), header))
    except _Unreadable as problem:
        raw = bytes(etree.tostring(element, encoding="utf-8", with_tail=False))
        rejected.append(RejectedRecord("" if header is None else header.identifier, raw, str(problem)))


class _Header(NamedTuple):
    """What a record's header says, as printed: `datestamp` is not known to be a date yet."""

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    deleted: bool


def _read_header(element: Element | None) -> _Header | None:
    if element is None:
        return None
    said: dict[str, str] = {}
    sets = []
    for part in element:
        name, line = local_part(part.tag), _one_line(part) or ""
        if name != "setSpec":
            said.setdefault(name, line)
        elif line:
            sets.append(line)
    deleted = element.get("status") == "deleted"
    return _Header(said.get("identifier", ""), said.get("datestamp", ""), tuple(sets), deleted)


def _record(metadata: Element | None, header: _Header) -> ParsedRecord:
    payload = None if metadata is None else next(iter(metadata), None)
    if payload is None:
        raise _Unreadable("it has no metadata")
    read_fields = _READERS.get(str(payload.tag))
    if read_fields is None:
        raise _Unreadable(f"its metadata is in a format that is not read here: {payload.tag}")
    record = read_fields(_Fields(payload), header)
    if header.identifier.removeprefix(_IDENTIFIER_PREFIX) != record.arxiv_id:
        raise _Unreadable(f"its header says {header.identifier}, its metadata {record.arxiv_id}")
    return record


class _Fields:
    """The children of one metadata element by local name; the first of a repeated one counts."""

    def __init__(self, payload: Element) -> None:
        self.payload = payload
        self._first: dict[str, Element] = {}
        for element in payload:
            self._first.setdefault(local_part(element.tag), element)

    def element(self, name: str) -> Element | None:
        return self._first.get(name)

    def line(self, name: str) -> str | None:
        """The field on one line, None when it is missing or empty."""
        return _one_line(self._first.get(name))

    def elements(self, name: str) -> list[Element]:
        """Every element of that name, in order."""
        return [element for element in self.payload if local_part(element.tag) == name]

    def lines(self, name: str) -> list[str]:
        """Every one that is not empty, each on one line."""
        return [line for element in self.elements(name) if (line := _one_line(element))]

    def required_line(self, name: str) -> str:
        value = self.line(name)
        if value is None:
            raise _Unreadable(f"it has no {name}")
        return value


def _raw_record(fields: _Fields, header: _Header) -> ParsedRecord:
    versions = _versions(fields)
    return _assemble(
        fields,
        header,
        byline=PrintedLine(fields.line("authors") or ""),
        versions=versions,
        current_version_at=versions[-1].submitted_at,
    )


def _arxiv_record(fields: _Fields, header: _Header) -> ParsedRecord:
    created = _day(fields.line("created") or "", "creation date")
    return _assemble(
        fields,
        header,
        byline=_names_in_parts(fields.element("authors")),
        versions=(),
        current_version_at=datetime.combine(created, time(), UTC),
    )


def _dublin_core_record(fields: _Fields, header: _Header) -> ParsedRecord:
    identifiers = sort_identifiers(fields.lines("identifier"))
    days = [_day(line, "date") for line in fields.lines("date")] or [_day("", "date")]
    descriptions = fields.elements("description")
    return ParsedRecord(
        arxiv_id=_arxiv_id(identifiers.arxiv_id or ""),
        datestamp=_day(header.datestamp, "datestamp"),
        title=fields.required_line("title"),
        abstract=_paragraphs(descriptions[0]) if descriptions else None,
        byline=NamesInParts(tuple(NameInParts(*split_creator(line), "") for line in fields.lines("creator"))),
        categories=categories_of_sets(header.sets),
        versions=(),
        current_version_at=datetime.combine(days[-1], time(), UTC),
        submitter=None,
        comments=_one_line(descriptions[1]) if len(descriptions) > 1 else None,
        journal_ref=identifiers.journal_ref,
        doi=identifiers.doi,
        report_no=None,
        license=None,
        withdrawn=False,
        sets=header.sets,
        first_submitted_on=days[0],
        summary=True,
    )


_READERS: dict[str, Callable[[_Fields, _Header], ParsedRecord]] = {
    f"{{{RAW_NAMESPACE}}}arXivRaw": _raw_record,
    f"{{{ARXIV_NAMESPACE}}}arXiv": _arxiv_record,
    f"{{{DC_NAMESPACE}}}dc": _dublin_core_record,
}


def _assemble(
    fields: _Fields,
    header: _Header,
    *,
    byline: Byline,
    versions: tuple[ParsedVersion, ...],
    current_version_at: datetime,
) -> ParsedRecord:
    """Add what both formats say alike; `<acm-class>` is left out because it carries the MSC value by mistake."""
    return ParsedRecord(
        arxiv_id=_arxiv_id(fields.required_line("id")),
        datestamp=_day(header.datestamp, "datestamp"),
        title=fields.required_line("title"),
        abstract=_paragraphs(fields.element("abstract")),
        byline=byline,
        categories=tuple(dict.fromkeys((fields.line("categories") or "").split())),
        versions=versions,
        current_version_at=current_version_at,
        submitter=fields.line("submitter"),
        comments=fields.line("comments"),
        journal_ref=fields.line("journal-ref"),
        doi=fields.line("doi"),
        report_no=fields.line("report-no"),
        license=fields.line("license"),
        withdrawn=bool(versions) and versions[-1].source_type == _WITHDRAWN_SOURCE,
        sets=header.sets,
    )


def _list_size(token: Element) -> int | None:
    size = token.get("completeListSize", "")
    return int(size) if re.fullmatch(r"[0-9]{1,9}", size, re.ASCII) else None


def _versions(fields: _Fields) -> tuple[ParsedVersion, ...]:
    """Every version in order of its number; arXiv lists them in order, but nothing in the format says so."""
    by_number = {}
    for element in fields.elements("version"):
        version = _version(element)
        by_number[version.number] = version
    if not by_number:
        raise _Unreadable("it names no version")
    return tuple(by_number[number] for number in sorted(by_number))


def _version(element: Element) -> ParsedVersion:
    label = element.get("version", "")
    number = re.fullmatch(r"v([1-9][0-9]{0,3})", label)
    if number is None:
        raise _Unreadable(f"a version is called {label[:40]!r}")
    fields = _Fields(element)
    return ParsedVersion(
        number=int(number[1]),
        submitted_at=_mail_date(fields.line("date") or ""),
        size=fields.line("size") or "",
        source_type=fields.line("source_type") or "",
    )


def _names_in_parts(authors: Element | None) -> NamesInParts:
    return NamesInParts(() if authors is None else tuple(map(_name_in_parts, authors)))


def _name_in_parts(author: Element) -> NameInParts:
    """One `<author>`; of a repeated part the first counts, but for affiliations, which are joined."""
    parts = {"keyname": "", "forenames": "", "suffix": "", "affiliation": ""}
    for element in author:
        name, line = local_part(element.tag), _one_line(element)
        if not line or name not in parts:
            continue
        if not parts[name]:
            parts[name] = line
        elif name == "affiliation":
            parts[name] += f"; {line}"
    return NameInParts(**parts)


def _arxiv_id(text: str) -> str:
    """The bare arXiv id in an identifier such as `oai:arXiv.org:hep-th/9901001`."""
    arxiv_id = text.removeprefix(_IDENTIFIER_PREFIX)
    if ARXIV_ID.fullmatch(arxiv_id) is None:
        raise _Unreadable(f"{text[:80]!r} is not an arXiv identifier")
    return arxiv_id


def _identifier_in(raw: bytes) -> str:
    found = re.search(rb"<identifier>\s*([^<\s]{1,200})\s*</identifier>", raw)
    return "" if found is None else found[1].decode("utf-8", errors="replace")


@lru_cache(_REMEMBERED_DAYS)
def _day(text: str, what: str) -> date:
    with contextlib.suppress(ValueError):
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    raise _Unreadable(f"its {what} {text[:40]!r} is not a date")


def _mail_date(text: str) -> datetime:
    try:
        return mail_date(text)
    except ValueError as error:
        raise _Unreadable(f"the version date {text[:60]!r} cannot be read") from error


def _response_date(root: Element) -> datetime | None:
    text = _one_line(root.find(f"{_OAI}responseDate")) or ""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(element: Element) -> str:
    # An element without children, nearly every one, holds its whole text in one piece.
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def _one_line(element: Element | None) -> str | None:
    return None if element is None else one_line(_text(element))


def _paragraphs(element: Element | None) -> str | None:
    return None if element is None else paragraphs(_text(element))

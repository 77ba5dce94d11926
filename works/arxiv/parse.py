"""Pure reading of arXiv's OAI-PMH answers: bytes in, frozen values out, nothing but typed errors raised.

The metadata formats `arXivRaw`, `arXiv` and `oai_dc` are told apart by namespace. Whatever is wrong with one record
stays with that record: it is answered as rejected, with its bytes and a reason, beside the records that could be read.
"""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time

from lxml import etree

from works.arxiv.author_line import parse_author_line, parse_keyname_author
from works.arxiv.dublin_core import categories_of_sets, sort_identifiers, split_creator
from works.arxiv.errors import BadArgument, BadResumptionToken, MalformedResponse, NoRecordsMatch, OaiError
from works.arxiv.records import (
    ARXIV_ID,
    HeaderPage,
    ParsedAuthor,
    ParsedPage,
    ParsedRecord,
    ParsedVersion,
    RejectedRecord,
    RepositoryIdentity,
)
from works.arxiv.texts import mail_date, one_line, paragraphs
from works.arxiv.xml_page import Element, child_elements, local_name, read_document, recover_document

OAI_NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
RAW_NAMESPACE = "http://arxiv.org/OAI/arXivRaw/"
ARXIV_NAMESPACE = "http://arxiv.org/OAI/arXiv/"
DC_NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"

_OAI = f"{{{OAI_NAMESPACE}}}"
_IDENTIFIER_PREFIX = "oai:arXiv.org:"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
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
    for element in child_elements(container):
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
    for element in child_elements(_answer(read_document(body), "ListIdentifiers")):
        if element.tag == f"{_OAI}resumptionToken":
            token, list_size = (element.text or "").strip() or None, _list_size(element)
        elif element.tag == f"{_OAI}header":
            try:
                arxiv_id = _arxiv_id(_one_line(element.find(f"{_OAI}identifier")) or "")
                datestamps.append(_datestamp(element))
            except _Unreadable as error:
                raise MalformedResponse(f"a header cannot be read: {error}") from error
            (deleted if element.get("status") == "deleted" else present).append(arxiv_id)
    return HeaderPage(tuple(present), tuple(deleted), tuple(datestamps), token, list_size)


def parse_identify(body: bytes) -> RepositoryIdentity:
    """Read an Identify answer; raises MalformedResponse or OaiError."""
    answer = _answer(read_document(body), "Identify")
    said = {local_name(element): _one_line(element) or "" for element in child_elements(answer)}
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
    for element in child_elements(root):
        if element.tag == f"{_OAI}error":
            code = element.get("code", "").strip() or "unknown"
            raise _ERRORS.get(code, OaiError)(code, _one_line(element) or "")
        if element.tag in {f"{_OAI}{verb}" for verb in verbs}:
            return element
    raise MalformedResponse(f"the answer holds no {verbs[0]}")


def _read_record_into(
    element: Element, records: list[ParsedRecord], rejected: list[RejectedRecord], deleted: list[str]
) -> None:
    header = element.find(f"{_OAI}header")
    identifier = "" if header is None else _one_line(header.find(f"{_OAI}identifier")) or ""
    try:
        if header is None:
            raise _Unreadable("it has no header")
        if header.get("status") == "deleted":
            deleted.append(_arxiv_id(identifier))
        else:
            records.append(_record(element, header, identifier))
    except _Unreadable as problem:
        raw = bytes(etree.tostring(element, encoding="utf-8", with_tail=False))
        rejected.append(RejectedRecord(identifier, raw, str(problem)))


def _record(element: Element, header: Element, identifier: str) -> ParsedRecord:
    metadata = element.find(f"{_OAI}metadata")
    payload = None if metadata is None else next(child_elements(metadata), None)
    if payload is None:
        raise _Unreadable("it has no metadata")
    read_fields = _READERS.get(str(payload.tag))
    if read_fields is None:
        raise _Unreadable(f"its metadata is in a format that is not read here: {payload.tag}")
    record = read_fields(_Fields(payload), header)
    if record.arxiv_id != _arxiv_id(identifier):
        raise _Unreadable(f"its header says {identifier}, its metadata {record.arxiv_id}")
    return record


class _Fields:
    """The children of one metadata element by local name; the first of a repeated one counts."""

    def __init__(self, payload: Element) -> None:
        self.payload = payload
        self._first: dict[str, Element] = {}
        for element in child_elements(payload):
            self._first.setdefault(local_name(element), element)

    def element(self, name: str) -> Element | None:
        return self._first.get(name)

    def line(self, name: str) -> str | None:
        """The field on one line, None when it is missing or empty."""
        return _one_line(self._first.get(name))

    def elements(self, name: str) -> list[Element]:
        """Every element of that name, in order."""
        return [element for element in child_elements(self.payload) if local_name(element) == name]

    def lines(self, name: str) -> list[str]:
        """Every one that is not empty, each on one line."""
        return [line for element in self.elements(name) if (line := _one_line(element))]

    def required_line(self, name: str) -> str:
        value = self.line(name)
        if value is None:
            raise _Unreadable(f"it has no {name}")
        return value


def _raw_record(fields: _Fields, header: Element) -> ParsedRecord:
    line = fields.line("authors") or ""
    parsed_line = parse_author_line(line)
    versions = _versions(fields.payload)
    return _assemble(
        fields,
        header,
        authors=parsed_line.authors,
        authors_line=line,
        and_others=parsed_line.and_others,
        versions=versions,
        current_version_at=versions[-1].submitted_at,
    )


def _arxiv_record(fields: _Fields, header: Element) -> ParsedRecord:
    authors, and_others = _keyname_authors(fields.element("authors"))
    created = _day(fields.line("created") or "", "creation date")
    return _assemble(
        fields,
        header,
        authors=authors,
        authors_line=", ".join(author.printed_name for author in authors),
        and_others=and_others,
        versions=(),
        current_version_at=datetime.combine(created, time(), UTC),
    )


def _dublin_core_record(fields: _Fields, header: Element) -> ParsedRecord:
    authors, and_others = _read_authors((*split_creator(creator), "") for creator in fields.lines("creator"))
    identifiers = sort_identifiers(fields.lines("identifier"))
    days = [_day(line, "date") for line in fields.lines("date")] or [_day("", "date")]
    descriptions = fields.elements("description")
    sets = tuple(_set_specs(header))
    return ParsedRecord(
        arxiv_id=_arxiv_id(identifiers.arxiv_id or ""),
        datestamp=_datestamp(header),
        title=fields.required_line("title"),
        abstract=_paragraphs(descriptions[0]) if descriptions else None,
        authors=authors,
        authors_line=", ".join(author.printed_name for author in authors),
        and_others=and_others,
        categories=categories_of_sets(sets),
        versions=(),
        current_version_at=datetime.combine(days[-1], time(), UTC),
        submitter=None,
        comments=_one_line(descriptions[1]) if len(descriptions) > 1 else None,
        journal_ref=identifiers.journal_ref,
        doi=identifiers.doi,
        report_no=None,
        license=None,
        withdrawn=False,
        sets=sets,
        first_submitted_on=days[0],
        summary=True,
    )


_READERS: dict[str, Callable[[_Fields, Element], ParsedRecord]] = {
    f"{{{RAW_NAMESPACE}}}arXivRaw": _raw_record,
    f"{{{ARXIV_NAMESPACE}}}arXiv": _arxiv_record,
    f"{{{DC_NAMESPACE}}}dc": _dublin_core_record,
}


def _assemble(
    fields: _Fields,
    header: Element,
    *,
    authors: tuple[ParsedAuthor, ...],
    authors_line: str,
    and_others: bool,
    versions: tuple[ParsedVersion, ...],
    current_version_at: datetime,
) -> ParsedRecord:
    """Add what both formats say alike; `<acm-class>` is left out because it carries the MSC value by mistake."""
    return ParsedRecord(
        arxiv_id=_arxiv_id(fields.required_line("id")),
        datestamp=_datestamp(header),
        title=fields.required_line("title"),
        abstract=_paragraphs(fields.element("abstract")),
        authors=authors,
        authors_line=authors_line,
        and_others=and_others,
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
        sets=tuple(_set_specs(header)),
    )


def _datestamp(header: Element) -> date:
    return _day(_one_line(header.find(f"{_OAI}datestamp")) or "", "datestamp")


def _list_size(token: Element) -> int | None:
    size = token.get("completeListSize", "")
    return int(size) if re.fullmatch(r"[0-9]{1,9}", size, re.ASCII) else None


def _set_specs(header: Element) -> Iterator[str]:
    for element in header.findall(f"{_OAI}setSpec"):
        if spec := _one_line(element):
            yield spec


def _versions(payload: Element) -> tuple[ParsedVersion, ...]:
    """Every version in order of its number; arXiv lists them in order, but nothing in the format says so."""
    by_number = {}
    for element in child_elements(payload):
        if local_name(element) == "version":
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


def _keyname_authors(element: Element | None) -> tuple[tuple[ParsedAuthor, ...], bool]:
    authors = () if element is None else child_elements(element)
    parts = ((_Fields(author), _affiliations(author)) for author in authors)
    return _read_authors(
        (part.line("keyname") or "", part.line("forenames") or "", part.line("suffix") or "", affiliation)
        for part, affiliation in parts
    )


def _read_authors(names: Iterable[tuple[str, str, str, str]]) -> tuple[tuple[ParsedAuthor, ...], bool]:
    """Authors from (keyname, forenames, suffix, affiliation), and whether there are others."""
    authors: list[ParsedAuthor] = []
    and_others = False
    for keyname, forenames, suffix, affiliation in names:
        if re.fullmatch(r"et\.? al\.?|others", f"{forenames} {keyname}".strip(), re.IGNORECASE):
            and_others = True
        elif forenames or keyname:
            authors.extend(parse_keyname_author(forenames, keyname, suffix, affiliation))
    return tuple(authors), and_others


def _affiliations(author: Element) -> str:
    lines = (_one_line(child) for child in child_elements(author) if local_name(child) == "affiliation")
    return "; ".join(filter(None, lines))


def _arxiv_id(text: str) -> str:
    """The bare arXiv id in an identifier such as `oai:arXiv.org:hep-th/9901001`."""
    arxiv_id = text.removeprefix(_IDENTIFIER_PREFIX)
    if ARXIV_ID.fullmatch(arxiv_id) is None:
        raise _Unreadable(f"{text[:80]!r} is not an arXiv identifier")
    return arxiv_id


def _identifier_in(raw: bytes) -> str:
    found = re.search(rb"<identifier>\s*([^<\s]{1,200})\s*</identifier>", raw)
    return "" if found is None else found[1].decode("utf-8", errors="replace")


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


def _text(element: Element | None) -> str:
    if element is None:
        return ""
    # An element without children, nearly every one, holds its whole text in one piece.
    return "".join(map(str, element.itertext())) if len(element) else str(element.text or "")


def _one_line(element: Element | None) -> str | None:
    return one_line(_text(element))


def _paragraphs(element: Element | None) -> str | None:
    return paragraphs(_text(element))

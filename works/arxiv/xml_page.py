"""From bytes to an XML tree, safely: no entities, no network, no DTD, and repair of what arXiv has got wrong."""

import codecs
import re
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element

from works.arxiv.errors import MalformedResponse

Element = _Element

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_AFTER_RECORDS = re.compile(rb"<resumptionToken|</ListRecords|</GetRecord")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHARACTER_REFERENCE = re.compile(r"&#(?:([0-9]{1,8})|x([0-9a-fA-F]{1,6}));")
_PAGE_END = b"</OAI-PMH>"
_WRAPPER = b'<record xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'


def read_document(body: bytes) -> Element:
    """The root of a well-formed document; raises MalformedResponse for anything else, and for any DTD.

    It holds elements only: whoever walks it meets no comment, processing instruction or entity.
    """
    try:
        root = etree.fromstring(body, _parser())
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise MalformedResponse(f"the body is not well-formed XML: {error}") from error
    if root is None or not isinstance(root.tag, str):
        raise MalformedResponse("the body holds no element")
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # not in the stubs
        raise MalformedResponse("the body declares a document type, which OAI-PMH answers never do")
    return root


def recover_document(body: bytes) -> tuple[Element, list[bytes]]:
    """The root of a page that is not well-formed, without the records that made it so, and those records' bytes.

    Tries in order: leaving out characters that XML forbids and reading stray bytes as Windows-1252, then leaving
    out each record that is not well-formed by itself. A page whose end is missing is truncated and never
    recovered: what is left of it would pass for the whole.
    """
    if _PAGE_END not in body[-200:]:
        raise MalformedResponse("the body is truncated or is not an OAI-PMH answer")
    cleaned = _cleaned(body)
    try:
        return read_document(cleaned), []
    except MalformedResponse:
        kept, broken = _without_broken_records(cleaned)
    return read_document(kept), broken


def local_name(element: Element) -> str:
    return local_part(str(element.tag))


@lru_cache(200)
def local_part(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def _parser() -> etree.XMLParser:
    """A parser of its own per page: cheap beside the page, and shares no dictionary between threads.

    `huge_tree` stays off: libxml2's limits (depth 256, a text of 10 MB) are far above any real record and
    stop hostile ones.
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", errors="replace"), error.end


codecs.register_error("bzpeer.windows-1252", _windows_1252)


def _cleaned(body: bytes) -> bytes:
    text = body.decode("utf-8-sig", errors="bzpeer.windows-1252")
    text = _DECLARATION.sub("", text)
    text = _NOT_XML.sub("", text)
    return _CHARACTER_REFERENCE.sub(_legal_reference, text).encode()


def _legal_reference(reference: re.Match[str]) -> str:
    point = int(reference[1]) if reference[1] else int(reference[2], 16)
    legal = point <= 0x10FFFF and _NOT_XML.match(chr(point)) is None
    return reference[0] if legal else ""


def _without_broken_records(page: bytes) -> tuple[bytes, list[bytes]]:
    """Cut at each `<record>`, so that a record that lost its end tag cannot take its neighbour along."""
    head, *pieces = page.split(b"<record>")
    kept, broken = [head], []
    for piece in pieces:
        inside, after = _split_record(piece)
        if _is_well_formed(_WRAPPER + inside):
            kept.append(b"<record>" + inside)
        else:
            broken.append(b"<record>" + inside)
        kept.append(after)
    return b"".join(kept), broken


def _split_record(piece: bytes) -> tuple[bytes, bytes]:
    inside, end_tag, after = piece.partition(b"</record>")
    if end_tag:
        return inside + end_tag, after
    rest = _AFTER_RECORDS.search(piece)
    return (piece, b"") if rest is None else (piece[: rest.start()], piece[rest.start() :])


def _is_well_formed(record: bytes) -> bool:
    try:
        read_document(record)
    except MalformedResponse:
        return False
    return True

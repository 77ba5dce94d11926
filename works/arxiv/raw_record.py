"""One record's own bytes: taken out of a page or feed to be kept, and put into one again to be read anew."""

import re

from lxml import etree

from works.arxiv.errors import MalformedResponse
from works.arxiv.xml_page import read_document, recover_document

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_HEAD = (
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    b"<ListRecords>"
)
_TAIL = b"</ListRecords></OAI-PMH>"
_ATOM = "{http://www.w3.org/2005/Atom}"
_FEED_HEAD = b'<feed xmlns="http://www.w3.org/2005/Atom">'
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")


def find_raw_record(body: bytes, arxiv_id: str) -> bytes | None:
    """The bytes of one paper's record in a page, None when the page has none or cannot be read."""
    try:
        root = read_document(body)
    except MalformedResponse:
        try:
            root, _ = recover_document(body)
        except MalformedResponse:
            return None
    wanted = f"oai:arXiv.org:{arxiv_id}"
    for record in root.iter(f"{_OAI}record"):
        identifier = record.find(f"{_OAI}header/{_OAI}identifier")
        if identifier is not None and (identifier.text or "").strip() == wanted:
            return bytes(etree.tostring(record, encoding="utf-8", with_tail=False))
    return None


def find_raw_entry(body: bytes, arxiv_id: str) -> bytes | None:
    """The bytes of one paper's entry in an Atom feed that could be read, None when it has none."""
    for entry in read_document(body).iter(f"{_ATOM}entry"):
        address = (entry.findtext(f"{_ATOM}id") or "").strip()
        if re.search(rf"/{re.escape(arxiv_id)}(v\d+)?$", address, re.ASCII):
            return bytes(etree.tostring(entry, encoding="utf-8", with_tail=False))
    return None


def feed_of_entry(raw: bytes) -> bytes:
    """An Atom feed that holds nothing but this entry."""
    return _FEED_HEAD + _DECLARATION.sub(b"", raw) + b"</feed>"


def page_of_record(raw: bytes) -> bytes:
    """An answer to ListRecords that holds nothing but this record."""
    return _HEAD + _DECLARATION.sub(b"", raw) + _TAIL

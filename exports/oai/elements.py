"""Records as XML elements, in the formats that are offered."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from exports.addresses import absolute, doi_addresses
from exports.citations.records import CitedName, one_line
from exports.oai.queries import Item
from exports.oai.selection import FORMATS
from works.markup import plain_text

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def add(parent: Element, name: str, text: str = "", namespace: str = OAI) -> Element:
    """Add a child with a text on one line, free of what XML forbids."""
    child = etree.SubElement(parent, f"{{{namespace}}}{name}")
    if text:
        child.text = one_line(text)
    return child


def add_header(parent: Element, item: Item) -> None:
    """Add the header of a record; the identifier is arXiv's own, for the item is arXiv's."""
    header = add(parent, "header")
    if item.work.hidden:
        header.set("status", "deleted")
    add(header, "identifier", f"oai:arXiv.org:{item.work.arxiv_id}")
    add(header, "datestamp", in_days(item.work.changed_at))
    for topic in item.topics:
        add(header, "setSpec", topic.code)


def add_record(parent: Element, item: Item, prefix: str) -> None:
    """Add a record in a metadata format, of a hidden work only its header."""
    record = add(parent, "record")
    add_header(record, item)
    if item.work.hidden:
        return
    metadata = add(record, "metadata")
    (add_dublin_core if prefix == "oai_dc" else add_arxiv)(metadata, item)


def add_dublin_core(metadata: Element, item: Item) -> None:
    """Add unqualified Dublin Core, formulas as readable characters."""
    root = payload(metadata, "dc", "oai_dc", {"oai_dc": FORMATS["oai_dc"][0], "dc": DC})
    for name, value in dublin_core(item):
        add(root, name, value, DC)


def dublin_core(item: Item) -> Iterator[tuple[str, str]]:
    """Yield the elements of a work."""
    work = item.work
    yield "title", plain_text(work.title)
    yield from (("creator", name.inverted) for name in item.names)
    yield from (("subject", topic.name) for topic in item.topics)
    if work.abstract:
        yield "description", plain_text(work.abstract)
    yield "publisher", "arXiv"
    yield "date", (work.first_submitted_at or work.current_version_at).date().isoformat()
    yield "type", "text"
    yield "identifier", work.arxiv_url
    yield from (("identifier", address) for address in doi_addresses(work.doi))
    yield "relation", absolute(work.get_absolute_url())
    if work.license:
        yield "rights", work.license


def add_arxiv(metadata: Element, item: Item) -> None:
    """Add arXiv's own format, texts with their TeX."""
    namespace, work = FORMATS["arXiv"][0], item.work
    root = payload(metadata, "arXiv", "arXiv", {None: namespace})
    add(root, "id", work.arxiv_id, namespace)
    add(root, "created", work.current_version_at.date().isoformat(), namespace)
    authors = add(root, "authors", "", namespace)
    for name in item.names:
        add_author(authors, name, namespace)
    fields = {
        "title": work.title,
        "categories": " ".join(topic.code for topic in item.topics),
        "comments": work.comments,
        "journal-ref": work.journal_ref,
        "doi": work.doi,
        "report-no": work.report_no,
        "license": work.license,
        "abstract": work.abstract,
    }
    for field, value in fields.items():
        if value:
            add(root, field, value, namespace)


def add_author(authors: Element, name: CitedName, namespace: str) -> None:
    """Add a name as arXiv takes it apart."""
    author = add(authors, "author", "", namespace)
    parts = {"keyname": name.full_family, "forenames": name.given, "suffix": name.suffix}
    for part, value in parts.items():
        if value:
            add(author, part, value, namespace)


def payload(metadata: Element, name: str, prefix: str, namespaces: dict[Any, str]) -> Element:
    """Add the root of a metadata format, with where its schema lies."""
    namespace, schema = FORMATS[prefix]
    root = etree.SubElement(metadata, f"{{{namespace}}}{name}", nsmap={"xsi": XSI} | namespaces)
    root.set(f"{{{XSI}}}schemaLocation", f"{namespace} {schema}")
    return root


def in_days(moment: datetime) -> str:
    """Write the day of a moment, UTC, which is how fine datestamps are."""
    return moment.astimezone(UTC).date().isoformat()


def in_seconds(moment: datetime) -> str:
    """Write a moment as the protocol does."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

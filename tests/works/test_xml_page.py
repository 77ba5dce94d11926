"""Pages that are not what they should be: hostile ones are refused, damaged ones lose only what is damaged."""

import pytest

from tests.works.oai_pages import RAW_RECORD, page, raw_record
from works.arxiv.errors import MalformedResponse
from works.arxiv.parse import parse_list_records
from works.arxiv.records import ParsedPage
from works.arxiv.xml_page import local_name, read_document, recover_document

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{}]>'.format(
    "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(8))
)


def read_with_neighbours(record: bytes) -> ParsedPage:
    """Read a page on which this record stands between two good ones."""
    body = page(raw_record("2101.00002"), "<!--here-->", raw_record("2101.00003"))
    read = parse_list_records(body.replace(b"<!--here-->", record))
    assert [good.arxiv_id for good in read.records if good.arxiv_id > "2101.00001"] == [
        "2101.00002",
        "2101.00003",
    ]
    return read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"<",
        b"hello",
        b"<html><body>Rate exceeded.</body></html>",
        b"<OAI-PMH></OAI-PMH>",
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"></OAI-PMH>',
        b"\xff\xfe\x00\x01",
        b"</OAI-PMH>",
        b"\x00" * 50 + b"</OAI-PMH>",
        b"<!-- nothing --></OAI-PMH>",
        b'<?xml version="1.0" encoding="nonsense-8"?><OAI-PMH>',
        page(RAW_RECORD).replace(b"openarchives.org/OAI/2.0", b"elsewhere.org/OAI/2.0"),
    ],
)
def test_what_is_no_answer_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedResponse):
        parse_list_records(body)


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE OAI-PMH>",
        '<!DOCTYPE OAI-PMH SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE OAI-PMH [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
        BOMB,
    ],
)
@pytest.mark.parametrize("title", ["Harmless", "&file;", "&i;", "&i;<title>"])
def test_a_document_type_is_refused_and_no_entity_is_read(declaration: str, title: str) -> None:
    with pytest.raises(MalformedResponse):
        parse_list_records(page(raw_record(title=title), declaration=declaration))


def test_very_deep_nesting_is_refused() -> None:
    deep = "<a>" * 5_000 + "</a>" * 5_000
    with pytest.raises(MalformedResponse):
        read_document(deep.encode())
    assert [rejected.reason for rejected in read_with_neighbours(f"<record>{deep}</record>".encode()).rejected] == [
        "its XML is not well-formed"
    ]


def test_a_truncated_page_is_never_mended() -> None:
    body = page(raw_record("2101.00002"), RAW_RECORD)
    with pytest.raises(MalformedResponse, match="truncated"):
        parse_list_records(body[: body.rindex(b"<record>")])


@pytest.mark.parametrize(
    "record",
    [
        RAW_RECORD.replace("</title>", "</tilte>"),
        RAW_RECORD.replace("</record>", ""),
        RAW_RECORD.replace("</metadata>", ""),
        raw_record(title="a < b"),
        raw_record(title="&undefined;"),
        raw_record(title="AT&T"),
    ],
)
def test_a_record_that_is_not_well_formed_is_cut_out_with_its_bytes(record: str) -> None:
    read = read_with_neighbours(record.encode())
    assert len(read.records) == 2
    (rejected,) = read.rejected
    assert rejected.identifier == "oai:arXiv.org:2101.00001"
    assert rejected.reason == "its XML is not well-formed"
    assert rejected.raw.decode().strip() == record.strip()


def test_two_bad_records_and_the_token_survive_each_other() -> None:
    bad = raw_record(title="a < b")
    read = parse_list_records(page(bad, raw_record("2101.00002"), bad.replace("</record>", ""), token="next"))
    assert len(read.rejected) == 2
    assert [record.arxiv_id for record in read.records] == ["2101.00002"]
    assert read.resumption_token == "next"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (b"caf\xe9", "café"),
        (b"it\x92s", "it’s"),
        ("naïve".encode() + b" \xe9t\xe9", "naïve été"),
        (b"a\x0cb\x00c", "abc"),
        (b"a&#0;b&#x1F;c", "abc"),
        (b"a&#xFFFE;&#55555555;b", "ab"),
        (b"caf\xc3\xa9 &#233; &amp;", "café é &"),
        ("a\u0085b".encode(), "ab"),
    ],
)
def test_bytes_that_no_xml_may_hold_are_mended(written: bytes, read_as: str) -> None:
    read = read_with_neighbours(raw_record(title="TITLE").encode().replace(b"TITLE", written))
    assert read.rejected == ()
    assert [record.title for record in read.records if record.arxiv_id == "2101.00001"] == [read_as]


def test_a_byte_order_mark_and_utf_16_are_read() -> None:
    text = page(RAW_RECORD).decode()
    marked = b"\xef\xbb\xbf" + text.encode()
    wide = text.replace("UTF-8", "UTF-16").encode("utf-16")
    for body in (marked, wide):
        assert parse_list_records(body) == parse_list_records(text.encode())


def test_an_encoding_declared_wrongly_is_not_trusted_over_the_bytes() -> None:
    body = page(raw_record(title="Café")).replace(b'"UTF-8"', b'"US-ASCII"')
    assert parse_list_records(body).records[0].title == "Café"


def test_recovering_answers_the_page_without_its_broken_records() -> None:
    root, broken = recover_document(page(RAW_RECORD, raw_record(title="a < b")))
    (container,) = [element for element in root if local_name(element) == "ListRecords"]
    assert len(container) == 1
    assert len(broken) == 1


def test_a_page_broken_outside_its_records_is_malformed() -> None:
    with pytest.raises(MalformedResponse):
        parse_list_records(page(RAW_RECORD).replace(b"</ListRecords>", b"</ListRecord>"))

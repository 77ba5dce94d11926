"""From the bytes of an answer to records: both formats, what is wrong with a page, what is wrong with a record."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings, strategies as st

from tests.factories import authors_of
from tests.works.oai_pages import ARXIV_RECORD, DELETED_RECORD, RAW_RECORD, answer, page, raw_record
from works.arxiv.byline import read_byline
from works.arxiv.errors import (
    ArxivError,
    BadArgument,
    BadResumptionToken,
    MalformedResponse,
    NoRecordsMatch,
    OaiError,
)
from works.arxiv.parse import parse_identify, parse_list_records
from works.arxiv.records import ParsedPage, ParsedRecord, ParsedVersion, PrintedLine

IDENTIFY = """<Identify><repositoryName>arXiv</repositoryName><baseURL>http://localhost/oai</baseURL>
<protocolVersion>2.0</protocolVersion><earliestDatestamp>2005-09-16</earliestDatestamp>
<deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DD</granularity></Identify>"""

WHOLE_PAGE = page(RAW_RECORD, ARXIV_RECORD, DELETED_RECORD, token="next")


def only_record(body: bytes) -> ParsedRecord:
    read = parse_list_records(body)
    assert read.rejected == ()
    (record,) = read.records
    return record


def only_reason(record: str) -> str:
    """Why a record is rejected, when it stands between two good ones that are not."""
    body = page(raw_record("2101.00002"), record, raw_record("2101.00003"))
    read = parse_list_records(body)
    assert [good.arxiv_id for good in read.records] == ["2101.00002", "2101.00003"]
    (rejected,) = read.rejected
    assert rejected.raw.startswith(b"<record")
    return rejected.reason


def test_a_raw_record() -> None:
    record = only_record(page(RAW_RECORD))
    assert record.arxiv_id == "2101.00001"
    assert record.datestamp == date(2021, 2, 3)
    assert record.title == "A title that is broken & long"
    assert record.abstract == "First paragraph goes on.\n\nSecond one.\n\nThird one."
    assert record.categories == ("cs.LG", "math-ph")
    assert record.sets == ("cs:cs:LG", "physics:math-ph")
    assert (record.submitter, record.comments, record.report_no) == ("Ada Uno", "3 pages", "R-1")
    assert (record.journal_ref, record.doi) == ("J. Made Up 1 (2021)", "10.1000/1")
    assert record.license == "http://creativecommons.org/licenses/by/4.0/"
    assert not record.withdrawn


def test_the_authors_of_a_raw_record() -> None:
    record = only_record(page(RAW_RECORD))
    assert [(author.printed_name, author.affiliation) for author in authors_of(record)] == [
        ("A. Uno", "MIT"),
        ("B. Pérez", "CERN"),
    ]
    assert read_byline(record.byline).and_others
    assert record.byline == PrintedLine(r"A. Uno (1), B. P\'erez (2), et al. ((1) MIT, (2) CERN)")


def test_versions_come_in_order_and_in_utc() -> None:
    record = only_record(page(RAW_RECORD))
    assert record.versions == (
        ParsedVersion(1, datetime(2021, 1, 1, 10, tzinfo=UTC), "10kb", "D"),
        ParsedVersion(2, datetime(2021, 2, 2, 0, 2, 3, tzinfo=UTC), "12kb", ""),
    )
    assert record.current_version_at == record.versions[-1].submitted_at


def test_a_last_version_without_source_is_a_withdrawal() -> None:
    withdrawn = RAW_RECORD.replace("<size>12kb</size>", "<size>0kb</size><source_type>I</source_type>")
    assert only_record(page(withdrawn)).withdrawn
    assert not only_record(page(RAW_RECORD.replace(">D<", ">I<"))).withdrawn


def test_a_record_of_the_other_format() -> None:
    record = only_record(page(ARXIV_RECORD))
    assert (record.arxiv_id, record.title, record.abstract) == ("hep-th/9901001", "Of strings", "Short.")
    assert (record.versions, record.withdrawn) == ((), False)
    assert record.current_version_at == datetime(1999, 1, 5, tzinfo=UTC)
    assert read_byline(record.byline).and_others
    jan, collaboration = authors_of(record)
    assert (jan.given, jan.particle, jan.family, jan.suffix) == ("J. P.", "van der", "Meer", "Jr.")
    assert jan.affiliation == "CERN; ETH"
    assert (collaboration.kind, collaboration.family) == ("collaboration", "X Collaboration")


def test_what_a_record_does_not_say_is_none() -> None:
    silent = raw_record(doi="", comments="", report_no="", journal_ref="", license="", submitter="", abstract="")
    record = only_record(page(silent))
    said = (
        record.doi,
        record.comments,
        record.report_no,
        record.journal_ref,
        record.license,
        record.submitter,
    )
    assert said == (None,) * 6
    assert record.abstract is None


def test_an_empty_field_says_nothing() -> None:
    record = only_record(page(raw_record(doi=" ", authors="  ")))
    assert (record.doi, authors_of(record)) == (None, ())


def test_a_page_with_everything() -> None:
    read = parse_list_records(WHOLE_PAGE)
    assert [record.arxiv_id for record in read.records] == ["2101.00001", "hep-th/9901001"]
    assert read.deleted == ("2101.00009",)
    assert read.resumption_token == "next"
    assert read.response_date == datetime(2026, 1, 1, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize("token", [None, "", "  "])
def test_a_missing_or_empty_token_is_the_end(token: str | None) -> None:
    assert parse_list_records(page(RAW_RECORD, token=token)).resumption_token is None


def test_one_record_by_itself() -> None:
    assert only_record(page(RAW_RECORD, verb="GetRecord")).arxiv_id == "2101.00001"


def test_comments_and_unknown_elements_do_not_matter() -> None:
    noisy = RAW_RECORD.replace("<metadata>", "<!-- a note --><?a note?><metadata>").replace(
        "<doi>", "<new-field>x</new-field><doi>"
    )
    assert only_record(page(noisy)) == only_record(page(RAW_RECORD))


def test_a_response_date_that_cannot_be_read_is_unknown() -> None:
    body = page(RAW_RECORD).replace(b"2026-01-01T01:02:03Z", b"yesterday")
    assert parse_list_records(body).response_date is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("badResumptionToken", BadResumptionToken),
        ("noRecordsMatch", NoRecordsMatch),
        ("badArgument", BadArgument),
        ("badVerb", OaiError),
        ("cannotDisseminateFormat", OaiError),
        ("idDoesNotExist", OaiError),
        ("noMetadataFormats", OaiError),
        ("noSetHierarchy", OaiError),
        ("newCode", OaiError),
        ("", OaiError),
    ],
)
def test_each_error_of_the_protocol_has_its_type(code: str, kind: type[OaiError]) -> None:
    with pytest.raises(OaiError) as raised:
        parse_list_records(answer(f'<error code="{code}">so\n it is</error>'))
    assert type(raised.value) is kind
    assert raised.value.code == (code or "unknown")
    assert str(raised.value) == f"{code or 'unknown'}: so it is"


def test_an_error_without_words() -> None:
    with pytest.raises(NoRecordsMatch, match=r"^noRecordsMatch$"):
        parse_identify(answer('<error code="noRecordsMatch"/>'))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (raw_record(title=""), "it has no title"),
        (raw_record(title=" \n "), "it has no title"),
        (raw_record(id=""), "it has no id"),
        (raw_record(datestamp="yesterday"), "its datestamp 'yesterday' is not a date"),
        (raw_record(datestamp="2021-02-31"), "its datestamp '2021-02-31' is not a date"),
        (raw_record(datestamp=""), "its datestamp '' is not a date"),
        (raw_record(id="2101.00007"), "its header says oai:arXiv.org:2101.00001, its metadata 2101.00007"),
        (raw_record("hello"), "'hello' is not an arXiv identifier"),
        (raw_record("2101.00001v2"), "'2101.00001v2' is not an arXiv identifier"),
        (RAW_RECORD.replace('"v1"', '"first"'), "a version is called 'first'"),
        (RAW_RECORD.replace('"v1"', '"v0"'), "a version is called 'v0'"),
        (RAW_RECORD.replace("Fri, 01 Jan", "Fri, 99 Foo"), "cannot be read"),
        (RAW_RECORD.replace("<version ", "<was ").replace("</version>", "</was>"), "it names no version"),
        (RAW_RECORD.replace("OAI/arXivRaw/", "OAI/arXivNew/"), "in a format that is not read here"),
        (ARXIV_RECORD.replace("1999-01-05", "in spring"), "its creation date 'in spring' is not a date"),
        ("<record><metadata/></record>", "it has no header"),
        (DELETED_RECORD.replace(' status="deleted"', ""), "it has no metadata"),
        (DELETED_RECORD.replace("oai:arXiv.org:2101.00009", "x"), "'x' is not an arXiv identifier"),
    ],
)
def test_a_bad_record_is_rejected_alone_and_says_why(record: str, reason: str) -> None:
    assert reason in only_reason(record)


def test_a_rejected_record_keeps_its_bytes_and_its_name() -> None:
    read = parse_list_records(page(raw_record(title="", comments="Ünlike &amp; others"), RAW_RECORD))
    (rejected,) = read.rejected
    assert rejected.identifier == "oai:arXiv.org:2101.00001"
    assert "<comments>Ünlike &amp; others</comments>".encode() in rejected.raw
    assert len(read.records) == 1


def test_identify() -> None:
    identity = parse_identify(answer(IDENTIFY))
    assert (identity.name, identity.base_url) == ("arXiv", "http://localhost/oai")
    assert identity.earliest_datestamp == date(2005, 9, 16)
    assert (identity.granularity, identity.deleted_record) == ("YYYY-MM-DD", "persistent")


def test_identify_takes_a_datestamp_with_a_time_and_no_other_answer() -> None:
    with_time = IDENTIFY.replace("2005-09-16", "2005-09-16T00:00:00Z")
    assert parse_identify(answer(with_time)).earliest_datestamp == date(2005, 9, 16)
    for body in (answer(IDENTIFY.replace("2005-09-16", "long ago")), page(RAW_RECORD), b""):
        with pytest.raises(MalformedResponse):
            parse_identify(body)


def assert_only_typed_errors(body: bytes) -> None:
    with suppress(ArxivError):
        assert isinstance(parse_list_records(body), ParsedPage)


@given(st.binary(max_size=400))
def test_any_bytes_raise_nothing_but_typed_errors(body: bytes) -> None:
    assert_only_typed_errors(body)
    assert_only_typed_errors(body + b"</OAI-PMH>")


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(WHOLE_PAGE)),
            st.integers(0, 40),
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(
                    [
                        b"<",
                        b">",
                        b"&",
                        b"<record>",
                        b"</record>",
                        b"<header>",
                        b"]]>",
                        b"&#0;",
                        b"&x;",
                        b"\xff\xfe",
                    ]
                ),
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=300)
def test_a_page_changed_anywhere_raises_nothing_but_typed_errors(
    changes: list[tuple[int, int, bytes]],
) -> None:
    body = WHOLE_PAGE
    for start, length, inserted in changes:
        body = body[:start] + inserted + body[start + length :]
    assert_only_typed_errors(body)


@given(st.integers(0, len(WHOLE_PAGE.rstrip()) - 1))
def test_a_page_cut_short_anywhere_is_never_taken_for_whole(length: int) -> None:
    with pytest.raises(MalformedResponse):
        parse_list_records(WHOLE_PAGE[:length])

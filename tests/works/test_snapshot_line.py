"""One line of the metadata snapshot: what it says, and that nothing but UnreadableLine comes of anything else."""

import gzip
import json
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies as st

from tests.factories import authors_of
from tests.works.shared_data import FOLDER, needs_shared_data
from works.arxiv.records import ParsedRecord
from works.arxiv.snapshot import LONGEST_LINE_BYTES, UnreadableLine, parse_snapshot_line

PAPER = {
    "id": "hep-th/9901001",
    "submitter": "A. Lovelace",
    "authors": "Ada Lovelace (1), Charles Babbage\n  (2) ((1) London, (2) Cambridge)",
    "title": "On the\n  Engine",
    "comments": None,
    "journal-ref": "J. Eng. 1",
    "doi": None,
    "report-no": "R-1",
    "categories": "hep-th cs.LG hep-th",
    "license": None,
    "abstract": "  It computes.\n  A second paragraph\nof two lines.\n",
    "versions": [
        {"version": "v2", "created": "Tue, 2 Feb 1999 10:00:00 GMT"},
        {"version": "v1", "created": "Fri, 1 Jan 1999 12:30:05 GMT"},
    ],
    "update_date": "2009-01-05",
    "authors_parsed": [["Lovelace", "Ada", ""], ["Babbage", "Charles", ""]],
}


def read(**fields: object) -> ParsedRecord:
    return parse_snapshot_line(json.dumps(PAPER | fields).encode())


def test_a_line_says_what_oai_pmh_would() -> None:
    record = read()
    assert (record.arxiv_id, record.datestamp, record.title) == ("hep-th/9901001", date(2009, 1, 5), "On the Engine")
    assert record.abstract == "It computes.\n\nA second paragraph of two lines."
    assert [(a.family, a.affiliation) for a in authors_of(record)] == [("Lovelace", "London"), ("Babbage", "Cambridge")]
    assert record.categories == ("hep-th", "cs.LG")
    assert [version.number for version in record.versions] == [1, 2]
    assert record.versions[0].submitted_at == datetime(1999, 1, 1, 12, 30, 5, tzinfo=UTC)
    assert record.current_version_at == datetime(1999, 2, 2, 10, tzinfo=UTC)
    assert (record.journal_ref, record.report_no) == ("J. Eng. 1", "R-1")


def test_null_is_not_said() -> None:
    record = read(abstract=None)
    assert (record.comments, record.doi, record.license, record.abstract, record.withdrawn) == (None,) * 5


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": "\xff"}', "not UTF-8"),
        (b"[]", "not an object"),
        (b" " * (LONGEST_LINE_BYTES + 1), "longer than"),
        (b"9" * 5000, "not JSON"),
    ],
)
def test_what_is_no_record_is_told(line: bytes, reason: str) -> None:
    with pytest.raises(UnreadableLine, match=reason):
        parse_snapshot_line(line)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": "x"}, "not an arXiv identifier"),
        ({"id": None}, "no id"),
        ({"title": " \n"}, "no title"),
        ({"title": 3}, "title is not text"),
        ({"update_date": "2009-02-30"}, "not a date"),
        ({"update_date": "20090105"}, "not a date"),
        ({"versions": []}, "no version"),
        ({"versions": {"v1": 1}}, "no version"),
        ({"versions": ["v1"]}, "not an object"),
        ({"versions": [{"version": "one", "created": ""}]}, "called 'one'"),
        ({"versions": [{"version": "v1", "created": "yesterday"}]}, "cannot be read"),
        ({"versions": [{"version": "v1", "created": "Fri, 31 Feb 1999 12:30:05 GMT"}]}, "cannot be read"),
    ],
)
def test_a_field_that_cannot_be_read_rejects_the_line(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(UnreadableLine, match=reason):
        read(**fields)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=5), scalars, max_size=3)
versions = st.lists(st.fixed_dictionaries({"version": values | st.just("v1"), "created": values}), max_size=3)


def is_read_or_told(line: bytes) -> None:
    with suppress(UnreadableLine):
        assert isinstance(parse_snapshot_line(line), ParsedRecord)


@given(st.binary())
def test_any_bytes_are_read_or_told(line: bytes) -> None:
    is_read_or_told(line)


@given(st.dictionaries(st.sampled_from(sorted(PAPER)), values | versions, max_size=6))
def test_any_values_are_read_or_told(fields: dict[str, object]) -> None:
    is_read_or_told(json.dumps(PAPER | fields).encode())


@given(st.text(), st.text())
def test_any_text_in_a_record_is_read_or_told(title: str, authors: str) -> None:
    is_read_or_told(json.dumps(PAPER | {"title": title, "authors": authors, "abstract": title}).encode())


@needs_shared_data
def test_real_lines_are_all_read() -> None:
    with gzip.open(FOLDER / "arxiv" / "snapshot-dev.jsonl.gz", "rb") as lines:
        records = [parse_snapshot_line(line) for _, line in zip(range(2000), lines, strict=False)]
    assert len(records) == 2000
    assert all(authors_of(record) and record.abstract for record in records)

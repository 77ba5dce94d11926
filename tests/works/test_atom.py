"""Reading Atom feeds: what an entry says, what is wrong with one, and any bytes at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, strategies as st

from tests.factories import authors_of
from tests.works.atom_feeds import AFFILIATED, ERROR, entry, feed, recorded
from tests.works.shared_data import needs_shared_data
from works.arxiv.atom import AtomPage, parse_feed
from works.arxiv.byline import read_byline
from works.arxiv.errors import ArxivError, AtomError, MalformedResponse


def test_what_an_entry_says() -> None:
    more = "<arxiv:comment>3  pages</arxiv:comment><arxiv:doi>10.1/x</arxiv:doi>"
    more += "<arxiv:journal_ref>J. 1</arxiv:journal_ref>"
    page = parse_feed(feed(entry(authors=AFFILIATED, more=more), total=41, start=10))
    (record,) = page.records
    assert (page.total, page.start, page.rejected) == (41, 10, ())
    assert (record.arxiv_id, record.title) == ("2001.00001", "On the Engine")
    assert record.abstract == "First paragraph, two lines.\n\nSecond paragraph."
    assert record.categories == ("math.CO", "cs.LG")
    assert [(v.number, v.submitted_at) for v in record.versions] == [
        (1, datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (2, datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)),
    ]
    assert record.current_version_at == record.versions[1].submitted_at
    assert (record.comments, record.doi, record.journal_ref, record.license) == ("3 pages", "10.1/x", "J. 1", None)
    assert [(a.printed_name, a.affiliation, a.kind) for a in authors_of(record)] == [
        ("Ada Lovelace", "Analytical Society; Royal Society", "person"),
        ("LHCb Collaboration", "", "collaboration"),
    ]


@pytest.mark.parametrize("arxiv_id", ["hep-th/9901001v1", "math.AG/0309136v1", "0704.0001v1"])
def test_the_only_version_is_the_current_one(arxiv_id: str) -> None:
    (record,) = parse_feed(feed(entry(arxiv_id))).records
    assert f"{record.arxiv_id}v1" == arxiv_id
    assert [version.submitted_at.year for version in record.versions] == [2021]


def test_an_address_without_a_version_says_nothing_of_versions() -> None:
    (record,) = parse_feed(feed(entry("2001.00001"))).records
    assert (record.versions, record.current_version_at.year) == ((), 2021)


def test_others_are_no_author() -> None:
    authors = "<author><name>Ada Lovelace</name></author><author><name>et al.</name></author>"
    (record,) = parse_feed(feed(entry(authors=authors))).records
    assert ([author.printed_name for author in authors_of(record)], read_byline(record.byline).and_others) == (
        ["Ada Lovelace"],
        True,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        entry("x"),
        entry().replace("2021-03-04T05:06:07Z", "soon"),
        entry().replace("2020-01-02", "2020-13-02"),
        entry().replace("On the\n      Engine", " "),
    ],
)
def test_an_entry_that_cannot_be_read_stands_alone(wrong: str) -> None:
    page = parse_feed(feed(wrong, entry()))
    assert len(page.records) == len(page.rejected) == 1
    assert page.rejected[0].raw.startswith(b"<entry")
    assert page.rejected[0].reason


def test_an_error_of_the_api_is_raised_in_its_words() -> None:
    with pytest.raises(AtomError, match="incorrect id format"):
        parse_feed(ERROR)


@pytest.mark.parametrize(
    "body", [b"", b"<html/>", b"<feed/>", feed(entry())[:-30], b"\xff\xfe", b"<!DOCTYPE x><feed/>"]
)
def test_what_is_no_feed_says_so(body: bytes) -> None:
    with pytest.raises(MalformedResponse):
        parse_feed(body)


@st.composite
def damaged_feeds(draw: st.DrawFn) -> bytes:
    body = bytearray(feed(entry(authors=AFFILIATED), total=1))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        body[start : start + draw(st.integers(0, 40))] = draw(
            st.binary(max_size=8) | st.sampled_from([b"<id>", b"&#0;"])
        )
    return bytes(body)


@given(damaged_feeds() | st.binary(max_size=200))
@example(feed("<entry/>"))
@example(feed(entry(authors="<author/>", more="<author><name>,</name></author>")))
def test_no_bytes_raise_anything_but_typed_errors(body: bytes) -> None:
    try:
        page = parse_feed(body)
    except ArxivError:
        return
    assert isinstance(page, AtomPage)


@needs_shared_data
def test_every_recorded_answer_is_read() -> None:
    pages = {path.name: parse_feed(path.read_bytes()) for path in recorded(200)}
    assert len(pages) == 19
    assert sum(len(page.records) for page in pages.values()) == 221
    assert [page.rejected for page in pages.values() if page.rejected] == []
    (hot_jupiters,) = next(page.records for name, page in pages.items() if "0601001" in name)
    assert [author.affiliation for author in authors_of(hot_jupiters)] == [
        "Ohio State", "Ohio State", "CfA", "Warsaw University Observatory",
    ]  # fmt: skip


@needs_shared_data
def test_the_recorded_refusal_is_an_error() -> None:
    (path,) = recorded(400)
    with pytest.raises(AtomError, match="incorrect id format for abc"):
        parse_feed(path.read_bytes())

"""What arXiv's own server answers, read over all its pages."""

from datetime import date

import pytest

from tests.factories import authors_of
from tests.works.shared_data import OAI_FOLDER, needs_shared_data, oai_pages, oai_records
from works.arxiv.errors import (
    MalformedResponse,
    OaiError,
)
from works.arxiv.parse import parse_identify, parse_list_records


@needs_shared_data
@pytest.mark.parametrize("metadata_prefix", ["arXivRaw", "arXiv", "oai_dc"])
def test_every_real_page_is_read_whole(metadata_prefix: str) -> None:
    pages = [parse_list_records(body) for body in oai_pages(metadata_prefix)]
    assert len(pages) == 5
    assert [len(read.rejected) for read in pages] == [0] * 5
    assert sum(len(read.records) for read in pages) == 503
    assert [read.resumption_token is None for read in pages] == [False] * 4 + [True]
    assert all(read.response_date for read in pages)


@needs_shared_data
def test_real_records_say_the_same_in_both_formats() -> None:
    raw, split = oai_records("arXivRaw"), oai_records("arXiv")
    assert sum(len(record.versions) for record in raw.values()) == 1_026
    for arxiv_id, record in raw.items():
        other = split[arxiv_id]
        assert (record.categories, record.doi, record.sets) == (other.categories, other.doi, other.sets)
        assert record.current_version_at.date() == other.current_version_at.date()


@needs_shared_data
def test_dublin_core_says_what_the_other_formats_say() -> None:
    raw, summary = oai_records("arXivRaw"), oai_records("oai_dc")
    for arxiv_id, record in summary.items():
        full = raw[arxiv_id]
        assert (record.doi, record.sets, record.datestamp) == (full.doi, full.sets, full.datestamp)
        assert record.current_version_at.date() == full.current_version_at.date()
        assert record.first_submitted_on == full.versions[0].submitted_at.date()
        assert (record.comments is None, record.journal_ref is None) == (
            full.comments is None,
            full.journal_ref is None,
        )


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("error_bad_prefix", "cannotDisseminateFormat"),
        ("error_bad_token", "badResumptionToken"),
        ("error_bad_verb", "badVerb"),
        ("error_future", "badArgument"),
        ("error_no_id", "idDoesNotExist"),
        ("error_no_match", "badArgument"),
        ("set_query", "noRecordsMatch"),
    ],
)
def test_real_error_answers(name: str, code: str) -> None:
    with pytest.raises(OaiError) as raised:
        parse_list_records((OAI_FOLDER / f"{name}.xml").read_bytes())
    assert raised.value.code == code


@needs_shared_data
def test_other_real_answers() -> None:
    identity = parse_identify((OAI_FOLDER / "identify.xml").read_bytes())
    assert (identity.name, identity.earliest_datestamp) == ("arXiv", date(2005, 9, 16))
    (lhcb,) = parse_list_records((OAI_FOLDER / "get_record_raw_lhcb.xml").read_bytes()).records
    assert authors_of(lhcb)[0].kind == "collaboration"
    assert len(authors_of(lhcb)) > 500
    for name in ("list_sets", "list_metadata_formats"):
        with pytest.raises(MalformedResponse, match="the answer holds no ListRecords"):
            parse_list_records((OAI_FOLDER / f"{name}.xml").read_bytes())

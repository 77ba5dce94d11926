"""The three formats of one paper: each is read for what it says, and the poorer one spoils nothing of the richer."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.factories import authors_of, import_records, make_author, make_byline, make_record
from tests.works.oai_pages import DUBLIN_CORE_RECORD, page
from tests.works.shared_data import needs_shared_data, oai_records
from works.arxiv.byline import read_byline
from works.arxiv.dublin_core import categories_of_sets, sort_identifiers, split_creator
from works.arxiv.load import load_records
from works.arxiv.parse import parse_list_records
from works.arxiv.records import ParsedRecord
from works.models import Authorship, Work, WorkTopic, WorkVersion

TEXTS = ["title", "abstract", "comments", "journal_ref", "doi", "report_no", "license", "submitter"]


def test_dublin_core_is_read_for_what_it_says() -> None:
    (record,) = parse_list_records(page(DUBLIN_CORE_RECORD)).records
    assert (record.arxiv_id, record.datestamp, record.title) == ("2101.00003", date(2021, 4, 5), "Of strings")
    assert (record.abstract, record.comments) == ("First.\n\nSecond.", "5 pages")
    assert (record.doi, record.journal_ref) == ("10.1000/7", "J. Made Up 7, 1-2 (2021)")
    assert (record.first_submitted_on, record.current_version_at.date()) == (date(2021, 1, 3), date(2021, 3, 4))
    assert record.categories == ("hep-th", "math.MP")
    assert [(author.given, author.family, author.suffix) for author in authors_of(record)] == [
        ("Ada", "Uno", ""),
        ("B.", "Due", "Jr."),
    ]
    assert read_byline(record.byline).and_others
    assert (record.versions, record.submitter, record.license, record.report_no) == ((), None, None, None)


@pytest.mark.parametrize("missing", ["title", "date"])
def test_dublin_core_without_what_a_work_needs_is_rejected(missing: str) -> None:
    broken = DUBLIN_CORE_RECORD.replace(f"dc:{missing}>", "dc:format>")
    read = parse_list_records(page(broken))
    assert (read.records, [missing in rejected.reason for rejected in read.rejected]) == ((), [True])


def test_the_parts_of_dublin_core() -> None:
    assert sort_identifiers([]).arxiv_id is None
    assert sort_identifiers(["doi:", "doi:10.1/a"]).doi == "10.1/a"
    assert split_creator("Collaboration X") == ("Collaboration X", "", "")
    assert categories_of_sets(["cs", "cs:cs:LG", "physics:physics:optics"]) == ("cs.LG", "physics.optics")


def as_poor(record: ParsedRecord, **fields: Any) -> ParsedRecord:
    day = record.current_version_at.replace(hour=0, minute=0, second=0)
    said: dict[str, Any] = {
        "versions": (),
        "current_version_at": day,
        "withdrawn": False,
        "summary": True,
        "categories": ("cs.LG",),
    }
    return replace(record, **{**said, **fields})


@pytest.mark.django_db
def test_a_summary_of_a_new_work_gives_all_it_has() -> None:
    load_records([as_poor(make_record(), first_submitted_on=date(2019, 1, 2))])
    work = Work.objects.get()
    assert work.first_submitted_at == datetime(2019, 1, 2, tzinfo=UTC)
    assert work.current_version is None
    assert WorkTopic.objects.get().topic.code == "cs.LG"


@pytest.mark.django_db
def test_a_summary_of_a_known_work_keeps_times_topics_and_tex() -> None:
    rich = make_record(title=r"The $\top\sigma$", abstract="No TeX", categories=["math.PR", "cs.LG"])
    load_records([rich])
    before = Work.objects.get()
    load_records([as_poor(rich, title="The $\\topσ$", abstract="Put right", first_submitted_on=date(2020, 3, 1))])
    work = Work.objects.get()
    assert (work.title, work.abstract) == (rich.title, "Put right")
    assert (work.first_submitted_at, work.current_version) == (before.first_submitted_at, 1)
    assert list(work.work_topics.values_list("topic__code", flat=True)) == ["math.PR", "cs.LG"]


@pytest.mark.django_db
def test_a_newer_version_without_a_number_takes_the_old_number_away() -> None:
    rich = make_record(title=r"Old $\alpha$", withdrawn=True, doi="10.1000/1")
    load_records([rich])
    later = datetime(2022, 5, 1, tzinfo=UTC)
    load_records([as_poor(rich, title="New $α$", current_version_at=later, doi=None)])
    work = Work.objects.get()
    assert (work.title, work.current_version, work.current_version_at) == ("New $α$", None, later)
    assert (work.withdrawn, work.doi, WorkVersion.objects.count()) == (True, "10.1000/1", 1)
    newest = make_record(arxiv_id=rich.arxiv_id, versions=(*rich.versions, replace(rich.versions[0], number=2)))
    load_records([newest])
    assert Work.objects.get().current_version == 2


def state() -> dict[str, dict[str, Any]]:
    """Everything known of each work that another format could spoil."""
    known: dict[str, dict[str, Any]] = {
        work.arxiv_id: {name: getattr(work, name) for name in TEXTS} | {
            "version": work.current_version, "at": work.current_version_at, "first": work.first_submitted_at,
            "withdrawn": work.withdrawn, "topics": [], "people": [],
        }
        for work in Work.objects.all()
    }  # fmt: skip
    for code, work in WorkTopic.objects.order_by("position").values_list("topic__code", "work__arxiv_id"):
        known[work]["topics"].append(code)
    rows = Authorship.objects.order_by("position").values_list("work__arxiv_id", "researcher_id", "printed_affiliation")
    for work, researcher, affiliation in rows:
        known[work]["people"].append((researcher, affiliation))
    return known


@needs_shared_data
@pytest.mark.django_db
@pytest.mark.parametrize("poorer", ["arXiv", "oai_dc"])
def test_the_real_papers_lose_nothing_to_a_poorer_format(poorer: str) -> None:
    import_records(*oai_records("arXivRaw").values())
    before = state()
    result = load_records(list(oai_records(poorer).values()))
    assert (result.created, result.rejected, len(before)) == (0, [], 503)
    after = state()
    kept = ["version", "at", "first", "withdrawn", "doi", "license", "submitter", "report_no", "journal_ref"]
    assert {name: [k for k in before if before[k][name] != after[k][name]] for name in kept} == {
        name: [] for name in kept
    }
    emptied = [(k, name) for k in before for name in TEXTS if before[k][name] and not after[k][name]]
    assert emptied == []
    if poorer == "oai_dc":
        assert [k for k in before if before[k]["topics"] != after[k]["topics"]] == []
    lost = {k for k in before if set(before[k]["people"]) - set(after[k]["people"])}
    assert lost == set()


@pytest.mark.django_db
def test_the_byline_of_a_poorer_format_keeps_affiliations_and_decisions() -> None:
    rich = make_record(authors=[make_author("Ada Lovelace", "Analytical Society"), "C. Babbage"])
    import_records(rich)
    Authorship.objects.filter(position=2).update(attribution="confirmed")
    before = list(Authorship.objects.order_by("pk").values("pk", "researcher_id", "attribution", "printed_affiliation"))
    load_records([as_poor(rich, byline=make_byline(["Ada Lovelace", "Charles Babbage"]))])
    after = list(Authorship.objects.order_by("pk").values("pk", "researcher_id", "attribution", "printed_affiliation"))
    assert after == before

"""Loading: created, updated, unchanged, rejected; importing twice changes no row."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Researcher
from profiles.services import update_profiles_of_works
from tests.factories import authors_of, import_records, make_author, make_byline, make_record, make_researcher
from works.arxiv import prepare
from works.arxiv.byline import read_byline
from works.arxiv.load import LoadResult, load_records
from works.arxiv.records import AuthorLine, Byline, ParsedRecord, ParsedVersion
from works.models import Authorship, ImportRun, RejectedRecord as RejectedRow, Topic, Work, WorkVersion

pytestmark = pytest.mark.django_db

TABLES = ["works_work", "works_workversion", "works_worktopic", "works_authorship", "profiles_researcher"]


def all_rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row with its physical identity: xmin changes when a row is written, even to the same values."""
    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT xmin::text, ctid::text, t::text FROM {table} t ORDER BY ctid")  # noqa: S608
            rows[table] = cursor.fetchall()
    return rows


def byline(arxiv_id: str) -> list[tuple[int, str, int | None]]:
    rows = Authorship.objects.filter(work__arxiv_id=arxiv_id).order_by("position")
    return [(row.position, row.printed_name, row.researcher_id) for row in rows]


def test_new_records_become_works_with_everything_they_say() -> None:
    versions = (
        ParsedVersion(1, datetime(2019, 6, 1, tzinfo=UTC), "10kb", "D"),
        ParsedVersion(2, datetime(2021, 2, 1, tzinfo=UTC), "12kb", ""),
    )
    record = make_record(
        arxiv_id="1906.00001",
        authors=[make_author("Ada Lovelace", "Analytical Society"), make_author("LHCb", kind="collaboration")],
        categories=["cs.LG", "stat.ML"],
        versions=versions,
        doi="10.1000/1",
        journal_ref="J. Eng. 1",
        comments="3 pages",
        license="http://example.org/by",
        and_others=True,
    )
    result = load_records([record])
    work = Work.objects.get()
    assert (result.created, result.updated, result.unchanged) == (1, 0, 0)
    assert (work.year, work.current_version, work.first_submitted_at) == (2021, 2, versions[0].submitted_at)
    assert (work.doi, work.journal_ref, work.comments, work.and_others) == ("10.1000/1", "J. Eng. 1", "3 pages", True)
    assert [(v.number, v.submitted_at, v.size) for v in work.versions.all()] == [
        (1, versions[0].submitted_at, "10kb"),
        (2, versions[1].submitted_at, "12kb"),
    ]
    assert list(work.work_topics.values_list("topic__code", "position")) == [("cs.LG", 1), ("stat.ML", 2)]
    assert [(a.kind, a.printed_affiliation) for a in work.authorships.all()] == [
        ("person", "Analytical Society"),
        ("collaboration", ""),
    ]


def test_importing_twice_changes_no_row() -> None:
    records = [
        make_record(authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG", "math.CO"]) for _ in range(5)
    ]
    import_records(*records)
    before = all_rows()
    result = load_records(records)
    assert (result.created, result.updated, result.unchanged, result.work_ids) == (0, 0, 5, [])
    assert all_rows() == before


def test_a_record_repeated_in_one_page_counts_once_and_the_newest_wins() -> None:
    old = make_record(arxiv_id="2001.00001", title="Old", datestamp=date(2020, 1, 1))
    new = replace(old, title="New", datestamp=date(2020, 2, 1))
    result = load_records([new, old])
    assert (result.created, result.unchanged) == (1, 1)
    assert Work.objects.get().title == "New"


def test_an_answer_older_than_what_is_known_undoes_nothing() -> None:
    new = make_record(title="New", datestamp=date(2020, 2, 1))
    load_records([new])
    result = load_records([replace(new, title="Old", datestamp=date(2020, 1, 1))])
    assert (result.updated, result.unchanged) == (0, 1)
    assert Work.objects.get().title == "New"


def test_what_a_source_does_not_say_erases_nothing() -> None:
    full = make_record(doi="10.1000/1", comments="3 pages", license="http://example.org/by", withdrawn=True)
    load_records([full])
    poor = replace(
        full, title="Retitled", doi=None, comments=None, license=None, versions=(), withdrawn=False, abstract=None
    )
    assert load_records([poor]).updated == 1
    work = Work.objects.get()
    assert (work.title, work.doi, work.comments) == ("Retitled", "10.1000/1", "3 pages")
    assert work.withdrawn
    assert work.abstract == full.abstract
    assert WorkVersion.objects.count() == 1


def test_the_importer_leaves_what_a_curator_set() -> None:
    record = make_record()
    load_records([record])
    Work.objects.update(hidden=True)
    load_records([replace(record, title="Retitled")])
    assert Work.objects.get().hidden


def test_topics_follow_the_record_and_an_unknown_category_is_kept() -> None:
    record = make_record(categories=["cs.LG", "math.CO"])
    load_records([record])
    load_records([replace(record, categories=("new.XY", "cs.LG"))])
    work = Work.objects.get()
    assert list(work.work_topics.values_list("topic__code", "position")) == [("new.XY", 1), ("cs.LG", 2)]
    assert Topic.objects.get(code="new.XY").active is False


def test_a_byline_that_is_reordered_keeps_its_researchers() -> None:
    record = make_record(arxiv_id="2001.00001", authors=["Ada Lovelace", "Charles Babbage", "Mary Somerville"])
    import_records(record)
    before = {name: researcher for _, name, researcher in byline("2001.00001")}
    result = load_records([replace(record, byline=make_byline(authors_of(record)[::-1]))])
    after = byline("2001.00001")
    assert [name for _, name, _ in after] == ["Mary Somerville", "Charles Babbage", "Ada Lovelace"]
    assert {name: researcher for _, name, researcher in after} == before
    assert result.updated == 1


def test_a_byline_may_gain_lose_and_rename_authors() -> None:
    record = make_record(arxiv_id="2001.00001", authors=["Ada Lovelace", "C. Babbage", "Mary Somerville"])
    import_records(record)
    ada, _babbage, mary = (researcher for _, _, researcher in byline("2001.00001"))
    authors = tuple(map(make_author, ["Ada Lovelace", "Charles Babbage", "Luigi Menabrea", "Mary Somerville"]))
    load_records([replace(record, byline=make_byline(authors))])
    assert byline("2001.00001") == [
        (1, "Ada Lovelace", ada),
        (2, "Charles Babbage", None),
        (3, "Luigi Menabrea", None),
        (4, "Mary Somerville", mary),
    ]
    result = load_records([replace(record, title="Again", byline=make_byline(authors[:2]))])
    assert [name for _, name, _ in byline("2001.00001")] == ["Ada Lovelace", "Charles Babbage"]
    assert result.detached_researcher_ids == {mary}


def test_two_equal_names_in_one_byline_stay_two() -> None:
    record = make_record(arxiv_id="2001.00001", authors=["Wei Wang", "Wei Wang"])
    import_records(record)
    first, second = (researcher for _, _, researcher in byline("2001.00001"))
    assert first != second
    load_records([replace(record, title="Again")])
    assert [researcher for _, _, researcher in byline("2001.00001")] == [first, second]


def test_a_record_that_the_database_refuses_is_rejected_alone() -> None:
    good = [make_record() for _ in range(6)]
    bad = replace(make_record(), arxiv_id="no such id")
    result = load_records([*good[:3], bad, *good[3:]])
    assert (result.created, len(result.rejected)) == (6, 1)
    assert result.rejected[0].identifier == "no such id"
    assert "works_work_arxiv_id_form" in result.rejected[0].reason
    assert Work.objects.count() == 6


def test_the_number_of_queries_does_not_grow_with_the_page() -> None:
    def queries_for(number: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            load_records([make_record(authors=["Ada Lovelace"]) for _ in range(number)])
        return len(queries)

    assert queries_for(2) == queries_for(200)


def test_a_name_that_folds_alike_keeps_its_researcher() -> None:
    researcher = make_researcher("José Pérez")
    work = Work.objects.get()
    record = make_record(arxiv_id=work.arxiv_id, authors=["Jose Perez"])
    load_records([record])
    assert byline(work.arxiv_id) == [(1, "Jose Perez", researcher.pk)]


def as_arxiv_format(record: ParsedRecord) -> ParsedRecord:
    """The same paper as the `arXiv` format tells it: the day of the current version, and nothing of the versions."""
    day = record.current_version_at.replace(hour=0, minute=0, second=0)
    return replace(
        record, versions=(), current_version_at=day, submitter=None, license=None, withdrawn=False, sets=("cs",)
    )


def test_the_poorer_format_erases_nothing_that_the_richer_one_said() -> None:
    versions = (
        ParsedVersion(1, datetime(2019, 6, 1, 8, 30, tzinfo=UTC), "10kb", "D"),
        ParsedVersion(2, datetime(2021, 2, 1, 17, 45, tzinfo=UTC), "0kb", "I"),
    )
    rich = make_record(
        authors=[make_author("Ada Lovelace", "Analytical Society")],
        versions=versions,
        submitter="A. Lovelace",
        license="http://example.org/by",
        withdrawn=True,
    )
    load_records([rich])
    known = Work.objects.defer("record_digest", "changed_at").values().get()
    poor = replace(as_arxiv_format(rich), byline=make_byline([make_author("Ada Lovelace")]))
    assert load_records([poor]).updated == 1
    changed = {name for name, value in Work.objects.values().get().items() if dict(known)[name] != value}
    assert changed == {"record_digest", "changed_at"}
    assert WorkVersion.objects.count() == 2
    assert Authorship.objects.get().printed_affiliation == "Analytical Society"


def test_a_day_that_differs_is_another_version() -> None:
    record = make_record()
    load_records([record])
    later = datetime(2022, 5, 1, tzinfo=UTC)
    load_records([replace(as_arxiv_format(record), current_version_at=later)])
    assert Work.objects.get().current_version_at == later


def test_somebody_else_in_the_same_place_inherits_nothing() -> None:
    record = make_record(arxiv_id="2001.00001", authors=["Ada Lovelace", make_author("Luigi Menabrea", "Turin")])
    import_records(record)
    _ada, luigi = (researcher for _, _, researcher in byline("2001.00001"))
    Authorship.objects.filter(position=2).update(attribution="confirmed")
    authors = (authors_of(record)[0], make_author("Mary Somerville"))
    result = load_records([replace(record, byline=make_byline(authors))])
    mary = Authorship.objects.get(position=2)
    assert (mary.researcher_id, mary.attribution, mary.printed_affiliation) == (None, "automatic", "")
    assert result.detached_researcher_ids == {luigi}


@pytest.mark.parametrize("attribution", ["confirmed", "disputed"])
def test_what_a_person_decided_survives_a_name_printed_in_full_elsewhere_in_the_byline(attribution: str) -> None:
    record = make_record(arxiv_id="2001.00001", authors=["E. Hu", "Ada Lovelace"])
    import_records(record)
    decided = byline("2001.00001")[0][2]
    Authorship.objects.filter(position=1).update(attribution=attribution)
    load_records([replace(record, byline=make_byline((make_author("Ada Lovelace"), make_author("Edward Hu"))))])
    row = Authorship.objects.get(printed_name="Edward Hu")
    assert (row.position, row.researcher_id, row.attribution) == (2, decided, attribution)


def test_a_doubt_of_the_rule_does_not_outlive_the_name_that_raised_it() -> None:
    record = make_record(authors=["E. Hu", "Ada Lovelace"])
    import_records(record)
    Authorship.objects.filter(position=1).update(attribution="unconfirmed")
    load_records([replace(record, byline=make_byline((make_author("Edward Hu"), make_author("Ada Lovelace"))))])
    row = Authorship.objects.get(position=1)
    assert (row.printed_name, row.researcher_id, row.attribution) == ("Edward Hu", None, "automatic")


def test_an_author_who_turns_out_to_be_a_collaboration_belongs_to_nobody() -> None:
    record = make_record(authors=["Planck Satellite"])
    import_records(record)
    Authorship.objects.update(attribution="confirmed")
    load_records([replace(record, byline=make_byline((make_author("Planck Satellite", kind="collaboration"),)))])
    row = Authorship.objects.get()
    assert (row.kind, row.researcher_id, row.attribution) == ("collaboration", None, "automatic")


# Random letters, so that compression does not bring it under the limit of an index.
def letters(number: int) -> str:
    return "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=number))  # noqa: S311


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "NUL \0"}, "NUL"),
        ({"abstract": "half a letter \ud800"}, "surrogates"),
        ({"authors": [make_author("Ada \0 Lovelace")]}, "NUL"),
        ({"authors": [make_author(f"Ada {letters(600)}")]}, "works_authorship_name_is_a_name"),
        ({"categories": ["x" * 25]}, "too long"),
        ({"versions": (ParsedVersion(40_000, datetime(2020, 1, 1, tzinfo=UTC), "1kb", ""),)}, "out of range"),
        ({"versions": (ParsedVersion(1, datetime(2020, 1, 1, tzinfo=UTC), "k" * 25, ""),)}, "too long"),
        ({"abstract": " ".join(f"{letters(9)}{number}" for number in range(80_000))}, "too long for tsvector"),
    ],
)
def test_text_that_cannot_be_stored_rejects_its_record_alone(fields: dict[str, Any], reason: str) -> None:
    result = load_records([make_record(), make_record(**fields), make_record()])
    assert (result.created, [reason in rejected.reason for rejected in result.rejected]) == (2, [True])
    save = RejectedRow(import_run=ImportRun.objects.create(endpoint="http://127.0.0.1/"), identifier="")
    save.reason, save.raw = result.rejected[0].reason, result.rejected[0].raw
    save.save()  # what is said about it can be stored
    assert Work.objects.count() == 2


def test_a_fault_that_is_not_a_record_s_is_raised() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
    with pytest.raises(OperationalError, match="statement timeout"):
        load_records([make_record() for _ in range(500)])


def test_a_byline_of_three_thousand_authors() -> None:
    names = [f"Given{number} Family{number % 1000}" for number in range(3000)]
    record = make_record(arxiv_id="2001.00001", authors=names)
    import_records(record)
    before = byline("2001.00001")
    assert [name for _, name, _ in before] == names
    assert len({researcher for _, _, researcher in before}) == 3000
    load_records([replace(record, byline=make_byline(authors_of(record)[1:]))])
    assert byline("2001.00001") == [(position - 1, name, pk) for position, name, pk in before[1:]]


@pytest.mark.django_db(transaction=True)
def test_two_loads_of_one_page_at_the_same_time_leave_the_rows_of_one() -> None:
    records = [make_record(authors=["Ada Lovelace", f"Author{number} Name"]) for number in range(30)]
    reversed_again = [replace(record, byline=make_byline(authors_of(record)[::-1])) for record in reversed(records)]
    load_records(records)
    start = Barrier(2)

    def load(page: list[ParsedRecord]) -> LoadResult:
        try:
            start.wait(timeout=30)
            result = load_records(page)
            update_profiles_of_works(result.work_ids)
            return result
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(load, [reversed_again, reversed_again]))
    assert sorted((result.updated, result.unchanged) for result in results) == [(0, 30), (30, 0)]
    assert Work.objects.count() == 30
    assert not Authorship.objects.filter(researcher=None).exists()
    assert Authorship.objects.filter(printed_name="Ada Lovelace", position=2).count() == 30
    assert Researcher.objects.filter(display_name="Ada Lovelace").count() == 1


def test_the_names_of_a_record_that_says_nothing_new_are_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [make_record(authors=["Ada Lovelace"]) for _ in range(3)]
    load_records(records)
    taken_apart: list[Byline] = []

    def read(byline: Byline) -> AuthorLine:
        taken_apart.append(byline)
        return read_byline(byline)

    monkeypatch.setattr(prepare, "read_byline", read)
    changed = replace(records[1], byline=make_byline(["Mary Somerville"]))
    result = load_records([records[0], changed, records[2]])
    assert (result.created, result.updated, result.unchanged) == (0, 1, 2)
    assert taken_apart == [changed.byline]


def test_a_record_that_is_read_otherwise_than_before_is_taken_for_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    record = make_record()
    load_records([record])
    monkeypatch.setattr(prepare, "READING", prepare.READING + b"+")
    assert load_records([record]).updated == 1
    assert load_records([record]).unchanged == 1

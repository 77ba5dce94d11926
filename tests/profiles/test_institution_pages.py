"""The pages of an institution: who is there now, its works, its names; many of each."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.models import Researcher
from tests.factories import get_person, import_records, make_author, make_record
from tests.works.institutions.registry import import_registry, make_organisation
from works.institutions.resolve import match_printed_affiliations
from works.models import Authorship, Institution, Work

pytestmark = pytest.mark.django_db

EXTON = "/institutions/01aaaaa11/"


def print_affiliation(name: str, affiliation: str, year: int = 2020, arxiv_id: str = "") -> None:
    import_records(make_record(authors=[make_author(name, affiliation)], year=year, arxiv_id=arxiv_id))


def people(client: Client, url: str = EXTON) -> list[str]:
    return [person.researcher.display_name for person in client.get(url).context["here"].people]


def test_it_says_what_the_registry_says(client: Client) -> None:
    import_registry([*[make_organisation("01aaaaa22", "Wye Academy")], make_organisation(
        "01aaaaa11", "University of Exton", aliases=["Exton College"], parents=["01aaaaa22"], status="inactive"
    )])  # fmt: skip
    content = client.get(EXTON).content.decode()
    for text in (
        "University of Exton",
        "Exton College",
        '<a href="/institutions/01aaaaa22/">Wye Academy</a>',
        "https://ror.org/01aaaaa11",
        "https://uni.example.org",
        "no longer active",
        "0 researchers here now",
    ):
        assert text in content


def test_who_is_here_now_goes_by_the_newest_printed_affiliation(client: Client) -> None:
    import_registry()
    print_affiliation("Ada Lovelace", "University of Exton", 2001)
    print_affiliation("Ada Lovelace", "Wye Academy of Sciences", 2010)
    print_affiliation("Charles Babbage", "Univ. of Exton", 2001)
    print_affiliation("Charles Babbage", "", 2015)
    print_affiliation("Mary Somerville", "Elsewhere; University of Exton", 2012)
    match_printed_affiliations()
    assert people(client) == ["Mary Somerville", "Charles Babbage"]
    content = client.get(EXTON).content.decode()
    assert "2 researchers here now" in content
    assert "Univ. of Exton" in content
    assert people(client, "/institutions/01aaaaa22/") == ["Ada Lovelace"]


def test_hidden_works_disputed_ones_and_suppressed_people_do_not_count(client: Client) -> None:
    import_registry()
    for number, name in enumerate(["Ada Lovelace", "Charles Babbage", "Mary Somerville"]):
        print_affiliation(name, "University of Exton", arxiv_id=f"2001.0000{number}")
    match_printed_affiliations()
    Work.objects.filter(arxiv_id="2001.00000").update(hidden=True)
    Authorship.objects.filter(work__arxiv_id="2001.00001").update(attribution=Authorship.Attribution.DISPUTED)
    Researcher.objects.filter(display_name="Mary Somerville").update(state=Researcher.State.SUPPRESSED)
    assert people(client) == []
    response = client.get(f"{EXTON}works/")
    assert response.context["work_count"] == 2


def test_works_are_listed_newest_first_in_pages(client: Client) -> None:
    import_registry()
    for number in range(27):
        print_affiliation("Ada Lovelace", "University of Exton", 1990 + number)
    match_printed_affiliations()
    assert [work.year for work in client.get(EXTON).context["works"]] == [2016, 2015, 2014, 2013, 2012]
    first = client.get(f"{EXTON}works/")
    assert "27 works" in first.content.decode()
    second = client.get(f"{EXTON}works/?after={first.context['page'].after}")
    assert [work.year for work in second.context["page"].works] == [1991, 1990]
    assert second.context["page"].after is None
    for after in ("0-0", "-1", "x", "9" * 40, "\0"):
        for url in (EXTON, f"{EXTON}works/"):
            assert client.get(url, {"after": after}).status_code == 200


def test_a_works_count_goes_no_further_than_it_must(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import_registry()
    for _ in range(3):
        print_affiliation("Ada Lovelace", "University of Exton")
    match_printed_affiliations()
    monkeypatch.setattr("works.institutions.queries.COUNTED_UP_TO", 2)
    monkeypatch.setattr("profiles.institution_views.COUNTED_UP_TO", 2)
    assert "More than 2 works" in client.get(f"{EXTON}works/").content.decode()


def test_people_come_in_pages_and_everybody_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a page ends with its people or with the works that are looked at for it."""
    import_registry()
    for number in range(9):
        names = [f"Given{number} Family", f"Other{number} Family", "Ada Lovelace"]
        import_records(make_record(authors=[make_author(n, "University of Exton") for n in names], year=2000 + number))
    match_printed_affiliations()
    expected = ["Given8 Family", "Other8 Family", "Ada Lovelace"]
    expected += [f"{name}{number} Family" for number in range(7, -1, -1) for name in ("Given", "Other")]
    assert people(client) == expected
    assert "19 researchers here now" in client.get(EXTON).content.decode()
    for people_a_page, works_a_page in ((50, 2), (3, 100), (4, 100), (1, 1), (5, 3)):
        monkeypatch.setattr("profiles.institution_views.PEOPLE_PER_PAGE", people_a_page)
        monkeypatch.setattr("profiles.institution_views.WORKS_LOOKED_AT", works_a_page)
        assert read_all(client) == expected


def read_all(client: Client) -> list[str]:
    seen: list[str] = []
    url = EXTON
    while url:
        here = client.get(url).context["here"]
        seen += [person.researcher.display_name for person in here.people]
        url = f"{EXTON}?after={here.after}" if here.after else ""
    return seen


def test_a_number_leads_to_the_ror_id_and_serves_where_there_is_none(client: Client) -> None:
    import_registry()
    found = Institution.objects.get(ror_id="01aaaaa11")
    response = client.get(f"/institutions/{found.pk}/works/")
    assert (response.status_code, response["Location"]) == (301, f"{EXTON}works/")
    assert client.get("/institutions/01AAAAA11/")["Location"] == EXTON
    own = Institution.objects.create(name="Own House")
    assert client.get(own.get_absolute_url()).status_code == 200
    assert "Own House" in client.get(f"{own.get_absolute_url()}works/").content.decode()


@pytest.mark.parametrize("key", ["01zzzzz99", "999999999", "9" * 40, "x", "-"])
def test_what_is_not_there_is_404(client: Client, key: str) -> None:
    assert client.get(f"/institutions/{key}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_pages_are_read_only(client: Client, method: str) -> None:
    import_registry()
    assert getattr(client, method)(EXTON).status_code == 405
    assert getattr(client, method)(f"{EXTON}works/").status_code == 405


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    import_registry()

    def queries_of(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    def add(start: int, end: int) -> None:
        authors = [make_author(f"Given{number} Family{number}", "University of Exton") for number in range(start, end)]
        import_records(*(make_record(authors=authors[number : number + 20]) for number in range(0, len(authors), 20)))
        match_printed_affiliations()

    add(0, 2)
    few = queries_of(EXTON), queries_of(f"{EXTON}works/")
    add(2, 202)
    assert (queries_of(EXTON), queries_of(f"{EXTON}works/")) == few
    assert few[0] <= 8
    assert get_person("Given150 Family150")

"""Narrowing a search to an institution or a topic, taking what is found away, and the ORCID iDs that are known."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from lxml import etree, html

from accounts.models import User
from claims.object import object_to_claim
from profiles.models import Researcher
from search.people import find_people
from search.works import Narrow, find_works, page_by_date
from tests.claims.cast import ORCID, connect_orcid, own, show_proof
from tests.factories import get_person, import_records, make_author, make_record, make_researcher, make_work
from tests.works.institutions.registry import import_registry
from works.arxiv.records import ParsedVersion
from works.institutions.resolve import match_printed_affiliations
from works.models import Institution, Topic

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
EXTON = "University of Exton"


@pytest.fixture
def affiliated() -> None:
    """Two people who write about engines, one of them at Exton."""
    import_registry()
    here = make_record(title="Engines here", authors=[make_author("Ada Lovelace", f"{EXTON}, UK")])
    there = make_record(title="Engines there", authors=[make_author("Ada Byron", "Nowhere")], categories=["hep-th"])
    import_records(here, there)
    match_printed_affiliations()


@pytest.mark.usefixtures("affiliated")
@pytest.mark.parametrize("institution", ["01aaaaa11", "https://ror.org/01aaaaa11", EXTON, "exton univ"])
@pytest.mark.parametrize("sort", ["", "date"])
def test_works_of_an_institution(client: Client, institution: str, sort: str) -> None:
    asked = {"q": "engines", "kind": "works", "institution": institution, "sort": sort}
    response = client.get("/search/", asked)
    assert [row.work.title for row in response.context["answer"].rows] == ["Engines here"]
    page = response.content.decode()
    assert f'<a href="/institutions/01aaaaa11/">{EXTON}</a>' in page
    assert "institution=01aaaaa11" in page


@pytest.mark.usefixtures("affiliated")
@pytest.mark.parametrize("narrowed", ["institution=01aaaaa11", "topic=cs.LG", "year=2021", "topic=cs.LG&year=2021"])
def test_what_is_taken_away_is_what_is_shown(client: Client, narrowed: str) -> None:
    version = ParsedVersion(1, datetime(2021, 3, 1, tzinfo=UTC), "10kb", "D")
    import_records(make_record(title="Engines once more", versions=(version,)))
    page: Any = html.document_fromstring(
        client.get(f"/search/?q=engines&kind=works&sort=date&{narrowed}").content.decode()
    )
    shown = [each.text_content() for each in page.xpath("//*[@class='work-title']/a")]
    (file,) = page.xpath("//a[text()='CSL-JSON']/@href")
    (feed,) = page.xpath("//a[text()='Atom feed']/@href")
    taken = json.loads(client.get(file).getvalue())
    entries: Any = etree.fromstring(client.get(feed).content)
    assert shown
    assert [each["title"] for each in taken] == entries.xpath("a:entry/a:title/text()", namespaces=ATOM) == shown
    assert parse_qs(urlsplit(entries.xpath("a:link[@rel='alternate']/@href", namespaces=ATOM)[0]).query) == parse_qs(
        f"q=engines&{narrowed}"
    )


@pytest.mark.parametrize("narrowed", ["institution=099999999", "topic=no.SUCH", "year=abcd"])
def test_a_filter_that_names_nothing_takes_nothing_away(client: Client, narrowed: str) -> None:
    make_work(title="Engines")
    assert json.loads(client.get(f"/works/export/csl-json/?q=engines&{narrowed}").getvalue()) == []


@pytest.mark.usefixtures("affiliated")
def test_people_of_an_institution_misspelt_or_not(client: Client) -> None:
    for query in ("ada", "aca"):
        response = client.get("/search/", {"q": query, "kind": "people", "institution": "01aaaaa11"})
        found = [row.researcher.display_name for row in response.context["answer"].rows]
        assert found == ["Ada Lovelace"]


@pytest.mark.usefixtures("affiliated")
def test_one_letter_is_narrowed_like_any_name() -> None:
    exton, hep = Institution.objects.get(ror_id="01aaaaa11").pk, Topic.objects.get(code="hep-th").pk
    for query in ("a", "l", "ad"):
        assert get_person("Ada Byron").pk not in find_people(query, institution_id=exton).ids
        assert get_person("Ada Lovelace").pk not in find_people(query, topic_id=hep).ids
    assert list(find_people("a", institution_id=exton).ids) == [get_person("Ada Lovelace").pk]


def test_narrowing_finds_whoever_stands_behind_a_crowd_of_the_name() -> None:
    import_registry()
    crowd = [f"Ada{number} Lovelace" for number in range(15)]
    import_records(make_record(authors=crowd), make_record(authors=[make_author("Adam Lovelace", EXTON)]))
    match_printed_affiliations()
    exton = Institution.objects.get(ror_id="01aaaaa11").pk
    for query in ("lovelace", "lo"):
        found = find_people(query, institution_id=exton, limit=1)
        assert list(found.ids) == [get_person("Adam Lovelace").pk]


@pytest.mark.usefixtures("affiliated")
def test_what_is_no_institution_narrows_nothing(client: Client) -> None:
    for institution in ("no such place", "01bbbbb11", "999", "\0", "²"):
        response = client.get("/search/", {"q": "engines", "kind": "works", "institution": institution})
        assert response.context["answer"].count == 2


@pytest.mark.usefixtures("affiliated")
def test_people_of_a_topic_misspelt_or_not() -> None:
    topic = Topic.objects.get(code="hep-th").pk
    byron = get_person("Ada Byron").pk
    assert list(find_people("ada", topic_id=topic).ids) == [byron]
    assert list(find_people("aca", topic_id=topic).ids) == [byron]


@pytest.mark.parametrize(
    ("index", "columns"),
    [
        ("works_work_search", "search_vector, topic_ids, institution_ids"),
        ("search_work_title", "search_title_words(title), topic_ids, institution_ids"),
        ("search_researcher_words", "search_name_words(search_name), institution_ids"),
    ],
)
def test_one_index_has_words_and_what_narrows_them(index: str, columns: str) -> None:
    """Whether a small table's planner takes it is a matter of costs; that it can at a million works is measured."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [index])
        definition = cursor.fetchone()[0]
    assert "USING gin" in definition
    assert definition.endswith(f"({columns})")


def test_the_count_by_date_is_that_of_all_works_with_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        make_work(title=f"An engine {number}", abstract="With steam" if number else "Without")
    make_work(title="Something", abstract="An engine")
    monkeypatch.setattr("search.works.MOST_RANKED", 2)
    assert page_by_date("engine", None).count == 3  # one beyond the bound, whether titles or texts reach it
    assert page_by_date("engine -steam", None).count == 2  # by titles alone it would be three
    monkeypatch.setattr("search.works.MOST_RANKED", 9)
    assert page_by_date("engine", None).count == 5


def test_what_a_title_has_takes_no_place_from_what_only_the_text_has(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("title", "title", "abstract", "abstract"):
        make_work(**{"title": "Something", "abstract": "Nothing", place: "An engine"})
    for bound, more in ((3, True), (4, False)):
        monkeypatch.setattr("search.results.MOST_RANKED", bound)
        ranking = find_works("engine", limit=bound)
        assert (ranking.count, ranking.more) == (bound, more)


def test_a_title_typed_in_full_comes_first_whatever_crowd_has_its_words() -> None:
    for number in range(5):
        make_work(title=f"Engine on the engine {number}")
    named = make_work(title="On the engine of the engine", year=1999)
    other = make_work(title="To be or not to be", year=1999)
    assert next(iter(find_works("on The Engine of the engine", limit=2).ids)) == named.pk
    assert find_works("to be or not to be").ids == [other.pk]
    assert find_works("to be or not to be", Narrow(year=2020)).ids == []


def test_what_is_found_can_be_taken_away(client: Client) -> None:
    import_records(make_record(title="Engines & looms"))
    page = client.get("/search/", {"q": "engines & looms", "kind": "works"}).content.decode()
    for address in ("/works/export/bibtex/", "/works/export/csl-json/", "/works/feed/"):
        assert f'href="{address}?q=engines+%26+looms"' in page
        assert client.get(f"{address}?q=engines+%26+looms").status_code == 200


@pytest.fixture
def owned(member: User, curator: User) -> Researcher:
    """A record whose owner proved to be it with an ORCID iD."""
    ada = make_researcher("Ada Lovelace")
    connect_orcid(member)
    claim = own(member, ada, curator)
    show_proof(claim, "orcid", ORCID)
    return ada


@pytest.mark.parametrize("query", [ORCID, f"https://orcid.org/{ORCID}", f"orcid:{ORCID}", ORCID.replace("-", "")])
def test_an_orcid_that_its_owner_proved_leads_to_the_page(client: Client, owned: Researcher, query: str) -> None:
    response = client.get("/search/", {"q": query})
    assert (response.status_code, response["Location"]) == (302, owned.get_absolute_url())


def test_an_orcid_leads_nowhere_unless_its_proof_holds_undisputed(
    client: Client, member: User, curator: User, owned: Researcher
) -> None:
    claim = owned.claims.get()
    claim.evidence.filter(kind="orcid").update(status="failed", decisive=False)
    assert client.get("/search/", {"q": ORCID}).status_code == 200
    claim.evidence.filter(kind="orcid").update(status="verified")
    assert client.get("/search/", {"q": ORCID}).status_code == 302
    object_to_claim(claim, "This is not them.", curator)
    claim.refresh_from_db()
    assert claim.state == "objected"
    assert client.get("/search/", {"q": ORCID}).status_code == 200

"""The search page, through the client."""

from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from profiles.models import Researcher
from search.works import BY_NEAR_WORDS, EVERYTHING, find_works
from tests.factories import get_person, import_records, make_record, make_researcher, make_work
from tests.works.institutions.registry import import_registry
from works.curate import set_hidden
from works.models import Institution, Work

pytestmark = pytest.mark.django_db


def people(client: Client, query: str, **others: str) -> list[str]:
    answer = client.get("/search/", {"q": query, "kind": "people", **others}).context["answer"]
    return [row.researcher.display_name for row in answer.rows]


def works(client: Client, query: str, **others: str) -> list[str]:
    answer = client.get("/search/", {"q": query, "kind": "works", **others}).context["answer"]
    return [row.work.title for row in answer.rows]


@pytest.mark.parametrize(
    "query", ["José Pérez", "jose perez", "perez jose", "PEREZ", "pér", "Pérez, José", "J. Pérez", "perez j"]
)
def test_people_are_found_however_they_are_typed(client: Client, query: str) -> None:
    make_researcher("José Pérez", coauthors=["Ada Lovelace"])
    assert people(client, query) == ["José Pérez"]


@pytest.mark.parametrize("query", ["Grag Yang", "Gregg Yang", "gerg yang", "Greg Ynag", "reg yang", "Yong Greg"])
def test_a_misspelt_name_is_found_and_said_to_be_near(client: Client, query: str) -> None:
    make_researcher("Greg Yang", coauthors=["Ada Lovelace"])
    response = client.get("/search/", {"q": query})
    assert [row.researcher.display_name for row in response.context["answer"].rows] == ["Greg Yang"]
    assert "this is what comes near" in response.content.decode()


def test_the_very_name_comes_before_longer_ones(client: Client) -> None:
    make_researcher("Lee Wang Wei")
    make_researcher("Wei Wangler")
    make_researcher("Wei Wang")
    assert people(client, "wang wei") == ["Wei Wang", "Lee Wang Wei", "Wei Wangler"]


@pytest.mark.parametrize("query", ["李伟", "李", "伟", "伟 李"])
def test_names_in_han_script_are_found_by_any_of_their_letters(client: Client, query: str) -> None:
    make_researcher("李伟", coauthors=["王明"])
    assert people(client, query) == ["李伟"]


@pytest.mark.parametrize("query", ["Junjie Zhu", "jun jie zhu", "Jun-Jie Zhu", "zhu jun-jie"])
def test_a_hyphen_in_a_name_makes_no_difference(client: Client, query: str) -> None:
    make_researcher("Jun-Jie Zhu")
    assert people(client, query) == ["Jun-Jie Zhu"]


def test_a_variant_that_was_printed_once_is_found(client: Client) -> None:
    make_researcher("Maria García")
    Researcher.objects.update(search_name="maria garcia / maria garcia lorca")
    assert people(client, "garcia lorca") == ["Maria García"]


def test_trust_does_not_rank(client: Client) -> None:
    make_researcher("Ada Zeta", works=1)
    make_researcher("Ada Beta", works=1)
    make_researcher("Ada Omega", works=9)
    assert people(client, "ada") == ["Ada Beta", "Ada Omega", "Ada Zeta"]


def test_people_are_narrowed_to_claimed_records_and_topics(client: Client) -> None:
    make_researcher("Ada Beta")
    import_records(make_record(authors=["Ada Gamma"], categories=["math.ST"]))
    Researcher.objects.filter(display_name="Ada Beta").update(state="claimed")
    assert people(client, "ada", claimed="yes") == ["Ada Beta"]
    assert people(client, "ada", claimed="no") == ["Ada Gamma"]
    assert people(client, "ada", topic="math.ST") == ["Ada Gamma"]
    assert people(client, "ada", topic="no.SUCH") == ["Ada Beta", "Ada Gamma"]


def test_works_are_found_by_words_of_title_and_abstract_title_first(client: Client) -> None:
    import_records(
        make_record(title="Something else", abstract="The analytical engine weaves patterns."),
        make_record(title="Engines that analyse", abstract="Nothing more."),
        make_record(title="Flowers"),
    )
    assert works(client, "engine") == ["Engines that analyse", "Something else"]
    answer = client.get("/search/", {"q": "engine"}).context["answer"]
    assert answer.kind == "works"
    assert "The analytical <mark>engine</mark>" in answer.rows[1].snippet


@pytest.mark.parametrize("query", ["infinte width networks", "infinite widht networks", "Infinite networks wodth"])
def test_a_misspelt_title_is_found(client: Client, query: str) -> None:
    import_records(make_record(title="On Infinite-Width Networks"), make_record(title="Flowers"))
    assert works(client, query) == ["On Infinite-Width Networks"]


def test_works_are_narrowed_and_sorted(client: Client) -> None:
    import_records(
        make_record(title="Engine A", year=2001, categories=["math.ST"]),
        make_record(title="Engine longer B", year=2003, categories=["cs.LG"]),
    )
    assert works(client, "engine") == ["Engine A", "Engine longer B"]
    assert works(client, "engine", sort="date") == ["Engine longer B", "Engine A"]
    assert works(client, "engine", year="2001") == works(client, "engine", topic="math.ST") == ["Engine A"]
    assert works(client, "engine", year="2001", sort="date") == ["Engine A"]
    assert works(client, "engine", year="0") == ["Engine A", "Engine longer B"]


def test_by_date_every_work_stands_on_one_page(client: Client) -> None:
    import_records(*(make_record(title=f"Engine {number}", year=1990 + number % 7) for number in range(45)))
    seen: list[str] = []
    address = "/search/?q=engine&kind=works&sort=date"
    while address:
        answer = client.get(address).context["answer"]
        assert answer.count == 45
        seen += [row.work.title for row in answer.rows]
        address = f"/search/?{answer.after}" if answer.after else ""
    assert len(seen) == len(set(seen)) == 45


def test_by_relevance_every_person_stands_on_one_page(client: Client) -> None:
    import_records(*(make_record(authors=[f"Ada Name{chr(97 + n)}"]) for n in range(25)))
    first, second = people(client, "ada"), people(client, "ada", page="2")
    assert (len(first), len(second)) == (20, 5)
    assert sorted(first + second) == first + second
    assert people(client, "ada", page="50") == []


def test_no_count_is_exact_beyond_the_bound(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("search.results", "search.works", "search.answers"):
        monkeypatch.setattr(f"{module}.MOST_RANKED", 3)
    import_records(*(make_record(title=f"Engine {number}") for number in range(5)))
    ranking = find_works("engine", limit=3)
    assert (ranking.count, ranking.more) == (3, True)
    assert "More than 3" in client.get("/search/?q=engine&kind=works&sort=date").content.decode()


def test_topics_and_institutions_are_found(client: Client) -> None:
    Institution.objects.create(name="Université de Genève", ror_id="01swzsf04", country_code="CH")
    answer = client.get("/search/", {"q": "machine learning", "kind": "topics"}).context["answer"]
    assert [row.item.code for row in answer.rows] == ["cs.LG", "stat.ML"]
    assert client.get("/search/", {"q": "cs.lg", "kind": "topics"}).context["answer"].rows[0].item.code == "cs.LG"
    misspelt = client.get("/search/", {"q": "machine lerning", "kind": "topics"}).context["answer"]
    assert misspelt.rows[0].item.name == "Machine Learning"
    for query in ("geneve", "universite de gen", "Univresité Genève"):
        response = client.get("/search/", {"q": query, "kind": "institutions"})
        assert [row.item.ror_id for row in response.context["answer"].rows] == ["01swzsf04"], query


@pytest.mark.parametrize(
    "query",
    [
        "2011.14522",
        "arXiv:2011.14522v2",
        "https://arxiv.org/pdf/2011.14522v1.pdf",
        "10.5555/ABC.def",
        "doi:10.5555/second",
    ],
)
def test_an_identifier_leads_straight_to_its_page(client: Client, query: str) -> None:
    work = make_work(arxiv_id="2011.14522", doi="10.5555/abc.DEF 10.5555/second")
    response = client.get("/search/", {"q": query})
    assert (response.status_code, response["Location"]) == (302, work.get_absolute_url())


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("arXiv:1999.99999v2", "https://arxiv.org/abs/1999.99999"),
        ("10.5555/<nothing>", "https://doi.org/10.5555/%3Cnothing%3E"),
        ("0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("https://ror.org/03vek6s52", "https://ror.org/03vek6s52"),
    ],
)
def test_an_identifier_that_nothing_has_is_said_to_be_unknown(client: Client, query: str, address: str) -> None:
    make_researcher("Noel Nothing")  # whose name is like what the identifier holds
    response = client.get("/search/", {"q": query})
    page = response.content.decode()
    assert "Nothing imported has the" in page
    assert f'<a href="{address}">' in page
    assert "Noel" not in page


def test_hidden_works_and_unlisted_people_are_not_found(client: Client) -> None:
    ada = make_researcher("Ada Lovelace")
    Work.objects.update(hidden=True)
    ada.state = "suppressed"
    ada.save(update_fields=["state"])
    for query, kind in (
        ("Lovelace", "people"),
        ("Lovelacce", "people"),
        ("Work number", "works"),
        ("Wrk numbr", "works"),
    ):
        assert client.get("/search/", {"q": query, "kind": kind}).context["answer"].count == 0
    assert b"option" not in client.get("/search/suggestions/", {"q": "lovel"}).content
    assert get_person("Ada Lovelace").search_name == "ada lovelace"


@pytest.mark.parametrize("kind", ["", "people", "works", "topics", "institutions"])
@pytest.mark.parametrize(
    "query",
    ["%", "_", "\\", "\\'", "'", '"', "a" * 5000, "& | !", "\0", "(", "<b>x</b>", "*:*", "李", "  ", "a-b", "-", "/",
     ":*", "a b c d e f g h i j", "the", "x'"],
)  # fmt: skip
def test_nothing_that_can_be_typed_fails(client: Client, query: str, kind: str) -> None:
    make_researcher()
    for others in ({}, {"sort": "date"}, {"year": "xx", "topic": "\0", "page": "²", "after": "1-", "claimed": "?"}):
        response = client.get("/search/", {"q": query, "kind": kind, **others})
        assert response.status_code == 200
        assert b"<b>x" not in response.content
    assert client.get("/search/suggestions/", {"q": query}).status_code == 200


def test_the_page_without_a_question_says_what_can_be_asked(client: Client) -> None:
    content = client.get("/search/").content.decode()
    assert "recently added works" in content
    assert client.post("/search/").status_code == 405


def test_suggestions_are_options_with_addresses(client: Client) -> None:
    ada = make_researcher("Ada Lovelace")
    content = client.get("/search/suggestions/", {"q": "love"}).content.decode()
    assert 'role="option"' in content
    assert f'data-address="{ada.get_absolute_url()}"' in content
    assert "<mark>Lovelace</mark>" in content
    for query in ("lo", "ada l", "ada lo", "lovelcae", "ada lovelcae"):
        assert "Lovelace" in client.get("/search/suggestions/", {"q": query}).content.decode(), query
    work = client.get("/search/suggestions/", {"q": "work num"}).content.decode()
    assert "/works/2001." in work
    assert "/topics/cs.LG/" in client.get("/search/suggestions/", {"q": "machine lear"}).content.decode()
    assert client.get("/search/suggestions/", {"q": "l"}).content.strip() == b""


def test_within_a_title_three_letters_are_a_word_and_four_may_begin_one(client: Client) -> None:
    import_records(make_record(title="On petri net models"))
    for query, offered in (("petri net", True), ("petri mod", False), ("petri mode", True), ("on petri net mod", True)):
        content = client.get("/search/suggestions/", {"q": query}).content.decode()
        assert ("petri net models" in strip_tags(content)) == offered, query


def test_an_identifier_is_offered_as_what_it_names(client: Client) -> None:
    import_registry()
    work = make_work(title="On <engines> & $x^2$", arxiv_id="2001.00777", doi="10.1000/engines")
    exton = Institution.objects.get(ror_id="01aaaaa11")
    for query, shown, address in (
        ("arXiv:2001.00777", "arXiv id 2001.00777", work.get_absolute_url()),
        ("https://arxiv.org/pdf/2001.00777v3", "arXiv id 2001.00777", work.get_absolute_url()),
        ("doi:10.1000/ENGINES", "DOI 10.1000/engines", work.get_absolute_url()),
        ("https://ror.org/01aaaaa11", "ROR id 01aaaaa11", exton.get_absolute_url()),
    ):
        content = client.get("/search/suggestions/", {"q": query}).content.decode()
        assert content.count('role="option"') == 1, query
        assert shown in content
        assert f'data-address="{address}"' in content
    assert "On &lt;engines&gt; &amp;" in client.get("/search/suggestions/", {"q": "2001.00777"}).content.decode()
    set_hidden(work, hidden=True)
    for query in ("2001.00777", "2001.00778", "10.1000/engines", "0000-0002-1825-0097"):
        assert client.get("/search/suggestions/", {"q": query}).content.strip() == b""


def test_words_are_collected_when_a_name_or_a_title_changes(client: Client) -> None:
    make_researcher("Ada Lovelace")
    Researcher.objects.update(search_name="grace hopper")
    Work.objects.update(title="Compilers")
    assert people(client, "hoper")
    assert works(client, "complers") == ["Compilers"]


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def queries_of(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).context["answer"].count
        return len(queries)

    import_records(*(make_record(title="Engine", authors=["Ada Lovelace", f"Ada B{chr(97 + n)}x"]) for n in range(2)))
    urls = [f"/search/?q={q}" for q in ("ada&kind=people", "engine&kind=works", "engine&kind=works&sort=date")]
    few = [queries_of(url) for url in urls]
    names = [f"Ada {chr(97 + n // 20)}{chr(97 + n % 20)}q" for n in range(200)]
    import_records(*(make_record(title="Engine", authors=["Ada Lovelace", name]) for name in names))
    assert [queries_of(url) for url in urls] == few
    assert max(few) <= 3  # the search itself, the rows of the page, and what stands beside them


def test_misspelt_words_are_looked_up_by_the_index_however_few_are_known() -> None:
    """Going through all known words takes seconds: each must have its letters taken out."""
    words = ["".join(letters) for letters in product("abcdefghijklmno", repeat=3)]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_titleword (word) SELECT unnest(%s::text[]) || 'zq'", [words])
        cursor.execute("ANALYZE search_titleword")
        given = {"text": "featur lerning infinit width netwrks", "limit": 10, "words": 12, **EVERYTHING._asdict()}
        cursor.execute(f"EXPLAIN {BY_NEAR_WORDS}", given)
        plan = "\n".join(row[0] for row in cursor)
    assert "search_titleword_deletions" in plan
    assert "Seq Scan on search_titleword" not in plan

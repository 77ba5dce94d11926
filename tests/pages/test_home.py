"""The home page with its search box, and what machines ask for."""

import pytest
from django.test import Client

from tests.factories import get_person, import_records, make_record, make_researcher
from works.models import Work

pytestmark = pytest.mark.django_db


def found(client: Client, query: str) -> tuple[list[str], list[str]]:
    results = client.get("/", {"q": query}).context["results"]
    return [person.display_name for person in results.people], [work.title for work in results.works]


def test_an_empty_site_says_what_fills_it(client: Client) -> None:
    assert b"Nothing is imported yet" in client.get("/").content


def test_the_newest_works_are_shown(client: Client) -> None:
    import_records(*(make_record(title=f"Work of {year}", year=year) for year in range(2000, 2010)))
    assert [work.title for work in client.get("/").context["recent"]] == [
        f"Work of {year}" for year in range(2009, 2003, -1)
    ]


@pytest.mark.parametrize("query", ["José Pérez", "jose perez", "perez jose", "PEREZ", "pér"])
def test_people_are_found_however_they_are_typed(client: Client, query: str) -> None:
    make_researcher("José Pérez", coauthors=["Ada Lovelace"])
    assert found(client, query)[0] == ["José Pérez"]


def test_a_misspelt_name_is_found_and_said_to_be_near(client: Client) -> None:
    make_researcher("Greg Yang")
    response = client.get("/", {"q": "Grag Yang"})
    assert [person.display_name for person in response.context["results"].people] == ["Greg Yang"]
    assert "people with a name like it" in response.content.decode()


def test_works_are_found_by_words_of_title_and_abstract_title_first(client: Client) -> None:
    import_records(
        make_record(title="Something else", abstract="The analytical engine weaves patterns."),
        make_record(title="Engines that analyse", abstract="Nothing more."),
        make_record(title="Flowers"),
    )
    assert found(client, "engine")[1] == ["Engines that analyse", "Something else"]


def test_hidden_works_and_unlisted_people_are_not_found(client: Client) -> None:
    ada = make_researcher("Ada Lovelace")
    Work.objects.update(hidden=True)
    ada.state = "suppressed"
    ada.save(update_fields=["state"])
    assert client.get("/", {"q": "Lovelace"}).context["results"].is_empty
    assert client.get("/", {"q": "Work number"}).context["results"].is_empty


@pytest.mark.parametrize(
    "query", ["%", "_", "\\", "'", '"', "a" * 5000, "& | !", "\0", "(", "<script>", "*:*", "李", "  "]
)
def test_nothing_that_can_be_typed_fails(client: Client, query: str) -> None:
    make_researcher()
    response = client.get("/", {"q": query})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_the_query_is_shown_escaped(client: Client) -> None:
    content = client.get("/", {"q": "<b>bold</b>"}).content.decode()
    assert "<b>bold" not in content
    assert "&lt;b&gt;bold" in content


def test_robots_are_kept_out_of_what_is_not_theirs(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /accounts/" in text
    assert "Disallow: /authors" not in text


def test_health_is_the_database_answering(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_the_content_security_policy_allows_nothing_inline(client: Client) -> None:
    make_researcher()
    for url in ("/", get_person("Ada Lovelace").get_absolute_url(), "/accounts/login/"):
        policy = client.get(url)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy

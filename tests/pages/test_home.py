"""The home page with its search box, and what machines ask for."""

import pytest
from django.test import Client

from tests.factories import get_person, import_records, make_record, make_researcher

pytestmark = pytest.mark.django_db


def test_an_empty_site_says_what_fills_it(client: Client) -> None:
    assert b"Nothing is imported yet" in client.get("/").content


def test_the_newest_works_are_shown(client: Client) -> None:
    import_records(*(make_record(title=f"Work of {year}", year=year) for year in range(2000, 2010)))
    assert [work.title for work in client.get("/").context["recent"]] == [
        f"Work of {year}" for year in range(2009, 2003, -1)
    ]


def test_an_address_of_the_old_search_leads_to_the_search_page(client: Client) -> None:
    response = client.get("/", {"q": "Pérez & co"})
    assert (response.status_code, response["Location"]) == (301, "/search/?q=P%C3%A9rez+%26+co")


def test_robots_are_kept_out_of_what_is_not_theirs(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /accounts/" in text
    assert "Disallow: /authors" not in text


def test_health_is_the_database_answering(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_the_content_security_policy_allows_nothing_inline(client: Client) -> None:
    make_researcher()
    for url in ("/", "/search/?q=ada", get_person("Ada Lovelace").get_absolute_url(), "/accounts/login/"):
        policy = client.get(url)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy

"""What a page says when it cannot be shown: what happened, that nothing was lost, and what to do."""

from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, override_settings

from tests.factories import make_researcher


@pytest.mark.django_db
def test_a_missing_page_offers_the_search_box(client: Client) -> None:
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert b'name="q"' in response.content


@pytest.mark.django_db
def test_a_stale_form_says_that_nothing_was_changed(member: object) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "a@example.org", "password": "x"})
    assert response.status_code == 403
    assert b"Nothing was changed" in response.content


@pytest.mark.django_db
def test_members_are_kept_out_of_curation(as_member: Client, as_curator: Client, client: Client) -> None:
    assert client.get("/admin/").status_code == 302
    assert as_member.get("/admin/").status_code == 302
    assert as_curator.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_a_failure_of_ours_is_a_page_of_its_own() -> None:
    client = Client(raise_request_exception=False)
    with patch("bzpeer.pages.views.list_newest_works", side_effect=RuntimeError("a bug")):
        response = client.get("/")
    assert response.status_code == 500
    assert b"Something failed on our side" in response.content
    assert b"a bug" not in response.content


@pytest.mark.django_db
def test_a_database_that_is_away_is_not_ready_yet() -> None:
    url = make_researcher().get_absolute_url()
    client = Client(raise_request_exception=False)
    with patch("profiles.queries.Researcher.objects.exclude", side_effect=OperationalError("connection refused")):
        response = client.get(url)
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert b"Not ready yet" in response.content


@pytest.mark.django_db
def test_a_valkey_that_is_away_is_not_ready_yet() -> None:
    nowhere = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=nowhere):
        response = Client(raise_request_exception=False).post(
            "/accounts/login/", {"login": "a@example.org", "password": "x"}
        )
    assert response.status_code == 503


@pytest.mark.django_db
def test_a_malformed_request_is_400_not_500() -> None:
    client = Client(raise_request_exception=False)
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400

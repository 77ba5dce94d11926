"""Pages in the form that a client asks for, and the signposts to all of them."""

import re

import pytest
from django.conf import settings
from django.test import Client

from exports.addresses import media_types
from exports.negotiation import preferred_type
from tests.factories import make_researcher, make_work
from works.models import Work

OFFERED = list(media_types())


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", None),
        ("*/*", None),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", None),
        ("application/x-bibtex", "application/x-bibtex"),
        ("application/ld+json, text/html", None),
        ("application/ld+json, text/html;q=0.5", "application/ld+json"),
        ("application/x-bibtex;q=0.2, application/ld+json;q=0.9", "application/ld+json"),
        ("application/x-bibtex;q=0", None),
        ("APPLICATION/LD+JSON;profile=x;q=1", "application/ld+json"),
        ("image/png", None),
        ("application/ld+json;q=nan", None),
        ("application/ld+json;q=x, ,;;q", None),
    ],
)
def test_preference(accept: str, expected: str | None) -> None:
    assert preferred_type(accept, OFFERED) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("media_type", OFFERED)
def test_each_form_is_reached_from_the_page(client: Client, media_type: str) -> None:
    for url in (make_work().get_absolute_url(), make_researcher().get_absolute_url()):
        first = client.get(url, headers={"Accept": media_type})
        assert first.status_code == 303
        assert "Accept" in first["Vary"]
        found = client.get(first["Location"])
        assert found.status_code == 200
        assert found["Content-Type"].partition(";")[0] == media_type


@pytest.mark.django_db
def test_the_query_string_and_a_wrong_handle_are_carried_on(client: Client) -> None:
    ada = make_researcher()
    response = client.get(
        f"/authors/x-{ada.public_id}/?year=2020", headers={"Accept": "application/x-bibtex"}, follow=True
    )
    assert b"Lovelace" in response.getvalue()
    assert response.redirect_chain[0][0].endswith("export/bibtex/?year=2020")


@pytest.mark.django_db
def test_signposts_lead_somewhere(client: Client) -> None:
    work = make_work(arxiv_id="hep-th/9901001")
    response = client.get(work.get_absolute_url())
    links = re.findall(r'<([^>]+)>; rel="([a-z-]+)"', response["Link"])
    assert ("https://arxiv.org/abs/hep-th/9901001", "cite-as") in links
    assert ("https://schema.org/ScholarlyArticle", "type") in links
    described = [address for address, relation in links if relation == "describedby"]
    assert len(described) == len(OFFERED)
    for address in described:
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200
    Work.objects.update(hidden=True)
    assert "Link" not in client.get(work.get_absolute_url())

"""Feeds and sitemaps through the client, read by lxml."""

import gzip
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from exports import sitemaps
from profiles.models import Researcher
from tests.factories import import_records, make_author, make_record, make_researcher, make_work
from tests.works.institutions.registry import import_registry
from works.institutions.resolve import match_printed_affiliations
from works.models import Institution, Topic, Work

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": sitemaps.NAMESPACE}


def feed_of(client: Client, url: str) -> Any:
    response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8"), url
    return etree.fromstring(response.content)


def test_a_feed_of_a_person_is_newest_first(client: Client) -> None:
    old, new = make_record(year=2001, title="Old & <old>"), make_record(year=2020, authors=["Ada Lovelace", "Ben Bo"])
    import_records(old, new)
    ada = Researcher.objects.get(display_name="Ada Lovelace")
    feed = feed_of(client, f"{ada.get_absolute_url()}feed/")
    assert feed.xpath("a:entry/a:title/text()", namespaces=ATOM) == [new.title, "Old & <old>"]
    assert feed.xpath("a:entry/a:author/a:name/text()", namespaces=ATOM)[0] == "Ada Lovelace, Ben Bo"
    assert feed.xpath("a:entry/a:id/text()", namespaces=ATOM)[0] == f"{settings.SITE_URL}/works/{new.arxiv_id}/"
    assert feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == [
        f"{settings.SITE_URL}{ada.get_absolute_url()}feed/"
    ]
    assert feed.xpath("a:updated/text()", namespaces=ATOM)[0].startswith("2020-03-01")


def test_feeds_of_topics_and_searches(client: Client) -> None:
    make_work(title="Quantum gravity", categories=["hep-th"])
    make_work(title="Neural networks")
    for url in ("/topics/hep-th/feed/", "/works/feed/?q=gravity"):
        assert feed_of(client, url).xpath("a:entry/a:title/text()", namespaces=ATOM) == ["Quantum gravity"]
    assert feed_of(client, "/works/feed/?q=%00%1b%ef%bf%bf").xpath("a:entry", namespaces=ATOM) == []
    assert client.get("/topics/no.SUCH/feed/").status_code == 404


def test_a_feed_answers_304_until_it_changes(client: Client) -> None:
    ada = make_researcher()
    url = f"{ada.get_absolute_url()}feed/"
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    import_records(make_record())
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_what_is_hidden_is_in_no_feed(client: Client) -> None:
    ada = make_researcher()
    Work.objects.update(hidden=True)
    for url in (f"{ada.get_absolute_url()}feed/", "/topics/cs.LG/feed/", "/works/feed/?q=work"):
        assert feed_of(client, url).xpath("a:entry", namespaces=ATOM) == []
    Researcher.objects.update(state="suppressed")
    assert client.get(f"{ada.get_absolute_url()}feed/").status_code == 404


def addresses(client: Client, url: str) -> list[str]:
    response = client.get(url)
    assert response.status_code == 200
    body = response.getvalue()
    document = etree.fromstring(gzip.decompress(body) if url.endswith(".gz") else body)
    found: Any = document.xpath("*/s:loc/text()", namespaces=SITEMAP)
    return list(found)


def test_the_index_leads_to_every_page(client: Client) -> None:
    work, ada = make_work(arxiv_id="math.AG/0309136"), Researcher.objects.get()
    files = [address.removeprefix(settings.SITE_URL) for address in addresses(client, "/sitemap.xml")]
    pages = [page for file in files for page in addresses(client, file)]
    assert f"{settings.SITE_URL}{work.get_absolute_url()}" in pages
    assert f"{settings.SITE_URL}{ada.get_absolute_url()}" in pages
    assert len(pages) == 2 + Topic.objects.count()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_institutions_that_bylines_name_are_listed(client: Client) -> None:
    import_registry()
    import_records(make_record(authors=[make_author("Ada Lovelace", "University of Exton")]))
    match_printed_affiliations()
    assert Institution.objects.count() > 1
    assert addresses(client, "/sitemaps/institutions-1.xml.gz") == [f"{settings.SITE_URL}/institutions/01aaaaa11/"]


def test_files_are_ranges_of_ids(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "ADDRESSES_A_FILE", 2)
    make_researcher(works=5)
    with CaptureQueriesContext(connection) as queries:
        files = [address.removeprefix(settings.SITE_URL) for address in addresses(client, "/sitemap.xml")]
    assert len(queries) == 4  # one a kind
    works = [addresses(client, file) for file in files if "/works-" in file]
    assert max(map(len, works)) <= 2
    assert len({page for file in works for page in file}) == 5
    assert client.get(f"/sitemaps/works-{len(works) + 99}.xml.gz").status_code == 404
    assert client.get("/sitemaps/works-0.xml.gz").status_code == 404
    assert client.get("/sitemaps/nothing-1.xml.gz").status_code == 404


def test_hidden_merged_and_suppressed_pages_are_not_listed(client: Client) -> None:
    make_researcher("Ada Lovelace")
    make_researcher("Ben Bo")
    ada, ben = Researcher.objects.order_by("pk")
    Work.objects.update(hidden=True)
    Researcher.objects.filter(pk=ada.pk).update(state="suppressed")
    Researcher.objects.filter(pk=ben.pk).update(state="merged", merged_into=ada)
    files = [address.removeprefix(settings.SITE_URL) for address in addresses(client, "/sitemap.xml")]
    assert [page for file in files if "topics" not in file for page in addresses(client, file)] == []

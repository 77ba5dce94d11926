"""What pages say to machines, read by parsers that are not ours."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from lxml import html
from pyld import jsonld

from tests.factories import import_records, make_author, make_record, make_work
from works.models import Work

pytestmark = pytest.mark.django_db

SCHEMA = "http://schema.org/"


def load_context(url: str, options: object) -> dict[str, Any]:
    """Stand in for schema.org's own context, which no test may fetch: its vocabulary, and the terms that are links."""
    assert url == "https://schema.org"
    links = {term: {"@type": "@id"} for term in ("url", "sameAs", "license")}
    context = {"@vocab": SCHEMA, "id": "@id", "type": "@type"} | links
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": context}}


def triples(document: object) -> list[tuple[str, str, str]]:
    """Read a document with pyld as RDF triples."""
    rdf = jsonld.to_rdf(document, {"documentLoader": load_context})
    return [tuple(each[part]["value"] for part in ("subject", "predicate", "object")) for each in rdf["@default"]]


def head_of(client: Client, url: str) -> Any:
    return html.document_fromstring(client.get(url).content.decode()).find("head")


def embedded(head: Any) -> Any:
    (script,) = head.xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def metas(head: Any, name: str) -> list[str]:
    return list(head.xpath(f"//meta[@name='{name}' or @property='{name}']/@content"))


def test_a_works_head(client: Client) -> None:
    work = make_work(
        title="On $\\alpha$ & <b>",
        authors=["Ada Lovelace", make_author("LHCb", kind="collaboration"), "Charles Babbage"],
        doi="10.1/a 10.1/b",
    )
    head = head_of(client, work.get_absolute_url())
    assert metas(head, "citation_title") == metas(head, "og:title") == ["On α & <b>"]
    assert metas(head, "citation_author") == ["Ada Lovelace", "LHCb", "Charles Babbage"]
    assert metas(head, "citation_doi") == ["10.1/a", "10.1/b"]
    assert metas(head, "citation_publication_date") == ["2020/03/01"]
    assert head.xpath("link[@rel='canonical']/@href") == [f"{settings.SITE_URL}{work.get_absolute_url()}"]
    assert len(head.xpath("link[@rel='author']")) == 2


def test_a_works_json_ld_is_read_by_pyld(client: Client) -> None:
    work = make_work(title="On </script><script>alert(1)</script>", authors=["Ada Lovelace", "Charles Babbage"])
    page = client.get(work.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    document = embedded(head_of(client, work.get_absolute_url()))
    assert document == client.get(f"{work.get_absolute_url()}json-ld/").json()
    found = triples(document)
    subject = f"{settings.SITE_URL}{work.get_absolute_url()}"
    assert (subject, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{SCHEMA}ScholarlyArticle") in found
    assert (subject, f"{SCHEMA}name", "On </script><script>alert(1)</script>") in found
    assert (subject, f"{SCHEMA}sameAs", work.arxiv_url) in found
    authors = [each[2] for each in found if each[:2] == (subject, f"{SCHEMA}author")]
    assert len(authors) == 2
    assert {name for person, predicate, name in found if person in authors and predicate == f"{SCHEMA}name"} == {
        "Ada Lovelace",
        "Charles Babbage",
    }


def test_a_profiles_json_ld_is_read_by_pyld(client: Client) -> None:
    import_records(make_record(authors=[make_author("Ada Lovelace", "Analytical Institute")]))
    ada = Work.objects.get().authorships.get().researcher
    assert ada is not None
    url = ada.get_absolute_url()
    head = head_of(client, url)
    document = embedded(head)
    assert document == client.get(f"{url}json-ld/").json()
    found = triples(document)
    page, person = f"{settings.SITE_URL}{url}", f"{settings.SITE_URL}{url}#person"
    assert (page, f"{SCHEMA}mainEntity", person) in found
    assert (person, f"{SCHEMA}name", "Ada Lovelace") in found
    assert any(each[1:] == (f"{SCHEMA}name", "Analytical Institute") for each in found)
    assert metas(head, "og:type") == ["profile"]
    assert head.xpath("link[@rel='canonical']/@href") == [page]


def test_a_topic_is_canonical_without_what_else_the_query_string_held(client: Client) -> None:
    import_records(make_record())
    assert head_of(client, "/topics/cs.LG/?utm=x").xpath("link[@rel='canonical']/@href") == [
        f"{settings.SITE_URL}/topics/cs.LG/"
    ]

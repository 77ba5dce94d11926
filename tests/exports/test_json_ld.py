"""Our JSON-LD read as RDF by pyld, and held against schema.org's own vocabulary."""

import json
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from profiles.models import Researcher
from tests.exports.schema_org import SCHEMA, TYPE, context, list_faults, to_quads
from tests.factories import get_person, import_records, make_author, make_record, make_work
from tests.works.institutions.registry import import_registry
from works.institutions.resolve import match_printed_affiliations

pytestmark = pytest.mark.django_db

SITE = settings.SITE_URL
OLD_DOI = "10.1175/1520-0469(1995)052<2404:DCITAD>2.0.CO;2"  # a real one


def document_of(client: Client, url: str) -> Any:
    """Return the document in a page, which is also what its own address answers."""
    page: Any = html.document_fromstring(client.get(url).content.decode())
    (script,) = page.xpath("//head/script[@type='application/ld+json']")
    document = json.loads(script.text)
    assert document == client.get(f"{url}json-ld/").json()
    return document


def triples(document: object) -> set[tuple[str, str, str]]:
    quads = to_quads(document)
    return {(quad["subject"]["value"], quad["predicate"]["value"], quad["object"]["value"]) for quad in quads}


def described(document: object, subject: str) -> dict[str, set[str]]:
    """Return what a document says of one thing: values by the name of the property."""
    said: dict[str, set[str]] = {}
    for thing, predicate, value in triples(document):
        if thing == subject:
            said.setdefault(predicate.removeprefix(SCHEMA), set()).add(value)
    return said


def test_the_context_is_that_of_schema_org() -> None:
    """A few terms as schema.org's published context has them."""
    terms = context()["@context"]
    assert len(terms) > 100
    assert terms["sameAs"]["@type"] == terms["license"]["@type"] == "@id"
    assert terms["datePublished"] == terms["dateCreated"] | {"@id": f"{SCHEMA}datePublished"}
    assert terms["dateCreated"]["@type"] == f"{SCHEMA}Date"
    assert not {"identifier", "propertyID", "name", "author"} & terms.keys()


def test_faults_are_found() -> None:
    document = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": "https://example.org/1",
        "termCode": "cs.LG",
        "author": "Ada Lovelace",
        "colour": "red",
        "license": {"@type": "Licence", "@id": "https://example.org/<2>"},
    }
    assert sorted(list_faults(document)) == [
        "['ScholarlyArticle'] has no colour",
        "['ScholarlyArticle'] has no termCode",
        "author is no ['Text']: Ada Lovelace",
        "colour is no ['Text']: red",
        "no address: https://example.org/<2>",
        "no address: https://example.org/<2>",
        "no class: http://schema.org/Licence",
    ]


def test_a_work_is_what_schema_org_says_works_are(client: Client) -> None:
    work = make_work(
        title="On </script><script>alert(1)</script>",
        authors=["Ada Lovelace", make_author("LHCb", kind="collaboration"), "Charles Babbage"],
        doi=f"{OLD_DOI} 2011JB008565",
        license="http://creativecommons.org/licenses/by/4.0/",
    )
    Researcher.objects.filter(display_name="Charles Babbage").update(state=Researcher.State.SUPPRESSED)
    url = work.get_absolute_url()
    assert "<script>alert" not in client.get(url).content.decode()
    document = document_of(client, url)
    assert list_faults(document) == []
    ada = f"{SITE}{get_person('Ada Lovelace').get_absolute_url()}"
    said = described(document, f"{SITE}{url}")
    authors = said.pop("author")
    identifiers = said.pop("identifier")
    assert said == {
        TYPE: {f"{SCHEMA}ScholarlyArticle"},
        "url": {f"{SITE}{url}"},
        "name": {"On </script><script>alert(1)</script>"},
        "headline": {"On </script><script>alert(1)</script>"},
        "abstract": {work.abstract},
        "datePublished": {"2020-03-01"},
        "dateModified": {"2020-03-01"},
        "sameAs": {work.arxiv_url, "https://doi.org/10.1175/1520-0469(1995)052%3C2404:DCITAD%3E2.0.CO;2"},
        "about": {f"{SITE}/topics/cs.LG/"},
        "version": {"1"},
        "license": {"http://creativecommons.org/licenses/by/4.0/"},
    }
    people = [described(document, each) for each in authors]
    assert {(*each["name"], *each[TYPE], *each.get("url", ())) for each in people} == {
        ("Ada Lovelace", f"{SCHEMA}Person", ada),
        ("LHCb", f"{SCHEMA}Organization"),
        ("Charles Babbage", f"{SCHEMA}Person"),
    }
    assert f"{ada}#person" in authors
    numbers = [described(document, each) for each in identifiers]
    assert {(*each["propertyID"], *each["value"]) for each in numbers} == {("arXiv", work.arxiv_id), ("DOI", OLD_DOI)}
    assert described(document, f"{SITE}/topics/cs.LG/")["termCode"] == {"cs.LG"}


def test_dates_are_dates(client: Client) -> None:
    work = make_work()
    ada = get_person("Ada Lovelace")
    for page, properties in ((work, {"datePublished", "dateModified"}), (ada, {"dateCreated"})):
        quads = to_quads(document_of(client, page.get_absolute_url()))
        dates = {each["predicate"]["value"]: each["object"] for each in quads if "date" in each["predicate"]["value"]}
        assert dates.keys() == {f"{SCHEMA}{name}" for name in properties}
        for each in dates.values():
            assert each["datatype"] == f"{SCHEMA}Date"
            assert date.fromisoformat(each["value"]).isoformat() == each["value"]


def test_a_profile_is_a_page_about_a_person(client: Client) -> None:
    import_records(make_record(authors=[make_author("Ada Lovelace", "Analytical Institute")]))
    url = get_person("Ada Lovelace").get_absolute_url()
    document = document_of(client, url)
    assert list_faults(document) == []
    page = described(document, f"{SITE}{url}")
    assert page[TYPE] == {f"{SCHEMA}ProfilePage"}
    assert page["mainEntity"] == {f"{SITE}{url}#person"}
    person = described(document, f"{SITE}{url}#person")
    assert person[TYPE] == {f"{SCHEMA}Person"}
    assert person["name"] == {"Ada Lovelace"}
    (place,) = person["affiliation"]
    assert described(document, place) == {TYPE: {f"{SCHEMA}Organization"}, "name": {"Analytical Institute"}}


def test_an_affiliation_that_is_known_is_named_by_its_ror_id(client: Client) -> None:
    import_registry()
    import_records(make_record(authors=[make_author("Ada Lovelace", "Univ. of Exton")]))
    match_printed_affiliations()
    url = get_person("Ada Lovelace").get_absolute_url()
    document = document_of(client, url)
    assert list_faults(document) == []
    assert described(document, f"{SITE}{url}#person")["affiliation"] == {"https://ror.org/01aaaaa11"}
    assert described(document, "https://ror.org/01aaaaa11") == {
        TYPE: {f"{SCHEMA}Organization"},
        "name": {"University of Exton"},
        "url": {f"{SITE}/institutions/01aaaaa11/"},
    }

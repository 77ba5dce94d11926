"""What pages say to machines, read by parsers that are not ours."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from tests.factories import get_person, import_records, make_author, make_record, make_work
from tests.works.institutions.registry import import_registry

pytestmark = pytest.mark.django_db


def head_of(client: Client, url: str) -> Any:
    return html.document_fromstring(client.get(url).content.decode()).find("head")


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


def test_a_profiles_head(client: Client) -> None:
    import_records(make_record())
    url = get_person("Ada Lovelace").get_absolute_url()
    head = head_of(client, url)
    assert metas(head, "og:type") == ["profile"]
    assert head.xpath("link[@rel='canonical']/@href") == [f"{settings.SITE_URL}{url}"]


def test_a_topic_is_canonical_without_what_else_the_query_string_held(client: Client) -> None:
    import_records(make_record())
    assert head_of(client, "/topics/cs.LG/?utm=x").xpath("link[@rel='canonical']/@href") == [
        f"{settings.SITE_URL}/topics/cs.LG/"
    ]


def test_an_institution_is_canonical_under_its_ror_id(client: Client) -> None:
    import_registry()
    head = head_of(client, "/institutions/01aaaaa11/?utm=x")
    assert head.xpath("link[@rel='canonical']/@href") == [f"{settings.SITE_URL}/institutions/01aaaaa11/"]
    assert metas(head, "description")[0].startswith("University of Exton")

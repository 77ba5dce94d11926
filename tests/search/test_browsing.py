"""Lists to browse: names, the taxonomy, works as they were added."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from profiles.models import Researcher
from tests.factories import get_person, import_records, make_record, make_researcher, make_work
from works.models import Topic

pytestmark = pytest.mark.django_db


def names(client: Client, address: str) -> list[str]:
    return [person.researcher.display_name for person in client.get(address).context["page"].people]


def test_people_are_listed_by_family_name(client: Client) -> None:
    import_records(make_record(authors=["Zoe Adams", "Ada Zuse", "Émile Ábel", "李伟", "Bart van Wees"]))
    assert names(client, "/authors/") == ["Émile Ábel", "Zoe Adams", "Bart van Wees", "Ada Zuse", "李伟"]
    assert names(client, "/authors/?prefix=A") == ["Émile Ábel", "Zoe Adams"]
    assert names(client, "/authors/?prefix=%C3%A1b") == ["Émile Ábel"]
    assert names(client, "/authors/?prefix=van+wees") == ["Bart van Wees"]
    assert names(client, "/authors/?prefix=%E6%9D%8E") == ["李伟"]
    assert names(client, "/authors/?prefix=q") == []


def test_namesakes_are_told_apart_at_the_same_number_of_queries(client: Client) -> None:
    def listed() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as queries:
            page: Any = html.document_fromstring(client.get("/authors/?prefix=n").content.decode())
        return [" ".join(each.text_content().split()) for each in page.xpath("//*[@class='name-list']/li")], len(
            queries
        )

    make_work(authors=["Ada Name"], year=2001)
    make_work(authors=["Ada Name"], year=2003)
    found, few = listed()
    assert found == ["Ada Name 2 works, 2001–2003"]
    Researcher.objects.create(
        display_name="Ada Name", slug="ada-name", name_key=get_person("Ada Name").name_key, search_name="ada name"
    )
    import_records(*(make_record(authors=[f"Bea Name{chr(97 + number)}"]) for number in range(20)))
    found, many = listed()
    assert found[-3:] == ["Bea Namet 1 work, 2020", "Ada Name 2 works, 2001–2003", "Ada Name 0 works"]
    assert few == many


def test_every_name_stands_on_one_page(client: Client) -> None:
    import_records(make_record(authors=[f"Ada Name{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(130)]))
    seen: list[str] = []
    address = "/authors/?prefix=n"
    while address:
        page = client.get(address).context["page"]
        seen += [person.researcher.display_name for person in page.people]
        address = f"/authors/?prefix=n&after={page.after}" if page.after else ""
    assert len(seen) == len(set(seen)) == 130


@pytest.mark.parametrize(
    "query", ["prefix=%00", "prefix=%25", "after=x", "after=~", "after=x~99999999999999999999", "prefix='"]
)
def test_no_address_fails(client: Client, query: str) -> None:
    make_researcher()
    assert client.get(f"/authors/?{query}").status_code == 200


def test_every_open_topic_stands_in_the_taxonomy(client: Client) -> None:
    content = client.get("/topics/").content.decode()
    for topic in Topic.objects.filter(active=True):
        assert f'href="{topic.get_absolute_url()}"' in content


def test_works_are_listed_as_they_were_added(client: Client) -> None:
    added = [make_work(year=2020 - number).title for number in range(3)]
    assert [work.title for work in client.get("/works/").context["works"]] == added[::-1]
    import_records(*(make_record() for _ in range(30)))
    first = client.get("/works/")
    second = client.get(f"/works/?before={first.context['before']}")
    both = [work.pk for response in (first, second) for work in response.context["works"]]
    assert len(both) == len(set(both)) == 33
    assert second.context["before"] is None
    for odd in ("x", "-1", "9" * 30, "²"):
        assert client.get("/works/", {"before": odd}).status_code == 200


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def queries_of(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    import_records(make_record(), make_record(authors=["Grace Hopper"]))
    few = [queries_of(url) for url in ("/authors/", "/topics/", "/works/")]
    import_records(*(make_record(authors=[f"Given{n} Family"]) for n in range(200)))
    assert [queries_of(url) for url in ("/authors/", "/topics/", "/works/")] == few
    assert max(few) <= 3

"""The API through the client: pages, fields, limits, keys, and what it never tells."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from exports.api.keys import create_key
from exports.models import ApiKey
from profiles.models import Researcher
from tests.factories import get_person, import_records, make_record, make_researcher, make_work
from tests.sample import import_sample
from works.models import Work

pytestmark = pytest.mark.django_db

API = "/api/v1"


def walk(client: Client, url: str) -> list[dict[str, Any]]:
    """Follow the cursors of a list to its end."""
    items, cursor = [], ""
    while True:
        page = client.get(f"{url}{'&' if '?' in url else '?'}limit=3{f'&cursor={cursor}' if cursor else ''}").json()
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            return items


def test_a_work_says_what_its_page_does(client: Client) -> None:
    work = make_work(
        arxiv_id="hep-th/9901001", title="On $x$", authors=["Ada Lovelace"], categories=["hep-th", "gr-qc"]
    )
    answer = client.get(f"{API}/works/hep-th/9901001").json()
    ada = get_person("Ada Lovelace")
    assert (answer["id"], answer["title"], answer["topics"]) == ("hep-th/9901001", "On $x$", ["hep-th", "gr-qc"])
    assert answer["authors"] == [
        {"name": "Ada Lovelace", "id": ada.public_id, "url": f"{settings.SITE_URL}{ada.get_absolute_url()}"}
    ]
    assert answer["url"] == f"{settings.SITE_URL}{work.get_absolute_url()}"


def test_cursors_lead_through_all_works_once_even_at_one_moment(client: Client) -> None:
    import_records(*(make_record(year=2001 + number % 2) for number in range(10)))
    found = walk(client, f"{API}/works?fields=id")
    expected = Work.objects.order_by("-current_version_at", "-pk").values_list("arxiv_id", flat=True)
    assert [item["id"] for item in found] == list(expected)
    assert all(set(item) == {"id"} for item in found)


def test_lists_are_narrowed(client: Client) -> None:
    greg = import_sample()
    assert len(walk(client, f"{API}/authors/{greg.public_id}/works")) == 13
    assert len(walk(client, f"{API}/works?topic=hep-th")) == 1
    assert len(walk(client, f"{API}/works?q=randomized+smoothing")) == 3
    assert len(walk(client, f"{API}/works?year=2021")) == 2
    assert [item["name"] for item in walk(client, f"{API}/authors?name=yang+greg")] == ["Greg Yang"]
    assert client.get(f"{API}/topics/stat.TH").json()["alias_of"] == "math.ST"
    assert len(client.get(f"{API}/topics").json()["items"]) > 150


@pytest.mark.parametrize(
    "query",
    [
        "cursor=a+b",
        "limit=0",
        "limit=101",
        "limit=x",
        "fields=nothing",
        "fields=id,,url",
        "year=1",
        "topic=%00",
        "q=%00",
    ],
)
def test_nonsense_is_422_and_says_why(client: Client, query: str) -> None:
    response = client.get(f"{API}/works?{query}")
    assert response.status_code == 422
    assert response.json()["detail"]


@pytest.mark.parametrize("cursor", ["abc", "WzFd", "W10", "bnVsbA", "WyJ4IiwxXQ", "0", "e30"])
def test_a_cursor_that_is_not_ours_is_404(client: Client, cursor: str) -> None:
    for path in ("works", "authors"):
        if (path, cursor) != ("authors", "WzFd"):  # [1], which is a place among authors
            assert client.get(f"{API}/{path}?cursor={cursor}").status_code == 404


def test_what_is_hidden_merged_or_suppressed_is_not_told(client: Client) -> None:
    ada, ben, eve = (make_researcher(name) for name in ("Ada Lovelace", "Ben Bo", "Eve Ex"))
    hidden = Work.objects.get(authorships__researcher=ada)
    Work.objects.filter(pk=hidden.pk).update(hidden=True)
    Researcher.objects.filter(pk=ben.pk).update(state="merged", merged_into=ada)
    Researcher.objects.filter(pk=eve.pk).update(state="suppressed")
    assert client.get(f"{API}/works/{hidden.arxiv_id}").status_code == 404
    assert hidden.arxiv_id not in {item["id"] for item in walk(client, f"{API}/works")}
    assert walk(client, f"{API}/authors/{ada.public_id}/works") == []
    assert {item["id"] for item in walk(client, f"{API}/authors")} == {ada.public_id}
    assert client.get(f"{API}/authors/{eve.public_id}").status_code == 404
    moved = client.get(f"{API}/authors/{ben.public_id}")
    assert (moved.status_code, moved["Location"]) == (301, f"{API}/authors/{ada.public_id}")
    assert {name.get("id") for work in walk(client, f"{API}/works") for name in work["authors"]} == {None}


def test_no_e_mail_address_is_told(client: Client, member: User) -> None:
    make_work(submitter="Ada <ada@example.org>")
    ada = get_person("Ada Lovelace")
    Researcher.objects.filter(pk=ada.pk).update(state="claimed")
    for url in ("/works", "/authors", f"/authors/{ada.public_id}", f"/authors/{ada.public_id}/works"):
        assert b"@" not in client.get(f"{API}{url}").content


def test_an_answer_is_304_until_it_changes(client: Client) -> None:
    work = make_work()
    url = f"{API}/works/{work.arxiv_id}"
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    Work.objects.update(title="Another title")
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


@override_settings(API_REQUESTS_A_MINUTE={"anonymous": 3, "key": 6})
def test_limits_are_what_the_headers_say(client: Client, member: User) -> None:
    answers = [client.get(f"{API}/topics/cs.LG") for _ in range(4)]
    if len({answer["RateLimit"].partition("t=")[2] == "60" for answer in answers}) > 1:
        pytest.fail("a minute ended during the test")
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[0]["RateLimit-Policy"] == '"anonymous";q=3;w=60'
    key = create_key(member, "tests")
    with_key = client.get(f"{API}/topics/cs.LG", headers={"Authorization": f"Bearer {key}"})
    assert (with_key.status_code, with_key["RateLimit-Policy"]) == (200, '"key";q=6;w=60')


def test_a_wrong_or_revoked_key_is_401(client: Client, as_member: Client, member: User) -> None:
    key = create_key(member, "tests")
    asked: dict[str, Any] = {"headers": {"Authorization": f"Bearer {key}"}}
    assert client.get(f"{API}/topics", **asked).status_code == 200
    as_member.post(f"/api/keys/{ApiKey.objects.get().pk}/revoke/")
    assert client.get(f"{API}/topics", **asked).status_code == 401
    assert client.get(f"{API}/topics", headers={"Authorization": "Bearer x"}).status_code == 401


def test_keys_are_shown_once_and_kept_as_digests(as_member: Client, as_curator: Client, client: Client) -> None:
    page = as_member.post("/api/keys/", {"name": "my script"}).content.decode()
    stored = ApiKey.objects.get()
    assert page.count(stored.beginning) == 2
    again = as_member.get("/api/keys/").content.decode()
    assert again.count(stored.beginning) == 1
    assert "my script" in again
    assert "my script" not in as_curator.get("/api/keys/").content.decode()
    as_curator.post(f"/api/keys/{stored.pk}/revoke/")
    stored.refresh_from_db()
    assert stored.revoked_at is None, "a stranger revokes nothing"
    assert client.get("/api/keys/").status_code == 302
    assert as_member.post("/api/keys/", {"name": ""}).status_code == 200
    for _ in range(12):
        as_member.post("/api/keys/", {"name": "more"})
    assert ApiKey.objects.count() == 10


def test_the_page_for_people_comes_from_the_document_for_machines(client: Client) -> None:
    document = client.get(f"{API}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    page = client.get("/api/").content.decode()
    for path in document["paths"]:
        assert path in page


def test_the_api_is_read_only(client: Client) -> None:
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(f"{API}/works").status_code == 405


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    import_records(*(make_record(authors=["Ada Lovelace", "Ben Bo"]) for _ in range(2)))
    ada = get_person("Ada Lovelace")
    urls = [f"{API}/works?limit=100", f"{API}/authors/{ada.public_id}/works?limit=100", f"{API}/authors?limit=100"]

    def queries_of(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = [queries_of(url) for url in urls]
    import_records(*(make_record(authors=["Ada Lovelace", f"Given{number} Fam"]) for number in range(60)))
    assert [queries_of(url) for url in urls] == few
    assert few == [3, 4, 1]
    assert json.loads(client.get(urls[0]).content)["next"] is None


@pytest.mark.parametrize("path", ["nothing", "works/a%0Ab", "works/%F0%9F%A6%84%0A"])
def test_what_is_no_address_of_the_api_is_answered_in_json(client: Client, path: str) -> None:
    response = client.get(f"/api/v1/{path}")
    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (404, "application/json")

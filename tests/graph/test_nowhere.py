"""What is suppressed, disputed or hidden stands at no exit of the graph, whoever looks; and everybody sees the same."""

from collections.abc import Iterator

import pytest
from django.test import Client

from profiles.models import Researcher
from tests.claims.cast import own
from tests.factories import get_person, import_records, make_author, make_record, make_user
from tests.works.institutions.registry import import_registry
from works.institutions.resolve import match_printed_affiliations
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db

VIEWERS = ["anonymous", "member", "owner", "other owner", "curator"]
NOWHERE = ["Removed", "Contested", "In secret"]
EXTON = "Univ. of Exton"


@pytest.fixture(autouse=True)
def _records() -> None:
    """Ada wrote with Babbage, with one who was removed, and, it is disputed, with another; each wrote more besides."""
    import_registry()
    import_records(
        make_record(
            arxiv_id="2001.00001",
            title="Joint",
            authors=[
                make_author(n, EXTON) for n in ("Ada Lovelace", "Charles Babbage", "Rae Removed", "Con Contested")
            ],
        ),
        make_record(arxiv_id="2001.00002", title="In secret", authors=["Ada Lovelace", make_author("Max Born", EXTON)]),
        make_record(title="Only by her", abstract="", authors=["Rae Removed"], categories=["hep-th"]),
        make_record(title="Only by him", abstract="", authors=["Con Contested"], categories=["hep-th"]),
        make_record(
            title="By Babbage", abstract="", authors=["Charles Babbage", "Emmy Noether"], categories=["hep-th"]
        ),
        make_record(title="A bridge", abstract="", authors=["Rae Removed", "Emmy Noether"], categories=["gr-qc"]),
    )
    match_printed_affiliations()


def take_away() -> None:
    Work.objects.filter(title="In secret").update(hidden=True)
    Researcher.objects.filter(display_name="Rae Removed").update(state=Researcher.State.SUPPRESSED)
    Authorship.objects.filter(work__title="Joint", printed_name="Con Contested").update(attribution="disputed")


@pytest.fixture(params=VIEWERS)
def viewer(request: pytest.FixtureRequest) -> Client:
    client = Client()
    if request.param == "anonymous":
        return client
    curator = make_user("curator@example.org", is_staff=True)
    user = curator if request.param == "curator" else make_user("viewer@example.org")
    if "owner" in request.param:
        own(user, get_person("Ada Lovelace" if request.param == "owner" else "Charles Babbage"), curator)
    client.force_login(user)
    return client


def list_exits() -> Iterator[str]:
    ada, babbage = get_person("Ada Lovelace"), get_person("Charles Babbage")
    yield f"/graph/slice/{ada.handle}/"
    for focus in (f"author:{ada.public_id}", "work:2001.00001", "topic:cs.LG", "institution:01aaaaa11"):
        for more in ("", f"&open=author:{babbage.public_id}", "&depth=2&kind=person&kind=work"):
            yield f"/graph/?focus={focus}{more}"
            yield from (f"/graph/export.{form}?focus={focus}{more}" for form in ("json", "graphml", "svg"))
    yield f"/graph/path/?from=author:{ada.public_id}&to=author:{babbage.public_id}"


def test_every_exit_shows_them_until_they_are_taken_away() -> None:
    shown = " ".join(Client().get(exit_).content.decode() for exit_ in list_exits())
    assert [word for word in NOWHERE if word not in shown] == []


def test_no_exit_shows_them_to_anybody(viewer: Client) -> None:
    take_away()
    for exit_ in list_exits():
        response = viewer.get(exit_)
        assert response.status_code == 200, exit_
        assert [word for word in NOWHERE if word in response.content.decode()] == [], exit_
        assert response.content == Client().get(exit_).content, exit_


def test_nobody_comes_by_way_of_them(viewer: Client) -> None:
    removed = get_person("Rae Removed")
    ids = [get_person(name).public_id for name in ("Ada Lovelace", "Emmy Noether", "Con Contested", "Max Born")]
    take_away()
    around = viewer.get("/graph/?focus=work:2001.00001").content.decode()
    assert ("By Babbage" in around, "Only by her" in around, "Only by him" in around, "A bridge" in around) == (
        True,
        False,
        False,
        False,
    )
    ada, noether, contested, born = (f"author:{public_id}" for public_id in ids)
    path = viewer.get("/graph/path/", {"from": ada, "to": noether}).context["steps"]
    assert [step.researcher.display_name for step in path] == ["Ada Lovelace", "Charles Babbage", "Emmy Noether"]
    for unreachable in (contested, born):
        assert viewer.get("/graph/path/", {"from": ada, "to": unreachable}).context["steps"] is None
    for address in (
        f"/graph/slice/{removed.handle}/",
        f"/graph/?focus=author:{removed.public_id}",
        f"/graph/export.json?focus=author:{removed.public_id}",
        f"/graph/path/?from={ada}&to=author:{removed.public_id}",
        "/graph/?focus=work:2001.00002",
        "/graph/export.graphml?focus=work:2001.00002",
    ):
        response = viewer.get(address)
        assert (response.status_code, "Rae" in response.content.decode()) == (404, False), address

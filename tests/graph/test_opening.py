"""Opening and closing neighbours in the explorer, a second step, and an institution as the focus."""

import itertools
import json

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from graph.look import OPENED_BY_DEPTH
from graph.nodes import Key, Link, Neighbourhood, Node
from graph.state import MOST_OPENED, read_state
from profiles.models import Researcher
from tests.factories import get_person, import_records, make_author, make_record
from tests.works.institutions.registry import import_registry
from works.institutions.resolve import match_printed_affiliations
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db


def key_of(name: str) -> str:
    return f"author:{get_person(name).public_id}"


def labels(client: Client, query: str) -> list[str]:
    return [node.label for node in client.get(f"/graph/?{query}").context["around"].nodes]


def import_chain() -> str:
    """Ada wrote with Babbage, who wrote with Noether, who wrote with Hilbert; return the query that begins with Ada."""
    names = ["Ada Lovelace", "Charles Babbage", "Emmy Noether", "David Hilbert"]
    for one, other in itertools.pairwise(names):
        import_records(make_record(authors=[one, other], categories=[], title=f"By {one} and {other}"))
    return f"focus={key_of('Ada Lovelace')}&kind=person"


def test_an_opened_neighbour_brings_what_stands_around_it(client: Client) -> None:
    query = import_chain()
    assert labels(client, query) == ["Charles Babbage"]
    once = f"{query}&open={key_of('Charles Babbage')}"
    assert labels(client, once) == ["Charles Babbage", "Emmy Noether"]
    assert labels(client, f"{once}&open={key_of('Emmy Noether')}")[-1] == "David Hilbert"
    around = client.get(f"/graph/?{once}").context["around"]
    assert around.nodes[1].reason == "around Charles Babbage: 1 joint work, 2020, weight 1.00"
    assert around.nodes[1].nearness < around.nodes[0].nearness
    assert [link.reason for link in around.links] == ["Charles Babbage: 1 joint work, 2020, weight 1.00"]


def test_nothing_is_said_twice_of_a_pair(client: Client) -> None:
    import_records(
        *(make_record(authors=["Ada Lovelace", "Emmy Noether"]) for _ in range(3)),
        make_record(authors=["Ada Lovelace", "Charles Babbage", "Emmy Noether"]),
        make_record(authors=["Charles Babbage", "Emmy Noether", "David Hilbert"]),
    )
    content = client.get(f"/graph/export.json?focus={key_of('Ada Lovelace')}&kind=person&depth=2").content
    pairs = [frozenset((edge["source"], edge["target"])) for edge in json.loads(content)["edges"]]
    assert len(pairs) == len(set(pairs)) == 5  # all but the one between Ada and Hilbert


def test_links_open_and_close(client: Client) -> None:
    query = import_chain()
    babbage = key_of("Charles Babbage")
    response = client.get(f"/graph/?{query}")
    assert response.context["state"].toggled(Key("person", babbage[7:]), ()) in unescaped(response.content)
    opened = client.get(f"/graph/?{query}&open={babbage}")
    assert (
        opened.context["state"].toggled(Key("person", babbage[7:]), opened.context["opened"])
        == response.context["state"].query
    )
    assert "close<span" in opened.content.decode()


def unescaped(content: bytes) -> str:
    return content.decode().replace("&amp;", "&")


def test_two_steps_open_the_nearest(client: Client) -> None:
    query = import_chain()
    response = client.get(f"/graph/?{query}&depth=2")
    assert [node.label for node in response.context["around"].nodes] == ["Charles Babbage", "Emmy Noether"]
    assert [str(key) for key in response.context["opened"]] == [key_of("Charles Babbage")]


def test_what_is_not_near_or_kept_out_does_not_open(client: Client) -> None:
    query = import_chain()
    for other in (key_of("Emmy Noether"), "author:nobody", "work:9999.99999", "topic:no.SUCH", "institution:0x", "x:y"):
        assert labels(client, f"{query}&open={other}") == ["Charles Babbage"]
    assert labels(client, f"{query.replace('person', 'topic')}&open={key_of('Charles Babbage')}") == []


def test_exports_hold_what_is_opened(client: Client) -> None:
    query = f"{import_chain()}&open={key_of('Charles Babbage')}"
    found = json.loads(client.get(f"/graph/export.json?{query}").content)
    assert [node["label"] for node in found["nodes"]] == ["Charles Babbage", "Emmy Noether"]
    ends = [(edge["source"], edge["target"]) for edge in found["edges"]]
    ada, babbage, noether = map(key_of, ("Ada Lovelace", "Charles Babbage", "Emmy Noether"))
    assert ends == [(ada, babbage), (babbage, noether)]


def test_the_script_is_given_what_the_lists_say(client: Client) -> None:
    query = f"{import_chain()}&open={key_of('Charles Babbage')}"
    graph = client.get(f"/graph/?{query}").context["graph"]
    assert [(node["label"], node["open"], node["via"]) for node in graph["nodes"]] == [
        ("Ada Lovelace", False, None),
        ("Charles Babbage", True, None),
        ("Emmy Noether", False, key_of("Charles Babbage")),
    ]


def test_hidden_suppressed_and_disputed_stay_away_behind_what_is_opened(client: Client) -> None:
    query = f"{import_chain()}&open={key_of('Charles Babbage')}"
    Researcher.objects.filter(display_name="Emmy Noether").update(state="suppressed")
    assert labels(client, query) == ["Charles Babbage"]
    Researcher.objects.filter(display_name="Emmy Noether").update(state="unclaimed")
    Work.objects.filter(title="By Charles Babbage and Emmy Noether").update(hidden=True)
    assert labels(client, query) == ["Charles Babbage"]


def test_an_address_opens_no_more_than_it_may() -> None:
    query = QueryDict("&".join(["focus=topic:cs.LG", *(f"open=work:{n}" for n in range(100))]))
    assert len(read_state(query).opened) == MOST_OPENED


def test_a_graph_grows_to_no_more_than_it_may() -> None:
    focus, opener = Key("person", "1"), Key("person", "2")
    near = Node(opener, "Near", "/near/", "", 1, 1)
    far = [Node(Key("work", str(n)), "Far", "/far/", "", 1, 1) for n in range(50)]
    links = [Link(far[0].key, far[49].key, "")]
    around = Neighbourhood(focus, "Focus", "/", [near], [])
    grown = around.joined(Neighbourhood(opener, "Near", "/near/", far, links), room=10)
    assert len(grown.nodes) == 11
    assert len(grown.links) == 10  # none to what there was no room for
    assert grown.joined(Neighbourhood(opener, "Near", "/near/", far, links), room=0).nodes == grown.nodes


def test_two_steps_cost_a_bounded_number_of_queries(client: Client) -> None:
    authors = [f"Person Number{chr(97 + n)}" for n in range(20)]
    import_records(make_record(authors=["Ada Lovelace", *authors]))
    address = f"/graph/?focus={key_of('Ada Lovelace')}&depth=2"
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 6 * (1 + OPENED_BY_DEPTH)


def import_institution() -> None:
    import_registry()
    exton = "Univ. of Exton"
    import_records(
        make_record(title="Old", authors=[make_author("Ada Lovelace", exton)], categories=["cs.LG"], year=2001),
        make_record(
            title="New",
            authors=[make_author("Ada Lovelace", exton), make_author("Charles Babbage", exton), "Emmy Noether"],
            categories=["cs.LG", "hep-th"],
            year=2009,
        ),
    )
    match_printed_affiliations()


def test_around_an_institution(client: Client) -> None:
    import_institution()
    nodes = client.get("/graph/?focus=institution:01aaaaa11").context["around"].nodes
    assert [(node.kind, node.label, node.reason) for node in nodes if node.kind != "institution"] == [
        ("person", "Ada Lovelace", "2 works with this affiliation"),
        ("person", "Charles Babbage", "1 work with this affiliation"),
        ("topic", "cs.LG Machine Learning", "on 100% of its newest works"),
        ("topic", "hep-th High Energy Physics - Theory", "on 50% of its newest works"),
        ("work", "New", "among its newest works"),
        ("work", "Old", "among its newest works"),
    ]
    assert [work.title for work in nodes[0].evidence] == ["New", "Old"]
    assert "New" not in labels(client, "focus=institution:01aaaaa11&to=2005")


def test_an_institution_shows_nothing_hidden_suppressed_or_disputed(client: Client) -> None:
    import_institution()
    Researcher.objects.filter(display_name="Charles Babbage").update(state="suppressed")
    Work.objects.filter(title="Old").update(hidden=True)
    assert {"Charles Babbage", "Old"}.isdisjoint(labels(client, "focus=institution:01aaaaa11"))
    Authorship.objects.filter(printed_name="Ada Lovelace").update(attribution="disputed")
    assert "Ada Lovelace" not in labels(client, "focus=institution:01aaaaa11")


def test_an_institution_costs_a_fixed_number_of_queries(client: Client) -> None:
    import_institution()
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/graph/?focus=institution:01aaaaa11").status_code == 200
    assert len(queries) <= 6


def test_an_institution_without_anybody_says_so(client: Client) -> None:
    import_registry()
    content = client.get("/graph/?focus=institution:01aaaaa44").content
    assert b"Nobody stands here yet" in content
    assert client.get("/graph/?focus=institution:0nosuch00").status_code == 404
    assert client.get("/graph/?focus=institution:99999999999999999").status_code == 404

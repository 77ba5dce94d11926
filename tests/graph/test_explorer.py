"""The explorer: its address, each focus, the filters, what can be taken away, and paths between people."""

import json
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st
from lxml import etree

from graph.nodes import Key
from graph.state import ExplorerState, read_state
from profiles.models import Researcher
from tests.factories import get_person, import_records, make_record, make_researcher
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def around(client: Client, query: str) -> list[tuple[str, str, str]]:
    nodes = client.get(f"/graph/?{query}").context["around"].nodes
    return [(node.kind, node.label, node.reason) for node in nodes]


def person_query(name: str) -> str:
    return f"focus=author:{get_person(name).public_id}"


# The address


def test_the_address_is_the_state(client: Client) -> None:
    ada = make_researcher(coauthors=["Charles Babbage"])
    query = f"focus=author:{ada.public_id}&kind=person&kind=work&from=2001&to=2030&weight=0.25"
    state = client.get(f"/graph/?{query}").context["state"]
    assert state == ExplorerState(Key("person", ada.public_id), ("person", "work"), 2001, 2030, 0.25)
    assert read_state(QueryDict(state.query)) == state
    babbage = get_person("Charles Babbage").public_id
    assert f"?focus=author%3A{babbage}&amp;kind=person" in client.get(f"/graph/?{query}").content.decode()
    assert b"Where to begin" in client.get("/graph/").content


parameters = st.fixed_dictionaries(
    {},
    optional={name: st.text(max_size=30) for name in ("focus", "kind", "from", "to", "weight", "layout")},
)


@given(parameters)
def test_any_address_is_read_or_refused(values: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(values)
    try:
        state = read_state(query)
    except LookupError:
        return
    assert read_state(QueryDict(state.query)) == state


@pytest.mark.parametrize(
    "query",
    [
        *(f"focus={focus}" for focus in ("author:", "author:0000000", "author:%00", "planet:x", "author", ":")),
        *(f"focus={focus}" for focus in ("work:", "work:%00", "work:2001.00001", "topic:%00", "topic:no.such")),
        f"focus=author:x&from={'9' * 5000}&weight={'9' * 5000}",
    ],
)
def test_a_focus_that_makes_no_sense_is_not_found_or_asks_where_to_begin(client: Client, query: str) -> None:
    response = client.get(f"/graph/?{query}")
    assert response.status_code in {200, 404}
    assert b'action="/search/"' in response.content
    assert client.get(f"/graph/export.json?{query}").status_code == 404


@pytest.mark.parametrize("address", ["/graph/", "/graph/path/", "/graph/export.json", "/graph/export.svg"])
def test_it_is_read_only(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


# Each focus


def test_around_a_person(client: Client) -> None:
    import_records(
        make_record(authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG"], year=2001),
        make_record(title="Elsewhere", abstract="", authors=["Charles Babbage"], categories=["hep-th"], year=2002),
    )
    assert around(client, person_query("Ada Lovelace")) == [
        ("person", "Charles Babbage", "1 joint work, 2001, weight 1.00"),
        ("topic", "cs.LG Machine Learning", "1 work, 100% of them, 2001"),
        ("work", "Elsewhere", "by a collaborator"),
    ]


def test_around_a_work(client: Client) -> None:
    import_records(
        make_record(arxiv_id="2001.00001", authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG", "hep-th"]),
        make_record(title="Shares both", authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG"]),
        make_record(title="Shares one", authors=["Ada Lovelace"], categories=["math.AG"]),
        make_record(title="Shares none", authors=["Mary Somerville"], categories=["cs.LG"]),
    )
    assert around(client, "focus=work:2001.00001") == [
        ("person", "Ada Lovelace", "author 1 of 2"),
        ("person", "Charles Babbage", "author 2 of 2"),
        ("topic", "cs.LG Machine Learning", "primary topic"),
        ("topic", "hep-th High Energy Physics - Theory", "also filed under it"),
        ("work", "Shares both", "shares 2 authors and 1 topic"),
        ("work", "Shares one", "shares 1 author"),
    ]


def test_around_a_topic(client: Client) -> None:
    import_records(
        make_record(title="Older", authors=["Ada Lovelace"], categories=["cs.LG"], year=2001),
        make_record(
            title="Newer", authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG", "hep-th"], year=2003
        ),
        make_record(title="Elsewhere", authors=["Mary Somerville"], categories=["math.AG"]),
    )
    assert around(client, "focus=topic:cs.LG") == [
        ("person", "Ada Lovelace", "2 works of the newest 2"),
        ("person", "Charles Babbage", "1 work of the newest 2"),
        ("topic", "hep-th High Energy Physics - Theory", "on 50% of its newest works"),
        ("work", "Newer", "among its newest works"),
        ("work", "Older", "among its newest works"),
    ]


def test_what_is_hidden_suppressed_or_disputed_is_nowhere(client: Client) -> None:
    import_records(
        make_record(arxiv_id="2001.00001", authors=["Ada Lovelace", "Charles Babbage", "Emmy Noether"]),
        make_record(title="Hidden", authors=["Ada Lovelace", "Mary Somerville"]),
    )
    Work.objects.filter(title="Hidden").update(hidden=True)
    Researcher.objects.filter(display_name="Charles Babbage").update(state="suppressed")
    Authorship.objects.filter(printed_name="Emmy Noether").update(attribution="disputed")
    for query in (person_query("Ada Lovelace"), "focus=work:2001.00001", "focus=topic:cs.LG"):
        labels = {label for _kind, label, _reason in around(client, query)}
        assert labels.isdisjoint({"Charles Babbage", "Mary Somerville", "Emmy Noether", "Hidden"})
    hidden = Work.objects.get(title="Hidden")
    assert client.get(f"/graph/?focus=work:{hidden.arxiv_id}").status_code == 404


# The filters


def test_kinds_years_and_weight_narrow_it(client: Client) -> None:
    import_records(
        make_record(authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG"], year=2001),
        make_record(authors=["Ada Lovelace", "A. B", "C. D", "E. F"], categories=["hep-th"], year=2010),
    )
    ada = person_query("Ada Lovelace")
    assert {kind for kind, _label, _reason in around(client, f"{ada}&kind=topic")} == {"topic"}
    assert [label for kind, label, _reason in around(client, f"{ada}&to=2005") if kind != "work"] == [
        "Charles Babbage",
        "cs.LG Machine Learning",
    ]
    assert [label for _kind, label, _reason in around(client, f"{ada}&kind=person&weight=0.5")] == ["Charles Babbage"]
    assert b"Nothing passes these filters" in client.get(f"/graph/?{ada}&from=1900&to=1901").content


def test_the_least_weight_may_be_more_than_1_and_is_asked_of_collaborators_only(client: Client) -> None:
    import_records(
        *(make_record(arxiv_id=f"2001.0000{n}", authors=["Ada Lovelace", "Charles Babbage"]) for n in range(3)),
        make_record(authors=["Ada Lovelace", "Emmy Noether"]),
    )
    ada = person_query("Ada Lovelace")
    assert [label for _kind, label, _reason in around(client, f"{ada}&kind=person&weight=2.5")] == ["Charles Babbage"]
    assert around(client, f"{ada}&kind=person&weight=3.5") == []
    on_the_work = around(client, "focus=work:2001.00001&kind=person&weight=3.5")
    assert [label for _kind, label, _reason in on_the_work] == ["Ada Lovelace", "Charles Babbage"]


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    make_researcher("Few Works", works=2, coauthors=["Charles Babbage"])
    make_researcher("Many Works", works=40, coauthors=["Mary Somerville", "Emmy Noether"])
    few, many = Work.objects.earliest("pk"), Work.objects.latest("pk")
    for one, other, most in (
        (person_query("Few Works"), person_query("Many Works"), 6),
        (f"focus=work:{few.arxiv_id}", f"focus=work:{many.arxiv_id}", 5),
        ("focus=topic:hep-th", "focus=topic:cs.LG", 5),
    ):
        counts = []
        for query in (one, other):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/graph/?{query}").status_code == 200
            counts.append(len(queries))
        assert counts[0] <= counts[1] <= most


# Taking it away


def test_it_is_taken_away_as_json_graphml_and_svg(client: Client) -> None:
    import_records(
        make_record(title="A \x1b $x<y$ & more", authors=["Ada Lovelace", "Charles Babbage", "Mary & <Somerville>"]),
    )
    query = person_query("Ada Lovelace")
    shown = around(client, query)
    as_json = json.loads(client.get(f"/graph/export.json?{query}").content)
    assert [(node["kind"], node["label"], node["reason"]) for node in as_json["nodes"]] == shown
    assert as_json["nodes"][0]["evidence"][0]["url"].startswith(f"{settings.SITE_URL}/works/")
    assert as_json["focus"]["id"] == query.removeprefix("focus=")
    response = client.get(f"/graph/export.graphml?{query}")
    graph = etree.fromstring(response.content).find(f"{GRAPHML}graph")
    assert graph is not None
    ids = {node.attrib["id"] for node in graph.findall(f"{GRAPHML}node")}
    assert ids == {as_json["focus"]["id"], *(node["id"] for node in as_json["nodes"])}
    edges = [(edge.attrib["source"], edge.attrib["target"]) for edge in graph.findall(f"{GRAPHML}edge")]
    assert edges == [(edge["source"], edge["target"]) for edge in as_json["edges"]]
    assert len(edges) == len(shown) + 1  # and the one between the two collaborators
    assert response["Content-Disposition"].startswith("attachment")
    svg = client.get(f"/graph/export.svg?{query}").content
    assert etree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert svg.startswith(b"<?xml")


# Paths


def path(client: Client, start: str, goal: str) -> list[str] | None:
    query = {"from": f"author:{get_person(start).public_id}", "to": f"author:{get_person(goal).public_id}"}
    steps = client.get("/graph/path/", query).context["steps"]
    return steps and [step.researcher.display_name for step in steps]


def test_the_shortest_path_between_two_people(client: Client) -> None:
    import_records(
        make_record(authors=["Ada Lovelace", "Charles Babbage"]),
        make_record(authors=["Charles Babbage", "Emmy Noether"]),
        make_record(authors=["Emmy Noether", "David Hilbert"]),
        make_record(authors=["David Hilbert", "Max Born"]),
        make_record(authors=["Ada Lovelace", "Long Way"]),
        make_record(authors=["Long Way", "Longer Way"]),
        make_record(authors=["Longer Way", "Longest Way"]),
        make_record(authors=["Longest Way", "Detour Road"]),
        make_record(authors=["Detour Road", "Max Born"]),
        make_record(authors=["Mary Somerville"]),
    )
    names = ["Ada Lovelace", "Charles Babbage", "Emmy Noether", "David Hilbert", "Max Born"]
    assert path(client, "Ada Lovelace", "Max Born") == names
    assert path(client, "Max Born", "Ada Lovelace") == names[::-1]
    assert path(client, "Ada Lovelace", "Ada Lovelace") == ["Ada Lovelace"]
    assert path(client, "Ada Lovelace", "Mary Somerville") is None


def test_each_step_of_a_path_is_a_joint_work(client: Client) -> None:
    import_records(
        make_record(authors=["Ada Lovelace", "Charles Babbage"]),
        make_record(authors=["Charles Babbage", "Emmy Noether"]),
    )
    query = {"from": f"/authors/{get_person('Ada Lovelace').handle}/", "to": get_person("Emmy Noether").handle}
    steps = client.get("/graph/path/", query).context["steps"]
    assert steps[0].work is None
    for before, after in pairwise(steps):
        on_the_work = set(after.work.authorships.values_list("researcher", flat=True))
        assert {before.researcher.pk, after.researcher.pk} <= on_the_work


def test_a_crowded_byline_and_a_suppressed_person_join_nobody(client: Client) -> None:
    import_records(
        make_record(authors=["Ada Lovelace", "Emmy Noether", *(f"Member Number{chr(97 + n)}" for n in range(24))]),
        make_record(authors=["Ada Lovelace", "Charles Babbage"]),
        make_record(authors=["Charles Babbage", "Emmy Noether"]),
    )
    assert path(client, "Ada Lovelace", "Emmy Noether") == ["Ada Lovelace", "Charles Babbage", "Emmy Noether"]
    Researcher.objects.filter(display_name="Charles Babbage").update(state="suppressed")
    assert path(client, "Ada Lovelace", "Emmy Noether") is None


@pytest.mark.parametrize("query", ["", "from=author:x", "from=%00&to=y", f"from={'x' * 3000}"])
def test_a_path_between_nobody_asks_or_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/graph/path/?{query}").status_code == (404 if query else 200)


def test_what_was_typed_is_kept_and_what_is_wrong_is_said_beside_it(client: Client) -> None:
    ada = make_researcher()
    content = client.get("/graph/path/", {"from": ada.handle, "to": "Charles <B>"}).content.decode()
    assert (
        'name="to" value="Charles &lt;B&gt;" aria-describedby="path-hint path-to-error" aria-invalid="true"' in content
    )
    assert f'name="from" value="author:{ada.public_id}" aria-describedby="path-hint" required' in content
    assert content.count("Nobody has this address or id.") == 1
    assert "No path was looked for." in content


def test_an_unknown_focus_is_named_and_another_is_offered(client: Client) -> None:
    response = client.get("/graph/?focus=work:9999.99999")
    assert response.status_code == 404
    assert "Nothing is known of work:9999.99999." in response.content.decode()
    assert b"Where to begin" not in response.content

"""The graph slice: what stands nearby and why; empty, missing and many."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from graph.collaborators import CollaboratorEdge
from profiles.models import Researcher
from tests.factories import get_person, import_records, make_author, make_record, make_researcher, make_user
from tests.sample import import_sample
from tests.works.institutions.registry import import_registry
from works.curate import correct_work
from works.institutions.resolve import match_printed_affiliations
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db


def slice_url(researcher: Researcher) -> str:
    return f"/graph/slice/{researcher.handle}/"


def test_the_slice_of_the_seed(client: Client) -> None:
    greg = import_sample()
    found = client.get(slice_url(greg)).context["slice"]
    assert [(edge.researcher.display_name, edge.joint_works, edge.is_close) for edge in found.collaborators[:4]] == [
        ("Hadi Salman", 5, True),
        ("J. Edward Hu", 3, True),
        *[(edge.researcher.display_name, 2, True) for edge in found.collaborators[2:4]],
    ]
    assert {edge.researcher.display_name for edge in found.collaborators[2:4]} == {"Huan Zhang", "Pengchuan Zhang"}
    assert (found.topics[0].topic.code, found.topics[0].works, found.topics[0].share) == ("cs.LG", 12, 92)
    assert found.institutions == []


def test_collaborators_come_with_years_weight_and_a_joint_work(client: Client) -> None:
    crowd = [f"Member Number{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(30)]
    import_records(
        make_record(arxiv_id="2001.00001", authors=["Ada Lovelace", "Charles Babbage"], year=2001),
        make_record(arxiv_id="2001.00002", authors=["Ada Lovelace", "Charles Babbage", "Max Born"], year=2004),
        make_record(arxiv_id="2001.00003", authors=["Ada Lovelace", "Emmy Noether", *crowd], year=2010),
        make_record(arxiv_id="2001.00004", authors=["Ada Lovelace", "Emmy Noether", *crowd[:28]], year=2011),
        make_record(arxiv_id="2001.00005", authors=["Ada Lovelace", "Mary Somerville", *crowd], year=2012),
    )
    content = client.get(slice_url(get_person("Ada Lovelace"))).content.decode()
    assert reason_of(client, "Ada Lovelace", "Charles Babbage") == "2 joint works, 2001–2004, weight 1.50, close"
    assert reason_of(client, "Ada Lovelace", "Max Born") == "1 joint work, 2004, weight 0.50"
    too_many = "1 joint work, 2012, of 32 authors: too many to weigh"
    assert reason_of(client, "Mary Somerville", "Ada Lovelace") == too_many
    too_many = "2 joint works, 2010–2011, of 30 authors or more: too many to weigh"
    assert reason_of(client, "Emmy Noether", "Ada Lovelace") == too_many
    assert '<a href="/works/2001.00002/" title="The newest: ' in content
    assert "weight 0.00" not in content


def reason_of(client: Client, focus: str, collaborator: str) -> str:
    edges: list[CollaboratorEdge] = client.get(slice_url(get_person(focus))).context["slice"].collaborators
    return next(edge.reason for edge in edges if edge.researcher.display_name == collaborator)


def test_it_is_a_fragment_that_says_what_is_not_imported(client: Client) -> None:
    content = client.get(slice_url(make_researcher(coauthors=["Charles Babbage"]))).content.decode()
    assert "<html" not in content
    assert "Not imported: no byline prints an affiliation." in content


def test_printed_affiliations_are_institutions_with_their_source(client: Client) -> None:
    import_records(make_record(arxiv_id="2001.00001", authors=[make_author("Ada Lovelace", "Analytical Society")]))
    response = client.get(slice_url(get_person("Ada Lovelace")))
    (edge,) = response.context["slice"].institutions
    assert '(<a href="/works/2001.00001/">the work</a>)' in response.content.decode()
    assert (edge.name, edge.url) == ("Analytical Society", "")
    assert edge.reason == "The current affiliation, printed on arXiv:2001.00001, 2020"


def test_institutions_that_bylines_mean_come_with_their_years(client: Client) -> None:
    import_registry()
    for arxiv_id, year, affiliation in [
        ("2001.00001", 2010, "Wye Academy of Sciences"),
        ("2001.00002", 2012, "Dept. of Physics, Wye Academy of Sciences"),
        ("2001.00003", 2015, "Univ. of Exton"),
    ]:
        author = make_author("Ada Lovelace", affiliation)
        import_records(make_record(arxiv_id=arxiv_id, authors=[author], year=year))
    match_printed_affiliations()
    edges = client.get(slice_url(get_person("Ada Lovelace"))).context["slice"].institutions
    assert [edge.work.arxiv_id for edge in edges] == ["2001.00003", "2001.00002"]
    assert [(edge.name, edge.url, edge.reason) for edge in edges] == [
        (
            "University of Exton",
            "/institutions/01aaaaa11/",
            "current, printed on arXiv:2001.00003, 2015; on one work, 2015",
        ),
        ("Wye Academy of Sciences", "/institutions/01aaaaa22/", "on 2 works, 2010 to 2012"),
    ]


def test_nearby_works_are_by_others_and_say_why(client: Client) -> None:
    import_records(
        make_record(title="Own", authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG"]),
        make_record(title="By him", abstract="", authors=["Charles Babbage"], categories=["hep-th"]),
        make_record(title="On the topic", abstract="", authors=["Mary Somerville"], categories=["cs.LG"]),
        make_record(title="Elsewhere", authors=["Mary Somerville"], categories=["math.AG"]),
    )
    near = client.get(slice_url(get_person("Ada Lovelace"))).context["slice"].nearby_works
    assert [(each.work.title, each.reason) for each in near] == [
        ("By him", "by a collaborator"),
        ("On the topic", "shares a topic"),
    ]


def test_what_speaks_of_the_same_is_nearer_and_says_of_what(client: Client) -> None:
    about = "We study tensor programs and the infinite width limit of wide networks."
    import_records(
        make_record(title="Own", abstract=about, authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG"]),
        make_record(title="Far", abstract="Rotation of dwarf galaxies.", authors=["Max Born"], categories=["cs.LG"]),
        make_record(title="Tensor Programs", abstract=about, authors=["Emmy Noether"], categories=["cs.LG", "stat.ML"]),
        make_record(title="On it elsewhere", abstract=about, authors=["Emmy Noether"], categories=["hep-th"]),
        make_record(title="Joint", abstract="Dwarf galaxies.", authors=["Charles Babbage"], categories=["astro-ph.GA"]),
        *(make_record(authors=["Max Born"], categories=["cs.LG"]) for _ in range(70)),
    )
    near = client.get(slice_url(get_person("Ada Lovelace"))).context["slice"].nearby_works
    assert [(each.work.title, each.reason) for each in near[:2]] == [
        ("Tensor Programs", "both speak of “tensor programs” and “infinite width”, shares a topic"),
        ("Joint", "by a collaborator"),
    ]
    assert "Far" not in {each.work.title for each in near}


def test_whose_byline_is_disputed_brings_nothing_near(client: Client) -> None:
    import_records(
        make_record(title="Own", authors=["Ada Lovelace", "Charles Babbage"], categories=["cs.LG"]),
        make_record(title="By a collaborator", authors=["Charles Babbage"], categories=["hep-th"]),
        make_record(title="Not hers", authors=["Ada Lovelace"], categories=["math.AG"]),
        make_record(title="Like what is not hers", authors=["Mary Somerville"], categories=["math.AG"]),
    )
    disputed = Authorship.objects.filter(printed_name="Ada Lovelace", work__title="Not hers")
    assert disputed.update(attribution=Authorship.Attribution.DISPUTED) == 1
    near = client.get(slice_url(get_person("Ada Lovelace"))).context["slice"].nearby_works
    assert [each.work.title for each in near] == ["By a collaborator"]
    joint = Authorship.objects.filter(printed_name="Charles Babbage", work__title="Own")
    joint.update(attribution=Authorship.Attribution.DISPUTED)
    assert client.get(slice_url(get_person("Ada Lovelace"))).context["slice"].nearby_works == []


def test_works_stand_in_the_slice_as_curators_put_them_right(client: Client) -> None:
    import_records(
        make_record(arxiv_id="2001.00001", title="Joint", authors=["Ada Lovelace", "Charles Babbage"]),
        make_record(arxiv_id="2001.00002", title="Near", authors=["Charles Babbage"], categories=["hep-th"]),
    )
    curator = make_user("curator@example.org")
    for work in Work.objects.all():
        correct_work(work.pk, field="title", value=f"{work.title}, put right", reason="Misprint", by=curator)
    around = client.get(slice_url(get_person("Ada Lovelace"))).context["slice"]
    assert around.collaborators[0].works[0].title == "Joint, put right"
    assert around.nearby_works[0].work.title == "Near, put right"


def test_matched_affiliations_cost_no_query_more(client: Client) -> None:
    import_registry()
    authors = [make_author("Ada Lovelace", "Univ. of Exton"), make_author("Charles Babbage")]
    import_records(make_record(authors=authors), make_record(authors=["Charles Babbage"]))
    match_printed_affiliations()
    address = slice_url(get_person("Ada Lovelace"))
    with CaptureQueriesContext(connection) as queries:
        around = client.get(address).context["slice"]
    assert (around.institutions[0].name, len(queries)) == ("University of Exton", 4)


def test_a_topic_leads_to_the_works_that_carry_it(client: Client) -> None:
    import_records(make_record(title="On it", categories=["cs.LG"]), make_record(title="Other", categories=["math.AG"]))
    ada = get_person("Ada Lovelace")
    address = f"{ada.get_absolute_url()}?topic=cs.LG"
    assert f'<a href="{address}">1 work</a>' in client.get(slice_url(ada)).content.decode()
    works = client.get(address).content.decode()
    assert ("On it" in works, "Other" in works) == (True, False)


def test_a_record_with_nothing_around_it_says_so(client: Client) -> None:
    import_records(make_record(categories=[]))
    assert b"Nothing stands nearby yet" in client.get(slice_url(get_person("Ada Lovelace"))).content


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    few = make_researcher("Few Works", works=2, coauthors=["Charles Babbage"])
    many = make_researcher("Many Works", works=40, coauthors=["Charles Babbage", "Mary Somerville", "Emmy Noether"])
    numbers = []
    for researcher in (few, many):
        with CaptureQueriesContext(connection) as queries:
            client.get(slice_url(researcher))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 6


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_graph_is_read_only(client: Client, method: str) -> None:
    ada = make_researcher()
    assert getattr(client, method)(slice_url(ada)).status_code == 405
    assert getattr(client, method)("/graph/").status_code == 405


def test_the_picture_shows_what_the_lists_say(client: Client) -> None:
    import_records(
        make_record(title="Own", authors=["Ada Lovelace", "Charles Babbage", "Mary Somerville"], categories=["cs.LG"]),
        make_record(title="$x$ by a collaborator", authors=["Charles Babbage"], categories=["hep-th"]),
    )
    ada = get_person("Ada Lovelace")
    wide, narrow = client.get(slice_url(ada)).context["pictures"]
    assert (wide.name, narrow.name, wide.focus) == ("wide", "narrow", "Ada Lovelace")
    assert [(drawn.node.kind, drawn.node.label, drawn.place.anchor) for drawn in wide.nodes] == [
        ("person", "Charles Babbage", "end"),
        ("person", "Mary Somerville", "end"),
        ("topic", "cs.LG Machine Learning", "start"),
        ("work", "x by a collaborator", "start"),
    ]
    assert sorted(edge.reason for edge in wide.edges if not edge.from_focus) == [
        "Charles Babbage and Mary Somerville: 1 work together",
        "Charles Babbage wrote it",
    ]
    assert [edge.reason for edge in wide.edges if edge.from_focus] == [drawn.node.reason for drawn in wide.nodes]


def test_the_picture_links_and_cannot_be_broken_by_a_name(client: Client) -> None:
    ada = make_researcher(coauthors=['Evil "><script>alert(1)</script> Name'])
    content = client.get(slice_url(ada)).content.decode()
    assert "<script" not in content
    assert content.count(f'<a href="{Researcher.objects.exclude(pk=ada.pk).get().get_absolute_url()}"') == 3


def test_there_is_no_picture_of_nothing(client: Client) -> None:
    import_records(make_record(categories=[]))
    assert client.get(slice_url(get_person("Ada Lovelace"))).context["pictures"] == []


def test_the_lists_have_all_that_the_picture_shows(client: Client) -> None:
    names = [f"Given{number} Coauthor{number}" for number in range(11)]
    topics = ["cs.LG", "cs.CL", "cs.CV", "math.ST", "hep-th", "cs.DL"]
    import_records(
        make_record(authors=["Ada Lovelace", *names], categories=topics),
        *(make_record(authors=names[number : number + 1], categories=["cs.LG"]) for number in range(8)),
    )
    document: Any = html.fromstring(client.get(slice_url(get_person("Ada Lovelace"))).content.decode())
    listed = set(document.xpath("//ul[contains(@class, 'slice-list')]//a/@href"))
    drawn = set(document.xpath("//*[local-name()='svg']//a/@href"))
    assert len(drawn) > 16
    assert drawn <= listed
    assert [" ".join(each.text_content().split()) for each in document.xpath("//summary")] == [
        "7 more collaborators",
        "2 more topics",
        "4 more nearby works",
    ]

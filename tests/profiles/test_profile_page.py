"""The profile page: the seed's elements, computed from what was imported; addresses; who may see what."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.models import Researcher
from profiles.services import update_profiles_of_works
from tests.factories import get_person, import_records, make_author, make_record, make_researcher
from tests.sample import import_sample
from tests.works.institutions.registry import import_registry
from works.arxiv.records import ParsedVersion
from works.institutions.resolve import match_printed_affiliations
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db

BLOCKS = {"p", "div", "li", "dt", "dd", "h1", "h2", "h3", "section", "article", "td", "th", "tr", "br", "summary"}


class VisibleText(HTMLParser):
    """What a program reads of a page: text in document order, white space folded."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in {"script", "style", "template", "annotation"}
        self.pieces.append(" " if tag in BLOCKS else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"script", "style", "template", "annotation"}
        self.pieces.append(" " if tag in BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


def text_of(response: object) -> str:
    reader = VisibleText()
    reader.feed(response.content.decode())  # type: ignore[attr-defined]
    return " ".join("".join(reader.pieces).split())


@pytest.fixture
def greg() -> Researcher:
    """The sample's person, imported."""
    return import_sample()


def test_every_element_of_the_seed_in_its_order(client: Client, greg: Researcher) -> None:
    text = text_of(client.get(greg.get_absolute_url()))
    place = 0
    for element in [
        "Researcher profile",
        "Greg Yang",
        "Greg Yang contributes to research discovery and scholarly infrastructure.",
        "Researcher",
        "Affiliation not imported",
        "Open to collaborate",
        "Trust snapshot",
        "Quick read",
        "Trust 21 - Emerging",
        "Verification L1",
        "Unclaimed author",
        "13 works",
        "0 followers",
        "14 topics",
        "4 close collaborators",
        "Actions",
        "Decide how to stay connected",
        "Follow researcher",
        "Identity and collaboration",
        "How to connect with this researcher",
        "Claiming links this public author record to a researcher profile and unlocks direct collaboration workflows.",
        "Log in to claim",
        "Direct collaboration",
        "Open a focused conversation when the fit is right",
        "Claim this author entity first to unlock direct invitations.",
        "Research graph",
        "See the researcher in context",
        "Open full explorer",
        "Inspect adjacent work, topics, institutions and collaborators without jumping out to a separate graph page.",
        "Building this graph slice",
        "BZPEER is loading the nearby papers, people, topics and institutions for this page.",
        "Published work",
        "13 published item(s)",
        "Feature Learning in Infinite-Width Neural Networks",
        "High-dimensional Asymptotics of Feature Learning: How One Gradient Step Improves the Representation",
        "Tensor Programs V: Tuning Large Neural Networks via Zero-Shot Hyperparameter Transfer",
        "A formal notion of genericity and term-by-term vanishing superpotentials",
        "On Infinite-Width Hypernetworks",
        "A Convex Relaxation Barrier to Tight Robustness Verification of Neural Networks",
        "A Fine-Grained Spectral Perspective on Neural Networks",
        "Bayesian Deep Convolutional Networks with Many Channels are Gaussian Processes",
        "Denoised Smoothing: A Provable Defense for Pretrained Classifiers",
        "Free resolutions of function classes via order complexes",
        "Provably Robust Deep Learning via Adversarially Trained Smoothed Classifiers",
        "Randomized Smoothing of All Shapes and Sizes",
        "Scaling Limits of Wide Neural Networks with Weight Sharing",
    ]:
        found = text.find(element, place)
        assert found >= 0, f"{element!r} is not there, or not in its place"
        place = found + (len(element) if element != "Researcher" else 1)


def test_the_page_is_the_same_for_everybody(
    client: Client, as_member: Client, as_curator: Client, greg: Researcher
) -> None:
    pages = {each.get(greg.get_absolute_url()).content for each in (client, as_member, as_curator)}
    assert len(pages) == 1
    response = as_member.get(greg.get_absolute_url())
    assert "Cookie" not in response.get("Vary", "")
    assert b"csrf" not in response.content


def test_the_number_of_queries_is_the_same_at_2_and_at_25_works(client: Client) -> None:
    few = make_researcher("Few Works", works=2, coauthors=["Charles Babbage"])
    many = make_researcher("Many Works", works=25, coauthors=["Charles Babbage", "Mary Somerville"])
    client.get(few.get_absolute_url())
    numbers = []
    for researcher in (few, many):
        with CaptureQueriesContext(connection) as queries:
            client.get(researcher.get_absolute_url())
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 7


def test_the_id_alone_decides_and_a_wrong_name_redirects(client: Client) -> None:
    ada = make_researcher()
    response = client.get(f"/authors/somebody-else-{ada.public_id}/?year=2020")
    assert (response.status_code, response["Location"]) == (301, f"{ada.get_absolute_url()}?year=2020")
    assert client.get(f"/authors/{ada.public_id}/trust/").status_code == 301


def test_a_merged_record_redirects_and_a_suppressed_one_is_not_found(client: Client) -> None:
    ada, charles = make_researcher("Ada Lovelace"), make_researcher("Charles Babbage")
    Authorship.objects.filter(researcher=charles).update(researcher=ada)
    Researcher.objects.filter(pk=charles.pk).update(state="merged", merged_into=ada)
    response = client.get(charles.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, ada.get_absolute_url())
    Researcher.objects.filter(pk=ada.pk).update(state="suppressed")
    for page in (
        "",
        "topics/",
        "collaborators/",
        "followers/",
        "trust/",
        "trust.json",
        "viewer/",
        "follow/",
        "report/",
    ):
        assert client.get(f"{ada.get_absolute_url()}{page}").status_code == 404
    assert client.get(f"/graph/?focus=author:{ada.public_id}").status_code == 404
    assert client.get(f"/graph/slice/{ada.handle}/").status_code == 404


@pytest.mark.parametrize("handle", ["nobody", "nobody-0000000", "a-uuuuuuu", "x" * 300, "%00", "greg-yang-"])
def test_no_such_researcher_is_404_not_500(client: Client, handle: str) -> None:
    response = client.get(f"/authors/{handle}/")
    assert response.status_code == 404


def test_plurals_are_right(client: Client) -> None:
    text = text_of(client.get(make_researcher(coauthors=["Charles Babbage"]).get_absolute_url()))
    assert "1 work " in text
    assert "1 topic " in text
    assert "1 published item(s)" in text


def test_the_newest_printed_affiliation_shows(client: Client) -> None:
    old = make_record(authors=[make_author("Ada Lovelace", "Old Institute")], year=2001)
    new = make_record(authors=[make_author("Ada Lovelace", "New Institute")], year=2010)
    newest = make_record(authors=["Ada Lovelace"], year=2020)
    import_records(old, new, newest)
    text = text_of(client.get(get_person("Ada Lovelace").get_absolute_url()))
    assert f"New Institute (as printed on arXiv:{new.arxiv_id}, 2010)" in text
    assert "Affiliation not imported" not in text


def test_a_matched_affiliation_is_the_institution_and_says_what_is_printed(client: Client) -> None:
    import_registry()
    record = make_record(authors=[make_author("Ada Lovelace", "Dept. of Physics, Univ. of Exton; Wye")], year=2010)
    import_records(record)
    match_printed_affiliations()
    response = client.get(get_person("Ada Lovelace").get_absolute_url())
    printed = f"(printed as “Dept. of Physics, Univ. of Exton; Wye” on arXiv:{record.arxiv_id}, 2010)"
    assert f"University of Exton {printed}" in text_of(response)
    assert '<a href="/institutions/01aaaaa11/">University of Exton</a>' in response.content.decode()


def test_a_disputed_work_says_nothing_of_an_affiliation(client: Client) -> None:
    import_records(make_record(authors=[make_author("Ada Lovelace", "Somewhere")]))
    Authorship.objects.update(attribution=Authorship.Attribution.DISPUTED)
    text = text_of(client.get(get_person("Ada Lovelace").get_absolute_url()))
    assert "Affiliation not imported" in text


def test_works_are_filtered_by_year_topic_and_text(client: Client, greg: Researcher) -> None:
    url = greg.get_absolute_url()
    assert len(client.get(f"{url}?year=2021").context["page"].object_list) == 2
    assert len(client.get(f"{url}?topic=hep-th").context["page"].object_list) == 1
    assert len(client.get(f"{url}?text=randomized+smoothing").context["page"].object_list) == 3
    assert len(client.get(f"{url}?text=nothing+of+the+kind").context["page"].object_list) == 0
    many_digits = "9" * 5000  # more than Python would read as a number
    nonsense = [
        "year=x",
        "topic=%00",
        "page=-3",
        "page=x",
        "text=%00%22%27",
        f"year={many_digits}",
        f"page={many_digits}",
    ]
    for query in nonsense:
        assert client.get(f"{url}?{query}").status_code == 200


def test_imported_text_cannot_inject_mark_up(client: Client) -> None:
    evil = "<script>alert(1)</script> $\\text{<img src=x onerror=alert(1)>}$ <b onclick=x>"
    import_records(make_record(title=evil, abstract=evil, authors=["Ada <script>alert(2)</script> Lovelace"]))
    researcher = Researcher.objects.get()
    for url in (
        researcher.get_absolute_url(),
        Work.objects.get().get_absolute_url(),
        f"/graph/slice/{researcher.handle}/",
    ):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert not re.search(r"<(img|b)\b", page)


def test_a_hidden_work_shows_nowhere(
    client: Client, as_curator: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    ada = make_researcher(works=2)
    hidden = Work.objects.first()
    assert hidden is not None
    with django_capture_on_commit_callbacks(execute=True):
        as_curator.post(f"/admin/works/work/{hidden.pk}/change/", {"hidden": "on", **management_form()})
    update_profiles_of_works([hidden.pk])  # what the task that was enqueued does
    hidden.refresh_from_db()
    assert hidden.hidden
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert "1 published item(s)" in text_of(client.get(ada.get_absolute_url()))


def management_form() -> dict[str, int]:
    names = ("authorships", "corrections")
    return {f"{name}-{form}_FORMS": 0 for name in names for form in ("TOTAL", "INITIAL")}


def test_a_withdrawn_work_says_so(client: Client) -> None:
    version = ParsedVersion(1, datetime(2020, 1, 1, tzinfo=UTC), "1kb", "I")
    import_records(make_record(withdrawn=True, versions=(version,)))
    assert "ithdrawn" in text_of(client.get(get_person("Ada Lovelace").get_absolute_url()))


@pytest.mark.parametrize(
    "page", ["", "topics/", "collaborators/", "followers/", "trust/", "trust.json", "viewer/", "changes/"]
)
def test_every_page_answers_get_and_refuses_post(client: Client, page: str) -> None:
    url = f"{make_researcher(coauthors=['Charles Babbage']).get_absolute_url()}{page}"
    assert client.get(url).status_code == 200
    assert client.head(url).status_code == 200
    assert client.post(url).status_code == 405


def test_trust_is_explained_to_people_and_machines(client: Client, greg: Researcher) -> None:
    report = client.get(f"{greg.get_absolute_url()}trust.json").json()
    assert (report["score"], report["band"], report["level"], report["formula_version"]) == (21, "Emerging", "L1", 1)
    assert sum(component["points"] for component in report["components"]) == 21
    text = text_of(client.get(f"{greg.get_absolute_url()}trust/"))
    for component in report["components"]:
        assert component["label"] in text
    assert "Corroborated" in text_of(client.get("/about/trust/"))


def test_collaborators_are_those_of_the_seed(client: Client, greg: Researcher) -> None:
    collaborators = client.get(f"{greg.get_absolute_url()}collaborators/").context["collaborators"]
    close = {c.researcher.display_name: (c.joint_works, round(c.weight, 2)) for c in collaborators if c.is_close}
    assert close == {
        "Hadi Salman": (5, 1.87),
        "J. Edward Hu": (3, 1.31),
        "Pengchuan Zhang": (2, 0.42),
        "Huan Zhang": (2, 0.42),
    }
    just_missed = {c.researcher.display_name: round(c.weight, 2) for c in collaborators if not c.is_close}
    assert just_missed["Jerry Li"] == just_missed["Ilya Razenshteyn"] == 0.37

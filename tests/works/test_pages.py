"""The pages of a work and of a topic."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.models import Researcher
from tests.factories import import_records, make_author, make_record, make_work
from works.arxiv.records import ParsedVersion
from works.models import Topic, Work

pytestmark = pytest.mark.django_db


def test_a_work_shows_what_its_record_says(client: Client) -> None:
    versions = tuple(ParsedVersion(n, datetime(2019 + n, 5, 4, tzinfo=UTC), "", "D") for n in (1, 2))
    work = make_work(
        title="On $x^2$", authors=["Ada Lovelace", make_author("LHCb", kind="collaboration")], versions=versions,
        doi="10.1/a<b", journal_ref="J. Eng. 1, 2", comments="12 pages", license="http://creativecommons.org/licenses/by/4.0/",
        categories=["math.ST", "stat.TH"],
    )  # fmt: skip
    content = client.get(work.get_absolute_url()).content.decode()
    for text in (
        "<math",
        "J. Eng. 1, 2",
        "12 pages",
        "v2 of 4 May 2021",
        "https://doi.org/10.1/a%3Cb",
        "LHCb",
        "stat.TH",
        work.arxiv_url,
    ):
        assert text in content
    assert content.count('href="/authors/') == 1, "a collaboration is no person"


def test_a_byline_of_thousands_is_folded_in_place(client: Client) -> None:
    work = make_work(authors=[f"Given{number} Family" for number in range(3000)])
    content = client.get(work.get_absolute_url()).content.decode()
    assert "and 2992 more" in content
    assert "Given2999 Family" in content


@pytest.mark.parametrize("arxiv_id", ["hep-th/9901001", "math.AG/0309136", "2001.12345", "0704.0001"])
def test_a_versioned_id_leads_to_the_work(client: Client, arxiv_id: str) -> None:
    make_work(arxiv_id=arxiv_id)
    assert client.get(f"/works/{arxiv_id}/").status_code == 200
    response = client.get(f"/works/{arxiv_id}v3/")
    assert (response.status_code, response["Location"]) == (301, f"/works/{arxiv_id}/")


@pytest.mark.parametrize(
    "path",
    ["/works/2001.99999/", "/works/x/", "/works/2001.1/", "/topics/no.SUCH/", "/topics/%00/", f"/topics/{'x' * 500}/"],
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_withdrawn_work_says_so(client: Client) -> None:
    work = make_work(withdrawn=True, versions=(ParsedVersion(1, datetime(2020, 1, 1, tzinfo=UTC), "", "I"),))
    assert b"The authors have withdrawn this paper" in client.get(work.get_absolute_url()).content


@pytest.mark.parametrize("code", ["cs.SY", "eess.SY"])
def test_a_topic_says_what_it_is_about_under_either_of_its_names(client: Client, code: str) -> None:
    page = client.get(f"/topics/{code}/").content.decode()
    assert (
        page.count("Modelling and controlling systems that change in time") == 2
    )  # on the page, and for search engines


def test_a_topic_lists_its_works_newest_first_in_pages(client: Client) -> None:
    import_records(*(make_record(year=1990 + number) for number in range(30)))
    first = client.get("/topics/cs.LG/")
    assert [work.year for work in first.context["page"].works] == list(range(2019, 1999, -1))
    second = client.get(f"/topics/cs.LG/?after={first.context['page'].after}")
    assert [work.year for work in second.context["page"].works] == list(range(1999, 1989, -1))
    assert second.context["page"].after is None
    for after in ("0-0", "-1", "x", "999", "9" * 20 + "-1", "1-²", "\0"):
        assert client.get("/topics/cs.LG/", {"after": after}).status_code == 200


def test_works_of_one_moment_stand_on_one_page_each(client: Client) -> None:
    import_records(*(make_record(year=2020) for _ in range(60)))
    seen: list[int] = []
    address = "/topics/cs.LG/"
    while address:
        page = client.get(address).context["page"]
        seen += [work.pk for work in page.works]
        address = f"/topics/cs.LG/?after={page.after}" if page.after else ""
    assert seen == sorted(Work.objects.values_list("pk", flat=True), reverse=True)


def test_a_large_topic_is_counted_once_an_hour_and_a_small_one_each_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_records(*(make_record() for _ in range(4)))
    assert ">4 works<" in client.get("/topics/cs.LG/").content.decode()
    monkeypatch.setattr("works.topic_page.KEPT_BEYOND", 4)
    import_records(make_record())
    assert ">5 works<" in client.get("/topics/cs.LG/").content.decode()
    import_records(make_record())
    content = client.get("/topics/cs.LG/").content.decode()
    assert ">5 works<" in content
    assert content.count("<article") == 6


def test_people_of_a_kept_overview_are_named_as_they_are_now(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("works.topic_page.KEPT_BEYOND", 0)
    import_records(make_record(authors=["Ada Lovelace", "Grace Hopper"]))
    client.get("/topics/cs.LG/")
    ada, grace = Researcher.objects.order_by("display_name")
    Researcher.objects.filter(pk=ada.pk).update(display_name="Ada King")
    Researcher.objects.filter(pk=grace.pk).update(state=Researcher.State.SUPPRESSED)
    people = client.get("/topics/cs.LG/").context["people"]
    assert [(person.name, person.works) for person in people] == [("Ada King", 1)]


def test_a_topic_shows_who_writes_on_it_and_when(client: Client) -> None:
    import_records(
        make_record(authors=["Ada Lovelace", "Grace Hopper"], year=2001),
        make_record(authors=["Grace Hopper"], year=2003),
        make_record(authors=["Somebody Else"], categories=["math.ST"]),
    )
    response = client.get("/topics/cs.LG/")
    assert [(person.name, person.works) for person in response.context["people"]] == [
        ("Grace Hopper", 2),
        ("Ada Lovelace", 1),
    ]
    assert response.content.decode().count("<rect") == 3


def test_a_closed_archive_shows_what_it_was_divided_into(client: Client) -> None:
    content = client.get("/topics/astro-ph/").content.decode()
    assert "Topics of Astrophysics" in content
    assert "/topics/astro-ph.GA/" in content


@pytest.mark.parametrize("path", ["abs/{}", "abs/{}/", "abs/{}v2", "pdf/{}v1.pdf", "pdf/{}"])
@pytest.mark.parametrize("arxiv_id", ["hep-th/9901001", "math.AG/0309136", "2001.12345"])
def test_addresses_as_arxiv_has_them_lead_to_the_work(client: Client, path: str, arxiv_id: str) -> None:
    response = client.get(f"/{path.format(arxiv_id)}")
    assert (response.status_code, response["Location"]) == (301, f"/works/{arxiv_id}/")


def test_related_works_share_people_then_topics(client: Client) -> None:
    work = make_work(authors=["Ada Lovelace", "Grace Hopper"], categories=["cs.LG"])
    both = make_work(authors=["Ada Lovelace", "Grace Hopper"], categories=["math.ST"], title="Both")
    topic = make_work(authors=["Ada Lovelace"], categories=["cs.LG"], title="Topic")
    neither = make_work(authors=["Grace Hopper"], categories=["math.ST"], title="Neither")
    make_work(authors=["Somebody Else"], title="Unrelated")
    hidden = make_work(authors=["Ada Lovelace"], title="Hidden")
    Work.objects.filter(pk=hidden.pk).update(hidden=True)
    response = client.get(work.get_absolute_url())
    assert [related.work for related in response.context["related"]] == [both, topic, neither]
    assert "2 authors in common" in response.content.decode()


def test_an_alias_says_whose_other_name_it_is(client: Client) -> None:
    content = client.get("/topics/stat.TH/").content.decode()
    assert "another name of" in content
    assert "/topics/math.ST/" in content


def test_every_topic_of_the_taxonomy_has_a_page(client: Client) -> None:
    for topic in Topic.objects.all():
        assert client.get(topic.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_pages_are_read_only(client: Client, method: str) -> None:
    work = make_work()
    assert getattr(client, method)(work.get_absolute_url()).status_code == 405
    assert getattr(client, method)("/topics/cs.LG/").status_code == 405


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def queries_of(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    small, large = make_work(), make_work(authors=[f"Given{number} Family" for number in range(200)])
    assert queries_of(small.get_absolute_url()) == queries_of(large.get_absolute_url()) <= 8
    few = queries_of("/topics/cs.LG/")
    cache.clear()
    import_records(*(make_record() for _ in range(23)))
    assert queries_of("/topics/cs.LG/") == few <= 8
    assert Work.objects.count() == 25

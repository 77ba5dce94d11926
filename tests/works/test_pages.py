"""The pages of a work and of a topic."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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


def test_a_topic_lists_its_works_newest_first_in_pages(client: Client) -> None:
    import_records(*(make_record(year=1990 + number) for number in range(30)))
    first = client.get("/topics/cs.LG/")
    assert [work.year for work in first.context["page"]] == list(range(2019, 1994, -1))
    assert len(client.get("/topics/cs.LG/?page=2").context["page"].object_list) == 5
    for page in ("0", "-1", "x", "999", "99999999999999999999"):
        assert client.get(f"/topics/cs.LG/?page={page}").status_code == 200


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
    assert queries_of(small.get_absolute_url()) == queries_of(large.get_absolute_url()) <= 5
    few = queries_of("/topics/cs.LG/")
    import_records(*(make_record() for _ in range(23)))
    assert queries_of("/topics/cs.LG/") == few <= 5
    assert Work.objects.count() == 25

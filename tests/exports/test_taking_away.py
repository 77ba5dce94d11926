"""Exports through the client: what is in them, what is not, how they are answered, and what they cost."""

import json
import tracemalloc
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exports.formats import FORMATS
from profiles.models import Researcher
from tests.exports.reading import read_csl, read_raw_bib, read_ris
from tests.factories import import_records, make_record, make_researcher, make_work
from tests.sample import import_sample
from works.models import Work

pytestmark = pytest.mark.django_db


def body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.getvalue().decode()


def test_a_persons_works_come_in_the_order_of_the_page(client: Client) -> None:
    greg = import_sample()
    url = greg.get_absolute_url()
    shown = [work.arxiv_id for work in client.get(url).context["page"]]
    assert [entry["eprint"] for entry in read_raw_bib(body(client, f"{url}export/bibtex/"))] == shown
    assert [entry["eprint"] for entry in read_raw_bib(body(client, f"{url}export/biblatex/"))] == shown
    assert [record["accession_number"] for record in read_ris(body(client, f"{url}export/ris/"))] == [
        f"arXiv:{arxiv_id}" for arxiv_id in shown
    ]
    assert len(read_csl(body(client, f"{url}export/csl-json/"))) == 13


def test_the_list_is_narrowed_as_the_page_is(client: Client) -> None:
    url = import_sample().get_absolute_url()
    assert len(json.loads(body(client, f"{url}export/csl-json/?year=2021"))) == 2
    page = client.get(f"{url}?year=2021").content.decode()
    assert f'{url}export/bibtex/?year=2021&amp;"' in page
    assert "Export this list: " in page


@pytest.mark.parametrize("word", FORMATS)
def test_an_export_is_a_file(client: Client, word: str) -> None:
    work = make_work(arxiv_id="hep-th/9901001", authors=["Edward Witten"])
    response = client.get(f"{work.get_absolute_url()}export/{word}/")
    form = FORMATS[word]
    assert response["Content-Type"] == f"{form.media_type}; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="arxiv-hep-th-9901001.{form.ending}"'
    assert response["X-Robots-Tag"] == "noindex"
    assert "witten-hep-th-9901001" in response.getvalue().decode()


def test_a_topic_and_a_search_are_exported(client: Client) -> None:
    make_work(title="Quantum gravity in three dimensions", categories=["hep-th"])
    make_work(title="Neural networks", categories=["cs.LG"])
    assert len(read_raw_bib(body(client, "/topics/hep-th/export/bibtex/"))) == 1
    (found,) = read_ris(body(client, "/works/export/ris/?q=gravity"))
    assert found["title"] == "Quantum gravity in three dimensions"
    assert body(client, "/works/export/bibtex/?q=") == ""
    assert body(client, "/works/export/bibtex/?q=%00%27%22%28") == ""


def test_what_is_hidden_is_not_taken_away(client: Client) -> None:
    ada = make_researcher(works=2)
    hidden = Work.objects.first()
    assert hidden is not None
    Work.objects.filter(pk=hidden.pk).update(hidden=True)
    url = ada.get_absolute_url()
    for form in FORMATS:
        assert client.get(f"{hidden.get_absolute_url()}export/{form}/").status_code == 404
        assert hidden.arxiv_id not in body(client, f"{url}export/{form}/")
        assert hidden.arxiv_id not in body(client, f"/topics/cs.LG/export/{form}/")
        assert hidden.arxiv_id not in body(client, f"/works/export/{form}/?q=work")
    for page in ("cite", "json-ld"):
        assert client.get(f"{hidden.get_absolute_url()}{page}/").status_code == 404
    Researcher.objects.filter(pk=ada.pk).update(state="suppressed")
    assert client.get(f"{url}export/bibtex/").status_code == 404
    assert client.get(f"{url}json-ld/").status_code == 404


def test_merged_and_misspelt_addresses_redirect(client: Client) -> None:
    ada = make_researcher()
    for page in ("export/ris/", "json-ld/"):
        response = client.get(f"/authors/somebody-{ada.public_id}/{page}")
        assert (response.status_code, response["Location"]) == (301, f"{ada.get_absolute_url()}{page}")


@pytest.mark.parametrize(
    "path",
    [
        "/works/2001.99999/export/bibtex/",
        "/topics/no.SUCH/export/ris/",
        "/authors/x-0000000/export/ris/",
        "/works/export/pdf/",
    ],
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.get(f"{make_work().get_absolute_url()}export/pdf/").status_code == 404


def test_exports_are_read_only(client: Client) -> None:
    work = make_work()
    for page in ("export/bibtex/", "cite/", "json-ld/"):
        assert client.post(f"{work.get_absolute_url()}{page}").status_code == 405


def test_the_cite_page_shows_references_as_text(client: Client) -> None:
    work = make_work(title="A <script>alert(1)</script> title", authors=["Ada Lovelace"])
    page = client.get(f"{work.get_absolute_url()}cite/").content.decode()
    assert "<script>alert" not in page
    assert "Lovelace, A. (2020)." in page
    assert f"@misc{{lovelace-{work.arxiv_id}" in page
    assert f"{work.get_absolute_url()}cite/" in client.get(work.get_absolute_url()).content.decode()


def test_the_number_of_queries_grows_by_batches_only(client: Client) -> None:
    def queries_of(works: int) -> int:
        name = f"Author{'x' * works} Several"
        researcher = make_researcher(name, works=works)
        with CaptureQueriesContext(connection) as queries:
            body(client, f"{researcher.get_absolute_url()}export/bibtex/")
        return len(queries)

    assert queries_of(2) == queries_of(50) <= 5
    assert queries_of(51) == queries_of(50 + 49) <= 6


def test_memory_does_not_grow_with_the_list(client: Client) -> None:
    def peak(works: int) -> int:
        url = "/topics/cs.LG/export/bibtex/"
        import_records(*(make_record(abstract="word " * 200) for _ in range(works - Work.objects.count())))
        response: Any = client.get(url)
        tracemalloc.start()
        total = sum(len(chunk) for chunk in response.streaming_content)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert total > works * 200
        return most

    peak(100)  # what is loaded once
    few, many = peak(200), peak(1000)
    assert many < few * 1.5 + 100_000

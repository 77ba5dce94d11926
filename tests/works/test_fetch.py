"""Fetching papers from the Atom API: a server on this machine, with faults; what is loaded, and what is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_author, make_record
from tests.works.atom_feeds import AFFILIATED, ERROR, entry, feed, recorded
from tests.works.scripted_server import Answer, ScriptedServer, serve
from tests.works.shared_data import needs_shared_data
from works.arxiv import fetch
from works.arxiv.atom import parse_feed
from works.arxiv.atom_client import AtomClient
from works.arxiv.client import ArxivClient, FetchLimits
from works.arxiv.errors import ArxivRefused, ArxivUnavailable, AtomError
from works.arxiv.fetch import import_author, import_author_feed, import_papers
from works.arxiv.load import load_records
from works.arxiv.records import ParsedVersion
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db

OK = Answer(body=feed(entry(authors=AFFILIATED), total=1))


def client_of(server: ScriptedServer, slept: list[float] | None = None, **limits: Any) -> AtomClient:
    waited = [] if slept is None else slept
    client = ArxivClient(contact="x", version="1", sleep=waited.append, limits=FetchLimits(**limits))
    return AtomClient(client, api_url=server.url, feed_url=f"{server.url}/a/")


def asked(server: ScriptedServer) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(path).query) for path in server.paths]


def test_papers_are_asked_for_by_id_and_loaded() -> None:
    with serve(OK) as server:
        result = import_papers(["2001.00001", "2001.00002"], client_of(server))
    assert asked(server) == [{"id_list": ["2001.00001,2001.00002"], "max_results": ["2"]}]
    assert (result.arxiv_ids, result.created, result.rejected) == (["2001.00001"], 1, [])
    work = Work.objects.get()
    assert (work.title, work.current_version) == ("On the Engine", 2)
    assert work.first_submitted_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert work.authorships.get(position=1).printed_affiliation == "Analytical Society; Royal Society"


@pytest.mark.parametrize(
    "fault",
    [
        Answer(429, headers={"Retry-After": "7"}),
        Answer(503),
        Answer(500),
        Answer(body=OK.body[:-20]),
        Answer(body=OK.body[:-20], length=len(OK.body)),
        Answer(body=feed(total=40, start=0)),
    ],
    ids=["429", "503", "500", "truncated", "short", "empty"],
)
def test_what_may_pass_is_asked_again(fault: Answer) -> None:
    slept: list[float] = []
    with serve(fault, fault, OK) as server:
        assert import_papers(["2001.00001"], client_of(server, slept)).created == 1
    assert slept == ([7.0, 7.0] if fault.status == 429 else [3.0, 6.0])


def test_faults_that_last_are_raised_and_nothing_is_loaded() -> None:
    with serve(Answer(body=feed(total=40))) as server, pytest.raises(ArxivUnavailable, match="empty"):
        import_papers(["2001.00001"], client_of(server, attempts=3))
    assert not Work.objects.exists()


def test_a_refusal_is_not_asked_again() -> None:
    with serve(Answer(400, body=ERROR)) as server:
        with pytest.raises(ArxivRefused) as refused:
            import_papers(["abc"], client_of(server))
        assert (refused.value.status, len(server.paths)) == (400, 1)
    with serve(Answer(body=ERROR)) as server, pytest.raises(AtomError):
        import_papers(["abc"], client_of(server))


def test_an_authors_papers_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 2)
    pages = [
        feed(entry("2001.00001v1"), entry("2001.00002v1"), total=5),
        feed(entry("2001.00003v1"), total=5, start=2),  # a short page: what is missing of it comes with no other
        feed(entry("2001.00005v1"), total=5, start=4),
    ]
    with serve(*(Answer(body=page) for page in pages)) as server:
        result = import_author('Lovelace,  "Ada"', client_of(server))
    assert result.arxiv_ids == ["2001.00001", "2001.00002", "2001.00003", "2001.00005"]
    assert [(each["search_query"], each["start"], each["max_results"]) for each in asked(server)] == [
        (['au:"Lovelace, Ada"'], [start], ["2"]) for start in ("0", "2", "4")
    ]


def test_arxivs_limits_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 2_000)
    with serve(Answer(body=feed(entry(), total=99_999))) as server:
        client = client_of(server)
        result = import_author("Wang", client)
        assert (len(server.paths), result.total) == (15, 99_999)
        for start, size in ((0, 2_001), (29_999, 2)):
            with pytest.raises(ArxivRefused):
                client.fetch_search("au:x", start=start, size=size)
        for number in (0, 201):
            with pytest.raises(ArxivRefused):
                client.fetch_papers(["2001.00001"] * number)


@pytest.mark.parametrize("author_id", ["0000-0002-1825-0097", "0000-0002-1694-233X", "yang_g_1"])
def test_the_feed_of_an_author(author_id: str) -> None:
    with serve(OK) as server:
        assert import_author_feed(author_id, client_of(server)).arxiv_ids == ["2001.00001"]
    assert server.paths == [f"/oai/a/{author_id}.atom2"]


@pytest.mark.parametrize("author_id", ["", "../x", "0000-0002-1825-009", "Yang G", "a_b_c_1"])
def test_what_is_no_author_id_is_never_asked(author_id: str) -> None:
    with serve(OK) as server:
        with pytest.raises(ArxivRefused):
            import_author_feed(author_id, client_of(server))
        assert server.paths == []


def test_a_feed_erases_nothing() -> None:
    versions = tuple(
        ParsedVersion(number, datetime(2020, number, 2, 3, 4, 5, tzinfo=UTC), f"{number}kb", "D") for number in (1, 2)
    )
    rich = make_record(
        arxiv_id="2001.00001", versions=versions, authors=[make_author("Ada Lovelace", "Elsewhere")], doi="10.1/x",
        license="http://example.org/by", submitter="A. L.", report_no="R1", withdrawn=True, and_others=True,
        datestamp=date(2024, 1, 1),
    )  # fmt: skip
    load_records([rich])
    kept = ("doi", "license", "submitter", "report_no", "withdrawn", "and_others", "datestamp")
    before = Work.objects.values(*kept).get()
    with serve(Answer(body=feed(entry()))) as server:
        assert import_papers(["2001.00001"], client_of(server)).updated == 1
        work = Work.objects.get()
        assert work.title == "On the Engine"
        assert {name: getattr(work, name) for name in before} == before
        assert [(v.number, v.submitted_at, v.size) for v in work.versions.all()] == [
            (v.number, v.submitted_at, v.size) for v in versions
        ]
        assert Authorship.objects.get().printed_affiliation == "Elsewhere"
        assert import_papers(["2001.00001"], client_of(server)).unchanged == 1
    assert load_records([replace(rich, title="Harvested")]).updated == 1, "the next harvest still counts"


def test_a_new_version_is_taken_and_an_old_one_is_not() -> None:
    first = (ParsedVersion(1, datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), "1kb", "I"),)
    load_records([make_record(arxiv_id="2001.00001", versions=first, withdrawn=True)])
    with serve(Answer(body=feed(entry())), Answer(body=feed(entry("2001.00001v1")))) as server:
        client = client_of(server)
        import_papers(["2001.00001"], client)
        work = Work.objects.get()
        assert (work.current_version, work.withdrawn) == (2, False)
        assert [(v.number, v.size, v.source_type) for v in work.versions.all()] == [(1, "1kb", "I"), (2, "", "")]
        assert import_papers(["2001.00001v1"], client).unchanged == 1
    assert Work.objects.get().current_version == 2


def test_the_commands_ask_where_the_settings_say(settings: Any) -> None:
    out, error = StringIO(), StringIO()
    with serve(Answer(body=feed(entry(), entry("x"), total=2)), OK, OK) as server:
        settings.ARXIV_API_URL, settings.ARXIV_FEED_URL = server.url, f"{server.url}/a"
        call_command("import_paper", "2001.00001v2", stdout=out, stderr=error)
        call_command("import_author", "Lovelace", stdout=out)
        call_command("import_author", "--feed", "lovelace_a_1", stdout=out)
        with pytest.raises(CommandError, match=r"2001\.00009"):
            call_command("import_paper", "2001.00009", stdout=out)
    assert out.getvalue().startswith("1 created, 0 updated, 0 unchanged, 1 rejected")
    assert "is not the address of a paper" in error.getvalue()


@needs_shared_data
@pytest.mark.parametrize("path", recorded(200), ids=lambda path: path.name)
def test_every_recorded_answer_is_loaded_through_faults(path: Path) -> None:
    body = path.read_bytes()
    expected = {record.arxiv_id for record in parse_feed(body).records}
    with serve(Answer(503), Answer(body=body[:-9]), Answer(429), Answer(body=body)) as server:
        result = import_papers(["x"], client_of(server))
        again = import_papers(["x"], client_of(server))
    assert set(result.arxiv_ids) == expected == set(Work.objects.values_list("arxiv_id", flat=True))
    assert (result.created, result.rejected, again.unchanged) == (len(expected), [], len(expected))


@needs_shared_data
def test_the_recorded_refusal() -> None:
    (path,) = recorded(400)
    with serve(Answer(400, body=path.read_bytes())) as server, pytest.raises(ArxivRefused) as refused:
        import_papers(["abc"], client_of(server))
    assert refused.value.status == 400

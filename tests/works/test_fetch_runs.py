"""A fetch of papers is noted as an import run; what it rejects is kept as it came and can be tried again."""

from typing import Any

import pytest
from django.test import Client

from tests.works.atom_feeds import ERROR, entry, feed
from tests.works.scripted_server import Answer, serve
from tests.works.test_fetch import OK, client_of
from works import runs
from works.arxiv import fetch
from works.arxiv.errors import ArxivRefused, ArxivUnavailable
from works.arxiv.fetch import import_author, import_author_feed, import_papers
from works.models import ImportRun, RejectedRecord, Work
from works.retry import retry_rejected

pytestmark = pytest.mark.django_db

# Longer than the database takes for a person's name; the parser does not mind.
REFUSED = entry("2001.00007v1", authors=f"<author><name>Ada {'x' * 1000}</name></author>")
UNTITLED = entry("2001.00008v1").replace("On the\n      Engine", "")


def test_each_way_of_asking_is_a_run() -> None:
    with serve(OK) as server:
        client = client_of(server)
        import_papers(["2001.00001", "2001.00002"], client)
        import_author("Lovelace", client)
        import_author_feed("lovelace_a_1", client)
        endpoints = [server.url, server.url, f"{server.url}/a"]
    noted = list(ImportRun.objects.order_by("pk"))
    assert [run.asked_for for run in noted] == ["2001.00001, 2001.00002", 'au:"Lovelace"', "lovelace_a_1"]
    assert [run.endpoint for run in noted] == endpoints
    assert {(run.kind, run.status, run.pages, run.metadata_prefix) for run in noted} == {
        ("fetch", "succeeded", 1, "atom")
    }
    assert [(run.created, run.unchanged) for run in noted] == [(1, 0), (0, 1), (0, 1)]


def test_a_refusal_half_way_is_noted_with_what_was_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 1)
    pages = [Answer(body=feed(entry("2001.00001v1"), total=2)), Answer(400, body=ERROR)]
    with serve(*pages) as server, pytest.raises(ArxivRefused):
        import_author("Lovelace", client_of(server))
    run = ImportRun.objects.get()
    assert (run.status, run.created, run.pages) == ("failed", 1, 1)
    assert "400" in run.error
    assert Work.objects.count() == 1


def test_an_arxiv_that_does_not_answer_is_noted() -> None:
    with serve(Answer(503)) as server, pytest.raises(ArxivUnavailable):
        import_papers(["2001.00001"], client_of(server, attempts=1))
    assert "503" in ImportRun.objects.get(status="failed").error


def test_what_is_rejected_is_kept_as_it_came() -> None:
    with serve(Answer(body=feed(entry(), UNTITLED, REFUSED))) as server:
        result = import_papers(["2001.00001"], client_of(server))
    run = ImportRun.objects.get()
    assert (run.created, run.rejected, len(result.rejected)) == (1, 2, 2)
    kept = {bytes(each.raw): each.reason for each in run.rejected_records.all()}
    assert all(raw.lstrip().startswith(b"<entry") for raw in kept)
    assert sorted(reason.split(":")[0] for reason in kept.values()) == ["The database refused it", "it has no title"]


@pytest.mark.parametrize(
    ("broken", "was", "becomes"),
    [(REFUSED, b"x" * 1000, b"Lovelace"), (UNTITLED, b"<title/>", b"<title>Healed</title>")],
    ids=["refused", "unreadable"],
)
def test_it_can_be_tried_again(broken: str, was: bytes, becomes: bytes) -> None:
    with serve(Answer(body=feed(broken))) as server:
        import_papers(["2001.00001"], client_of(server))
    rejected = RejectedRecord.objects.get()
    assert not retry_rejected(rejected.pk)
    raw = bytes(rejected.raw).replace(b"<title></title>", b"<title/>")
    assert was in raw
    RejectedRecord.objects.filter(pk=rejected.pk).update(raw=raw.replace(was, becomes))
    assert retry_rejected(rejected.pk)
    assert Work.objects.count() == 1


def test_a_fetch_tried_again_erases_nothing_that_is_known() -> None:
    with serve(Answer(body=feed(UNTITLED))) as server:
        import_papers(["2001.00008"], client_of(server))
    with serve(Answer(body=feed(entry("2001.00008v3", more="<arxiv:comment>9 pages</arxiv:comment>")))) as server:
        import_papers(["2001.00008"], client_of(server))
    rejected = RejectedRecord.objects.get()
    healed = bytes(rejected.raw).replace(b"<title></title>", b"<title/>").replace(b"<title/>", b"<title>Old</title>")
    RejectedRecord.objects.filter(pk=rejected.pk).update(raw=healed)
    retry_rejected(rejected.pk)
    work = Work.objects.get()
    assert (work.title, work.comments, work.current_version) == ("On the Engine", "9 pages", 3)


def test_curators_see_fetches_and_cannot_resume_them(as_curator: Client) -> None:
    with serve(Answer(400, body=ERROR)) as server, pytest.raises(ArxivRefused):
        import_papers(["abc"], client_of(server))
    run = ImportRun.objects.get()
    page = as_curator.get("/admin/works/importrun/live/").content.decode()
    assert "of abc, from" in page
    assert "Resume" not in page
    with pytest.raises(runs.RunStateError, match="ask for the papers anew"):
        runs.resume_run(run.pk)


def test_fetches_do_not_move_the_next_harvest(settings: Any) -> None:
    with serve(OK) as server:
        import_papers(["2001.00001"], client_of(server))
        assert runs.next_from_date(server.url, "atom", "") is None

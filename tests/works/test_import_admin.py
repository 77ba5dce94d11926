"""Watching and steering import runs: in the admin, and by command."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from redis import Redis

from accounts.models import User
from works.models import ImportRun
from works.snapshot_models import SnapshotRun

pytestmark = pytest.mark.django_db

LIVE = "/admin/works/importrun/live/"
FRAGMENT = "/admin/works/importrun/live/runs/"


def make_run(status: str = "running", **fields: Any) -> ImportRun:
    over = status in {"succeeded", "failed", "cancelled"}
    values = {"endpoint": "http://127.0.0.1:1/oai", "finished_at": timezone.now() if over else None}
    return ImportRun.objects.create(status=status, **{**values, **fields})


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_and_its_fragment_show_the_figures(as_curator: Client) -> None:
    make_run(created=900, unchanged=100, active_seconds=10, list_size=4000, error="Waiting: HTTP 503")
    for url in (LIVE, FRAGMENT):
        page = text_of(as_curator, url)
        for words in ("1,000 of 4,000", ">100<", "30 s", "Waiting: HTTP 503", 'value="0.250"'):
            assert words in page


def test_it_looks_again_only_while_something_is_unfinished(as_curator: Client) -> None:
    run = make_run("queued")
    assert "hx-trigger" in text_of(as_curator, FRAGMENT)
    ImportRun.objects.filter(pk=run.pk).update(status="paused")
    assert "hx-trigger" not in text_of(as_curator, FRAGMENT)
    ImportRun.objects.filter(pk=run.pk).update(status="failed", finished_at=timezone.now())
    assert "hx-trigger" not in text_of(as_curator, FRAGMENT)
    assert "hx-trigger" not in text_of(as_curator, LIVE)


def test_the_number_of_queries_does_not_grow_with_the_runs(
    as_curator: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    make_run()
    with django_assert_max_num_queries(8) as few:
        as_curator.get(FRAGMENT)
    for number in range(30):
        make_run(endpoint=f"http://127.0.0.1:{number + 2}/oai")
    with django_assert_num_queries(len(few)):
        as_curator.get(FRAGMENT)


@pytest.mark.parametrize("url", [LIVE, FRAGMENT])
def test_strangers_see_nothing(client: Client, as_member: Client, url: str) -> None:
    assert client.get(url).status_code == 302
    assert as_member.get(url).status_code == 302


def test_staff_without_the_permission_neither_see_nor_steer(client: Client, member: User) -> None:
    member.is_staff = True
    member.save(update_fields=["is_staff"])
    client.force_login(member)
    run = make_run()
    assert client.get(LIVE).status_code == 403
    assert client.get(FRAGMENT).status_code == 403
    assert client.post(f"/admin/works/importrun/{run.pk}/pause/").status_code == 403
    run.refresh_from_db()
    assert run.status == "running"


def test_the_buttons_pause_resume_and_cancel(as_curator: Client, django_capture_on_commit_callbacks: Any) -> None:
    run = make_run()
    broker = Redis.from_url(settings.REDIS_URL)
    broker.delete("import")
    for move, status, queued in (("pause", "paused", 0), ("resume", "queued", 1), ("cancel", "cancelled", 1)):
        url = f"/admin/works/importrun/{run.pk}/{move}/"
        assert url in text_of(as_curator, FRAGMENT)
        assert as_curator.get(url).status_code == 405
        with django_capture_on_commit_callbacks(execute=True):
            page = as_curator.post(url, follow=True).content.decode()
        run.refresh_from_db()
        assert (run.status, broker.llen("import")) == (status, queued)
        assert f"Import run {run.pk} is {status}." in page
    assert f"/{run.pk}/cancel/" not in text_of(as_curator, FRAGMENT)
    again = as_curator.post(f"/admin/works/importrun/{run.pk}/cancel/", follow=True).content.decode()
    assert "cannot become" in again
    broker.delete("import")


def test_the_list_has_the_same_as_actions(as_curator: Client) -> None:
    open_run, over = make_run(), make_run("succeeded")
    sent = {"action": "pause", "_selected_action": [open_run.pk, over.pk]}
    page = as_curator.post("/admin/works/importrun/", sent, follow=True).content.decode()
    open_run.refresh_from_db()
    over.refresh_from_db()
    assert (open_run.status, over.status) == ("paused", "succeeded")
    assert "cannot become" in page
    assert "How they go, live" in page


def printed(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_import_status_says_how_runs_stand() -> None:
    assert "No import runs." in printed("import_status")
    run = make_run(created=50, updated=50, active_seconds=4, list_size=1100, last_datestamp="2020-01-02", pages=2)
    other = make_run("failed", error="badArgument: no")
    said = printed("import_status")
    assert f"Run {run.pk} running" in said
    assert "reached 2020-01-02" in said
    assert "25 records a second, 9%, 40 s left" in said
    assert "badArgument: no" in said
    assert f"Run {run.pk}" not in printed("import_status", str(other.pk))


def test_import_run_moves_a_run_or_says_why_not() -> None:
    run = make_run()
    assert "paused" in printed("import_run", "pause", str(run.pk))
    with pytest.raises(CommandError, match="cannot become paused"):
        printed("import_run", "pause", str(run.pk))
    with pytest.raises(CommandError, match="no import run"):
        printed("import_run", "cancel", "0")
    assert "cancelled" in printed("import_run", "cancel", str(run.pk))


def make_snapshot_run(**fields: Any) -> SnapshotRun:
    values = {"source": "arxiv.json.gz", "head_digest": "x", "rejects_file": "/var/arxiv.rejected.jsonl"}
    return SnapshotRun.objects.create(**{**values, **fields})


def test_loads_of_snapshots_show_as_they_stand(as_curator: Client) -> None:
    now = timezone.now()
    make_snapshot_run(lines=12_000, created=11_990, rejected=10, checkpoint_at=now)
    page = text_of(as_curator, FRAGMENT)
    for words in ("loading", "12,000", "11,990", "/var/arxiv.rejected.jsonl", "hx-trigger"):
        assert words in page
    SnapshotRun.objects.update(checkpoint_at=now - timedelta(hours=1))
    page = text_of(as_curator, FRAGMENT)
    assert "interrupted" in page
    assert "manage.py import_snapshot arxiv.json.gz" in page
    assert "hx-trigger" not in page
    SnapshotRun.objects.update(finished_at=now)
    assert "finished" in text_of(as_curator, LIVE)
    assert "arxiv.json.gz" in text_of(as_curator, "/admin/works/snapshotrun/")
    SnapshotRun.objects.update(finished_at=now - timedelta(days=30))
    assert "arxiv.json.gz" not in text_of(as_curator, LIVE)


def test_the_command_tells_of_snapshots_too() -> None:
    make_snapshot_run(lines=12_000, created=11_990, rejected=10, checkpoint_at=timezone.now())
    out = StringIO()
    call_command("import_status", stdout=out)
    assert "Snapshot" in out.getvalue()
    assert "loading: arxiv.json.gz\n  line 12000: 11990 created, 0 updated, 0 unchanged, 10 rejected" in out.getvalue()

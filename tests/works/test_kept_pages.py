"""Harvested pages are kept whole and bounded, and loaded again to the same tables."""

import gzip
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.works.endpoints import serve_sample
from tests.works.real_endpoint import RecordedEndpoint, serving
from tests.works.shared_data import needs_shared_data
from tests.works.test_harvest_real import tables
from works import pages
from works.arxiv.harvest import run_harvest
from works.models import ImportRun, Work
from works.runs import begin_run

pytestmark = pytest.mark.django_db


def harvest_from(url: str) -> ImportRun:
    run = begin_run(url)
    run_harvest(run.pk)
    run.refresh_from_db()
    return run


def replay(folder: Path) -> str:
    out = StringIO()
    call_command("replay_pages", str(folder), stdout=out, stderr=out)
    return out.getvalue()


def test_nothing_is_kept_unless_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with serve_sample() as endpoint:
        harvest_from(endpoint.url)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CommandError, match="not set"):
        call_command("replay_pages")


def test_pages_are_kept_as_they_came_and_replayed(tmp_path: Path, settings: Any) -> None:
    settings.ARXIV_PAGES_DIR = tmp_path / "pages"
    with serve_sample() as endpoint:
        run = harvest_from(endpoint.url)
    kept = pages.list_pages(tmp_path / "pages")
    assert [path.name for path in kept] == [f"run{run.pk:08}-page{number:06}.xml.gz" for number in (1, 2, 3)]
    assert gzip.decompress(kept[0].read_bytes()).startswith(b"<?xml")
    assert "0 created, 0 updated, 13 unchanged" in replay(tmp_path / "pages")
    Work.objects.all().delete()
    assert "13 created" in replay(tmp_path / "pages")
    assert not list((tmp_path / "pages").glob(".*"))


@needs_shared_data
def test_the_real_pages_give_the_same_tables_again(tmp_path: Path, settings: Any) -> None:
    settings.ARXIV_PAGES_DIR = tmp_path
    endpoint = RecordedEndpoint()
    with serving(endpoint):
        harvest_from(endpoint.url)
    expected = tables()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE works_work, works_pendingupdate CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert "503 created, 0 updated, 0 unchanged, 0 rejected" in replay(tmp_path)
    assert tables() == expected
    sizes = sum(path.stat().st_size for path in pages.list_pages(tmp_path))
    assert sizes < 400_000  # of 1.17 MB


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    for number in range(5):
        pages.write_whole(tmp_path / f"run00000001-page{number:06}.xml.gz", b"x" * 100)
    pages.drop_oldest(tmp_path, 300)
    assert [path.name[-13:-7] for path in pages.list_pages(tmp_path)] == ["000002", "000003", "000004"]


def test_a_page_that_cannot_be_read_is_named_and_the_others_load(tmp_path: Path, settings: Any) -> None:
    settings.ARXIV_PAGES_DIR = tmp_path
    with serve_sample() as endpoint:
        harvest_from(endpoint.url)
    Work.objects.all().delete()
    pages.list_pages(tmp_path)[1].write_bytes(b"\x1f\x8b cut off")
    with pytest.raises(CommandError, match="1 pages could not be read"):
        replay(tmp_path)
    assert Work.objects.count() == 8


def test_a_disk_that_is_full_stops_no_harvest(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.ARXIV_PAGES_DIR = tmp_path / "file" / "pages"
    with serve_sample() as endpoint:
        run = harvest_from(endpoint.url)
    assert (run.status, run.created) == ("succeeded", 13)

"""`manage.py import_snapshot`: every kind of file, interrupted in every way, and the same rows in the end."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import make_record
from tests.test_worker import database_url
from tests.works.test_snapshot_line import PAPER
from works.arxiv import import_snapshot, snapshot_file
from works.arxiv.load import load_records
from works.arxiv.snapshot import LONGEST_LINE_BYTES
from works.arxiv.snapshot_file import SnapshotUnreadable, open_snapshot
from works.models import Work, WorkVersion
from works.signals import works_loaded
from works.snapshot_models import LeftOut, SnapshotRun

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nobody listens to what is loaded; rejected lines go where the test is; signals mean what they did before."""
    monkeypatch.setattr(works_loaded, "receivers", [])
    works_loaded.sender_receivers_cache.clear()
    monkeypatch.chdir(tmp_path)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    works_loaded.sender_receivers_cache.clear()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def lines_of(count: int, **fields: Any) -> list[bytes]:
    papers = [PAPER | {"id": f"2001.{number:05}", "title": f"Paper {number}"} | fields for number in range(count)]
    return [json.dumps(paper).encode() + b"\n" for paper in papers]


def write(path: Path, lines: list[bytes]) -> str:
    path.write_bytes(b"".join(lines))
    return str(path)


def run_import(name: str, *options: str) -> str:
    out = StringIO()
    call_command("import_snapshot", name, "--workers=1", *options, stdout=out)
    return out.getvalue()


def contents() -> list[tuple[Any, ...]]:
    """What the tables say, without keys and times of loading."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT w.arxiv_id, w.title, w.abstract, w.doi, w.current_version_at, w.datestamp, w.record_digest::text,
                (SELECT string_agg(v.number || ' ' || v.submitted_at, ',' ORDER BY v.number)
                    FROM works_workversion v WHERE v.work_id = w.id),
                (SELECT string_agg(t.code, ',' ORDER BY wt.position)
                    FROM works_worktopic wt JOIN works_topic t ON t.id = wt.topic_id WHERE wt.work_id = w.id),
                (SELECT string_agg(a.printed_name || a.name_key || a.printed_affiliation, ',' ORDER BY a.position)
                    FROM works_authorship a WHERE a.work_id = w.id)
            FROM works_work w ORDER BY 1"""
        )
        return list(cursor.fetchall())


def zipped(path: Path, text: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("arxiv-metadata.json", text)


WRITERS = {
    "plain": lambda path, text: path.write_bytes(text),
    "gzip": lambda path, text: path.write_bytes(gzip.compress(text)),
    "zstd": lambda path, text: path.write_bytes(zstandard.compress(text)),
    "zip": zipped,
}


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_file_gives_the_same_lines(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    lines = lines_of(50)
    WRITERS[kind](path, b"".join(lines))
    with open_snapshot(str(path)) as snapshot:
        assert [line for block in snapshot.blocks(0) for line in block.lines] == lines


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_a_file_that_ends_too_early_says_so(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    WRITERS[kind](path, os.urandom(50_000))
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(SnapshotUnreadable), open_snapshot(str(path)) as snapshot:
        list(snapshot.blocks(0))


def test_a_line_without_end_takes_no_memory_and_the_next_is_read(tmp_path: Path) -> None:
    name = write(tmp_path / "snapshot", [b"x" * (LONGEST_LINE_BYTES * 3), b"\n", *lines_of(1)])
    with open_snapshot(name) as snapshot:
        lines = [line for block in snapshot.blocks(0) for line in block.lines]
    assert [len(line) for line in lines] == [LONGEST_LINE_BYTES + 1, len(lines_of(1)[0])]


@pytest.mark.django_db
def test_lines_become_works_and_again_change_nothing(tmp_path: Path) -> None:
    name = write(tmp_path / "snapshot.json", lines_of(30))
    assert "30 created, 0 updated, 0 unchanged, 0 rejected" in run_import(name)
    before = list(Work.objects.order_by("pk").values())
    assert "0 created, 0 updated, 30 unchanged, 0 rejected" in run_import(name)
    assert list(Work.objects.order_by("pk").values()) == before
    assert SnapshotRun.objects.exclude(finished_at=None).count() == 2


@pytest.mark.django_db
def test_rejected_lines_are_written_down_with_number_and_reason(tmp_path: Path) -> None:
    refused = json.dumps(PAPER | {"id": "2001.00009", "categories": "x" * 30}).encode() + b"\n"
    name = write(tmp_path / "s.json", [*lines_of(2), b"\n", b"{oops\xff\n", refused, *lines_of(3)[2:]])
    assert "3 created, 0 updated, 0 unchanged, 2 rejected" in run_import(name)
    kept = [json.loads(line) for line in (tmp_path / "s.json.rejected.jsonl").read_text().splitlines()]
    assert [(row["line"], row["reason"].split(":")[0]) for row in kept] == [
        (4, "it is not UTF-8"),
        (5, "The database refused it"),
    ]
    assert kept[0]["text"] == "{oops\\xff"


@pytest.mark.django_db
def test_null_erases_nothing_that_another_source_said(tmp_path: Path) -> None:
    full = make_record(arxiv_id="2001.00000", doi="10.1/1", comments="3 pages", license="cc", withdrawn=True)
    load_records([full])
    run_import(write(tmp_path / "s.json", lines_of(1, update_date="2022-01-01", abstract=None)))
    work = Work.objects.get()
    assert (work.title, work.doi, work.comments, work.license) == ("Paper 0", "10.1/1", "3 pages", "cc")
    assert (work.withdrawn, work.abstract) == (True, full.abstract)
    assert WorkVersion.objects.get(number=1).size == full.versions[0].size


@pytest.mark.django_db
def test_a_damaged_file_goes_on_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_file, "BLOCK_BYTES", 300_000)
    path = tmp_path / "s.json.gz"
    # Stored, not compressed: half of the file holds half of the lines; and more than is read ahead at a time.
    whole = gzip.compress(b"".join(lines_of(200, abstract="word " * 5000)), compresslevel=0)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match="EOFError"):
        run_import(str(path))
    assert 0 < Work.objects.count() < 200
    path.write_bytes(whole)
    said = run_import(str(path))
    assert "Going on after line" in said
    assert (Work.objects.count(), SnapshotRun.objects.count()) == (200, 1)
    assert SnapshotRun.objects.get().created == 200


@pytest.mark.django_db
def test_another_file_that_begins_alike_is_not_taken_for_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_file, "BLOCK_BYTES", 3000)
    path = tmp_path / "s.json"
    run = start_and_stop(write(path, lines_of(100)))
    assert 0 < run.lines < 100
    write(path, [lines_of(1)[0], *lines_of(100, title="Other")[1:]])
    with pytest.raises(CommandError, match="yet is another one"):
        run_import(str(path))
    assert "100 lines" in run_import(str(path), "--restart")


def start_and_stop(name: str) -> SnapshotRun:
    """Load the first block of a file only."""
    with open_snapshot(name) as snapshot:
        rejects = Path(f"{name}.rejected")
        run = import_snapshot.find_or_start_run(snapshot, source=name, rejects_file=rejects, restart=False)
        import_snapshot.load_snapshot(run, snapshot, workers=1, report=lambda _run: False)
    return run


@pytest.mark.django_db
def test_a_killed_run_s_rejects_beyond_its_checkpoint_are_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_file, "BLOCK_BYTES", 3000)
    name = write(tmp_path / "s.json", [b"{\n", *lines_of(50), b"{\n"])
    run = start_and_stop(name)
    with Path(run.rejects_file).open("ab") as rejects:
        rejects.write(b"written before a commit that never came\n")
    run_import(name)
    kept = [json.loads(line)["line"] for line in Path(run.rejects_file).read_text().splitlines()]
    assert kept == [1, 52]


class TestProcess:
    """The command in a process of its own, interrupted."""

    pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(ROOT / "manage.py"), "import_snapshot", name, "--workers=1"]
        environment = {**os.environ, "DATABASE_URL": database_url()}
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wait_for_checkpoint(self) -> None:
        deadline = time.monotonic() + 300
        while not SnapshotRun.objects.filter(lines__gt=0).exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    def test_an_interrupted_load_ends_like_an_uninterrupted_one(self, number: signal.Signals, tmp_path: Path) -> None:
        lines = [*lines_of(12_000), b"{\n"]
        name = write(tmp_path / "s.json", lines)
        process = self.start(name)
        self.wait_for_checkpoint()
        process.send_signal(number)
        process.communicate(timeout=120)
        assert process.returncode == (-9 if number == signal.SIGKILL else 130)
        run = SnapshotRun.objects.get()
        assert (0 < run.lines < len(lines), run.finished_at) == (True, None)
        assert LeftOut.objects.exists() == (number == signal.SIGKILL)
        again = self.start(name)
        out, errors = again.communicate(timeout=300)
        assert (again.returncode, b"Going on after line" in out) == (0, True), errors
        run.refresh_from_db()
        assert (run.created, run.rejected, Work.objects.count()) == (12_000, 1, 12_000)
        assert not LeftOut.objects.exists()
        interrupted = contents()
        Work.objects.all().delete()
        whole = self.start(name)
        whole.communicate(timeout=300)
        assert contents() == interrupted

    def test_standard_input_and_a_second_load_at_the_same_time(self, tmp_path: Path) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "import_snapshot", "-", "--rejects", str(tmp_path / "r")]
        environment = {**os.environ, "DATABASE_URL": database_url()}
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdin
            lines = lines_of(3000)  # more than is read ahead at a time
            process.stdin.writelines(lines[:2000])
            process.stdin.flush()
            deadline = time.monotonic() + 300
            while not SnapshotRun.objects.exists():
                assert time.monotonic() < deadline
                time.sleep(0.05)
            with pytest.raises(CommandError, match="another process is loading"):
                run_import(write(tmp_path / "s.json", lines_of(1)))
            out, errors = process.communicate(b"".join(lines[2000:]), timeout=60)
        assert process.returncode == 0, errors
        assert b"3,000 lines: 3,000 created" in out

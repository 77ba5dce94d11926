"""Loading arXiv's metadata snapshot: block after block, each in one transaction with its checkpoint."""

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from works.arxiv.errors import ArxivError
from works.arxiv.lean_tables import lean_first_load
from works.arxiv.load import LoadResult, load_incoming
from works.arxiv.parse_workers import ParseWorkers, PreparedBlock
from works.arxiv.snapshot_file import Block, OtherSnapshot, Snapshot
from works.signals import works_loaded
from works.snapshot_models import SnapshotRun

SNAPSHOT_LOCK = 0x42_5A_03

# Told after each block; answers whether to go on.
Report = Callable[[SnapshotRun], bool]


class AlreadyLoading(ArxivError):
    """Another process is loading a snapshot."""


@contextmanager
def only_snapshot_load() -> Iterator[None]:
    """Be the only load of a snapshot, or raise AlreadyLoading; the lock dies with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SNAPSHOT_LOCK])
        if not (cursor.fetchone() or (False,))[0]:
            raise AlreadyLoading("another process is loading a snapshot")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SNAPSHOT_LOCK])


def find_or_start_run(snapshot: Snapshot, *, source: str, rejects_file: Path, restart: bool) -> SnapshotRun:
    """Return the unfinished run of this file with the file wound on to its checkpoint, or a new run.

    Raises OtherSnapshot when a file that begins alike goes on differently before the checkpoint.
    """
    unfinished = SnapshotRun.objects.filter(head_digest=snapshot.head_digest, finished_at=None)
    run = None if restart else unfinished.first()
    if run is None:
        return SnapshotRun.objects.create(
            source=source, head_digest=snapshot.head_digest, rejects_file=str(rejects_file.resolve())
        )
    try:
        snapshot.skip(run.offset, run.offset_digest)
    except OtherSnapshot as error:
        raise OtherSnapshot(f"{source} begins like the file of {run}, yet is another one: {error}") from error
    return run


def load_snapshot(run: SnapshotRun, snapshot: Snapshot, *, workers: int, report: Report) -> None:
    """Load from the run's checkpoint to the end, or until `report` answers False; what is loaded stays."""
    going_on = True
    with open_rejects(run) as rejects, lean_first_load(), ParseWorkers(workers) as pool:
        for block, prepared in pool.map(snapshot.blocks(run.lines)):
            load_block(run, block, prepared, rejects)
            going_on = report(run)
            if not going_on:
                break
    if going_on:
        run.finished_at = timezone.now()
        run.save(update_fields=["finished_at"])


@contextmanager
def open_rejects(run: SnapshotRun) -> Iterator[io.FileIO]:
    """Open the file of rejected lines where the checkpoint left it: what a killed run wrote beyond goes."""
    with io.FileIO(run.rejects_file, "ab") as rejects:
        kept = min(run.rejects_bytes, rejects.seek(0, os.SEEK_END))  # less when somebody took the file away
        rejects.truncate(kept)
        rejects.seek(kept)
        yield rejects


def load_block(run: SnapshotRun, block: Block, prepared: PreparedBlock, rejects: io.FileIO) -> None:
    """Load a block, keep its rejected lines, and save the checkpoint."""
    with transaction.atomic():
        result = load_incoming(prepared.records)
        refused = [(prepared.line_numbers[record.identifier], record.reason) for record in result.rejected]
        reasons = sorted([*prepared.rejected, *refused])
        write_rejects(rejects, block, reasons)
        save_checkpoint(run, block, result, rejected=len(reasons), rejects_bytes=rejects.tell())
    researcher_ids = sorted(result.detached_researcher_ids)
    works_loaded.send(sender=SnapshotRun, work_ids=result.work_ids, researcher_ids=researcher_ids)


def write_rejects(rejects: io.FileIO, block: Block, reasons: list[tuple[int, str]]) -> None:
    """Append number, reason and text of each line; on the disk before the checkpoint says so."""
    if not reasons:
        return
    for number, reason in reasons:
        text = block.lines[number - block.first_line].decode(errors="backslashreplace").rstrip("\n")
        rejects.write(json.dumps({"line": number, "reason": reason, "text": text}).encode() + b"\n")
    os.fsync(rejects.fileno())


def save_checkpoint(run: SnapshotRun, block: Block, result: LoadResult, *, rejected: int, rejects_bytes: int) -> None:
    """Say how far the run is and what it did so far."""
    run.offset = block.end
    run.offset_digest = block.digest
    run.lines = block.first_line + len(block.lines) - 1
    run.created += result.created
    run.updated += result.updated
    run.unchanged += result.unchanged
    run.rejected += rejected
    run.rejects_bytes = rejects_bytes
    run.checkpoint_at = timezone.now()
    run.save()

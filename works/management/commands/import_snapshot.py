"""`manage.py import_snapshot FILE`: load arXiv's metadata snapshot, and go on where an interrupted load was."""

import os
import signal
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from works.arxiv.errors import ArxivError
from works.arxiv.import_snapshot import find_or_start_run, load_snapshot, only_snapshot_load
from works.arxiv.snapshot_file import STANDARD_INPUT, Snapshot, open_snapshot
from works.snapshot_models import SnapshotRun

INTERRUPTED = 130


class Progress:
    """A line on standard error with rate and time left, where that is a terminal; also hears the call to stop."""

    def __init__(self, run: SnapshotRun, snapshot: Snapshot) -> None:
        self.stopped = False
        self._snapshot = snapshot
        self._began = time.monotonic()
        self._first_line, self._first_position = run.lines, snapshot.position

    def stop(self, *_signal: object) -> None:
        """End after the block that is being loaded; at the second call at once."""
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True

    def report(self, run: SnapshotRun) -> bool:
        """Show how far it is; answer whether to go on."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self.describe(run)}\x1b[K")
            sys.stderr.flush()
        return not self.stopped

    def describe(self, run: SnapshotRun) -> str:
        """Say it in a line: share, lines, rate, time left, rejected."""
        seconds = max(time.monotonic() - self._began, 0.001)
        text = f"{run.lines:,} lines, {(run.lines - self._first_line) / seconds:,.0f} a second"
        done = self._snapshot.position - self._first_position
        if self._snapshot.size and done:
            left = (self._snapshot.size - self._snapshot.position) / done * seconds
            share = self._snapshot.position / self._snapshot.size
            bar = "#" * int(share * 20)
            text = f"[{bar:<20}] {share:4.0%}  {text}, {left // 60:.0f} min {left % 60:02.0f} s left"
        return f"{text}, {run.rejected:,} rejected"


class Command(BaseCommand):
    """Load a snapshot in this process, beside the running site."""

    help = "Load arXiv's metadata snapshot (one JSON object a line). The same command goes on after an interruption."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and what may be decided about the load."""
        parser.add_argument("file", help="plain, .gz, .zst or .zip; - reads standard input")
        parser.add_argument("--rejects", type=Path, help="where rejected lines go (FILE.rejected.jsonl, here)")
        parser.add_argument("--restart", action="store_true", help="begin anew instead of going on")
        parser.add_argument(
            "--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1), help="processes that read"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open, find the checkpoint, load, say what was done."""
        try:
            with open_snapshot(options["file"]) as snapshot, only_snapshot_load():
                self._load(snapshot, options)
        except (ArxivError, OSError) as error:
            raise CommandError(f"{options['file']}: {error}") from error

    def _load(self, snapshot: Snapshot, options: dict[str, Any]) -> None:
        name = "snapshot" if options["file"] == STANDARD_INPUT else Path(options["file"]).name
        rejects = options["rejects"] or Path(f"{name}.rejected.jsonl")
        run = find_or_start_run(snapshot, source=options["file"], rejects_file=rejects, restart=options["restart"])
        if run.lines:
            self.stdout.write(f"Going on after line {run.lines:,} of run {run.pk}.")
        progress = Progress(run, snapshot)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, progress.stop)
        load_snapshot(run, snapshot, workers=max(1, options["workers"]), report=progress.report)
        self._conclude(run)

    def _conclude(self, run: SnapshotRun) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\n")
        self.stdout.write(
            f"{run.lines:,} lines: {run.created:,} created, {run.updated:,} updated, {run.unchanged:,} unchanged, "
            f"{run.rejected:,} rejected" + (f", see {run.rejects_file}" if run.rejected else "")
        )
        if run.finished_at is None:
            raise CommandError("Interrupted; the same command goes on from here.", returncode=INTERRUPTED)

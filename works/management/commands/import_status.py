"""`manage.py import_status`: the import runs, how far they are, how fast, and how long they will take."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from works.arxiv.harvest import describe_counts
from works.models import ImportRun
from works.progress import Progress, SnapshotProgress, list_progress, list_snapshot_progress, measure


class Command(BaseCommand):
    """Print a few lines for each run."""

    help = "Show the import runs that are open or ended in the last week, or those of the given numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the numbers of runs."""
        parser.add_argument("run", nargs="*", type=int, help="numbers of runs; none means all recent ones")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        chosen = options["run"]
        shown = [measure(run) for run in ImportRun.objects.filter(pk__in=chosen)] if chosen else list_progress()
        snapshots = [] if chosen else list_snapshot_progress()
        for progress in shown:
            self.stdout.write("\n".join(describe(progress)))
        for snapshot in snapshots:
            self.stdout.write(describe_snapshot(snapshot))
        if not shown and not snapshots:
            self.stdout.write("No import runs.")


def describe_snapshot(progress: SnapshotProgress) -> str:
    """Say in two lines how the load of a snapshot stands."""
    run = progress.run
    return f"Snapshot {run.pk} {progress.state}: {run.source}\n  line {run.lines}: {describe_counts(run)}"


def describe(progress: Progress) -> list[str]:
    """Say in lines of text how a run stands."""
    run = progress.run
    lines = [f"Run {run.pk} {run.get_status_display()}: {run.kind} of {progress.source}, from {run.endpoint}"]
    reached = f", reached {run.last_datestamp}" if run.last_datestamp else ""
    lines.append(f"  page {run.pages}, {progress.records} records: {describe_counts(run)}{reached}")
    if progress.rate:
        left = f", {progress.time_left} left" if progress.time_left else ""
        share = f", {progress.fraction:.0%}" if progress.fraction is not None else ""
        lines.append(f"  {progress.rate:.0f} records a second{share}{left}")
    if run.retry_at:
        lines.append(f"  asks again at {run.retry_at:%Y-%m-%d %H:%M:%S} UTC")
    if run.error:
        lines.append(f"  {run.error}")
    return lines

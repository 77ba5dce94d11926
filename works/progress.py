"""How far import runs have come, how fast they go, and how long they will take where that is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from works.models import ImportRun
from works.snapshot_models import SnapshotRun

RECENTLY_OVER = timedelta(days=7)
LONGEST_LIST = 50
STILL_LOADING = timedelta(minutes=2)  # between two checkpoints of a load that is alive, indexes being built aside


@dataclass(frozen=True, slots=True)
class Progress:
    """One run as a person wants to see it; `rate` is records a second while it was at work.

    `fraction` (0 to 1) and `seconds_left` are None where they cannot be known: arXiv says how long no list is.
    """

    run: ImportRun
    records: int
    rate: float | None
    fraction: float | None
    seconds_left: float | None

    @property
    def source(self) -> str:
        """What is asked for, in words."""
        run = self.run
        if run.kind == ImportRun.Kind.FETCH:
            return run.asked_for
        window = f"{run.from_date or 'the beginning'} to {run.until_date or 'now'}"
        return f"{run.metadata_prefix}, {run.set_spec or 'everything'}, {window}"

    @property
    def time_left(self) -> str:
        """The time left in words, empty where it is unknown."""
        return "" if self.seconds_left is None else describe_seconds(self.seconds_left)

    @property
    def can_pause(self) -> bool:
        """Whether pausing makes sense."""
        return self.run.status in ImportRun.ACTIVE

    @property
    def can_resume(self) -> bool:
        """Whether resuming makes sense."""
        is_stopped = self.run.status in {ImportRun.Status.PAUSED, ImportRun.Status.FAILED}
        return is_stopped and self.run.kind != ImportRun.Kind.FETCH


@dataclass(frozen=True, slots=True)
class SnapshotProgress:
    """One load of a metadata snapshot, as it stood at `now`. How long it will take only its terminal knows."""

    run: SnapshotRun
    now: datetime

    @property
    def is_loading(self) -> bool:
        """Whether a block was loaded a moment ago."""
        last = self.run.checkpoint_at or self.run.started_at
        return self.run.finished_at is None and self.now - last < STILL_LOADING

    @property
    def state(self) -> str:
        """How it stands, in a word or two."""
        if self.run.finished_at:
            return "finished"
        return "loading" if self.is_loading else "interrupted"


def list_progress() -> list[Progress]:
    """Return the runs that are open, and those that ended in the last week, newest first."""
    shown = Q(finished_at__isnull=True) | Q(finished_at__gte=timezone.now() - RECENTLY_OVER)
    return [measure(run) for run in ImportRun.objects.filter(shown)[:LONGEST_LIST]]


def list_snapshot_progress() -> list[SnapshotProgress]:
    """Return the loads of snapshots that are unfinished, and those that ended in the last week, newest first."""
    shown = Q(finished_at__isnull=True) | Q(finished_at__gte=timezone.now() - RECENTLY_OVER)
    return [SnapshotProgress(run, timezone.now()) for run in SnapshotRun.objects.filter(shown)[:LONGEST_LIST]]


def is_anything_moving() -> bool:
    """Whether a run is queued or running, so that looking again makes sense."""
    return (
        ImportRun.objects.filter(status__in=ImportRun.ACTIVE).exists()
        or SnapshotRun.objects.filter(finished_at=None, checkpoint_at__gte=timezone.now() - STILL_LOADING).exists()
    )


def measure(run: ImportRun) -> Progress:
    """Work out the figures of one run."""
    rate = run.records / run.active_seconds if run.records and run.active_seconds > 0 else None
    if run.finished_at or not run.list_size:
        return Progress(run, run.records, rate, None, None)
    left = max(run.list_size - run.records, 0)
    return Progress(run, run.records, rate, min(run.records / run.list_size, 1.0), left / rate if rate else None)


def describe_seconds(seconds: float) -> str:
    """Say a span of time in its two largest units, such as `2 h 05 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"

"""Beginning, pausing, resuming, cancelling and ending import runs. A worker notices between two pages."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from works.arxiv.records import RejectedRecord as RejectedFromSource
from works.models import ImportRun, RejectedRecord

# The earliest datestamp of arXiv; `from` before it is an error, and on it the same as none.
EARLIEST_DATESTAMP = date(2005, 9, 16)
# Datestamps are days, and a day goes on after it was harvested.
OVERLAP = timedelta(days=1)
# How long to leave arXiv alone after each further time that it did not answer; after the last the run fails.
RETRY_SECONDS = (10, 30, 60, 300, 900, 1800, 3600)


class RunStateError(Exception):
    """What was asked for makes no sense in the state that the run is in."""


def begin_run(
    endpoint: str = "",
    metadata_prefix: str = "arXivRaw",
    set_spec: str = "",
    *,
    from_date: date | None = None,
    until_date: date | None = None,
    kind: ImportRun.Kind = ImportRun.Kind.HARVEST,
) -> ImportRun:
    """Store a queued run; raise ValidationError when what it asks for makes no sense.

    Whoever calls it hands the run to a worker.
    """
    run = ImportRun(
        kind=kind,
        endpoint=endpoint or settings.ARXIV_OAI_URL,
        metadata_prefix=metadata_prefix,
        set_spec=set_spec,
        from_date=from_date,
        until_date=until_date,
    )
    run.full_clean()
    run.save()
    return run


def next_from_date(endpoint: str, metadata_prefix: str, set_spec: str) -> date | None:
    """Return where an incremental harvest has to begin; None when nothing was harvested to the end yet.

    A day before the last datestamp up to which finished runs reach without a gap.
    """
    runs = ImportRun.objects.filter(
        endpoint=endpoint,
        metadata_prefix=metadata_prefix,
        set_spec=set_spec,
        kind=ImportRun.Kind.HARVEST,
        status=ImportRun.Status.SUCCEEDED,
        last_datestamp__isnull=False,
    )
    windows = sorted(
        (start or EARLIEST_DATESTAMP, end) for start, end in runs.values_list("from_date", "last_datestamp")
    )
    reached: date | None = None
    for start, end in sorted((start or EARLIEST_DATESTAMP, end) for start, end in windows if end):
        if reached is None or start <= reached + OVERLAP:
            reached = end if reached is None else max(reached, end)
    return None if reached is None else reached - OVERLAP


def has_open_run(endpoint: str, metadata_prefix: str, set_spec: str, kind: ImportRun.Kind) -> bool:
    """Whether such a run is on its way already, or paused."""
    return ImportRun.objects.filter(
        endpoint=endpoint, metadata_prefix=metadata_prefix, set_spec=set_spec, kind=kind, finished_at__isnull=True
    ).exists()


def list_due_runs() -> list[int]:
    """Return the ids of runs that a worker should be at."""
    due = Q(retry_at__isnull=True) | Q(retry_at__lte=timezone.now())
    return list(ImportRun.objects.filter(due, status__in=ImportRun.ACTIVE).order_by("pk").values_list("pk", flat=True))


def pause_run(run_id: int) -> ImportRun:
    """Have the worker stop after the page that it is at, and nobody go on, until the run is resumed."""
    return move_run(run_id, ImportRun.ACTIVE, ImportRun.Status.PAUSED)


def resume_run(run_id: int) -> ImportRun:
    """Queue a run that is paused or failed again, from where it stood; whoever calls it hands it to a worker.

    Raises RunStateError for a fetch, too: it stands nowhere, and is made anew by who wants it.
    """
    if ImportRun.objects.filter(pk=run_id, kind=ImportRun.Kind.FETCH).exists():
        raise RunStateError(f"Import run {run_id} is a fetch: ask for the papers anew instead.")
    return move_run(run_id, (ImportRun.Status.PAUSED, ImportRun.Status.FAILED), ImportRun.Status.QUEUED)


def cancel_run(run_id: int) -> ImportRun:
    """End a run for good; what it loaded stays."""
    return move_run(run_id, (*ImportRun.ACTIVE, ImportRun.Status.PAUSED), ImportRun.Status.CANCELLED)


@transaction.atomic
def move_run(run_id: int, allowed: tuple[ImportRun.Status, ...], status: ImportRun.Status) -> ImportRun:
    """Change the state of a run; raise RunStateError when it is in none of the allowed ones."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.status not in allowed:
        raise RunStateError(f"Import run {run.pk} is {run.get_status_display()}; it cannot become {status.label}.")
    run.status, run.retry_at = status, None
    run.finished_at = timezone.now() if status in ImportRun.OVER else None
    if status == ImportRun.Status.QUEUED:
        run.failures = run.restarts = 0
    run.save(update_fields=["status", "retry_at", "finished_at", "failures", "restarts"])
    return run


@transaction.atomic
def postpone_run(run_id: int, *, reason: str, retry_after: float | None = None) -> float | None:
    """Note that arXiv did not answer; return the seconds after which to ask again, None when the run is over.

    `retry_after` is what arXiv asked for. What was loaded stays, also when the run fails after the last try.
    """
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.status not in ImportRun.ACTIVE:
        return None
    if run.failures >= len(RETRY_SECONDS):
        finish_run(run, ImportRun.Status.FAILED, error=f"arXiv did not answer: {reason}")
        return None
    delay = max(retry_after or 0.0, RETRY_SECONDS[run.failures])
    run.failures += 1
    run.error = f"Waiting: {reason}"
    run.retry_at = timezone.now() + timedelta(seconds=delay)
    run.save(update_fields=["failures", "error", "retry_at"])
    return delay


def store_rejected(run: ImportRun, rejected: Iterable[RejectedFromSource]) -> None:
    """Keep records that were rejected as they came, so that they can be looked at and tried again."""
    RejectedRecord.objects.bulk_create(
        RejectedRecord(import_run=run, identifier=bad.identifier, reason=bad.reason, raw=bad.raw) for bad in rejected
    )


def finish_run(run: ImportRun, status: ImportRun.Status, *, error: str = "") -> bool:
    """Close the run, unless somebody paused or cancelled it meanwhile; return whether it was closed."""
    values = {"status": status, "error": error, "finished_at": timezone.now(), "resumption_token": ""}
    closed = ImportRun.objects.filter(pk=run.pk, status__in=ImportRun.ACTIVE).update(**values)
    run.refresh_from_db()
    return bool(closed)

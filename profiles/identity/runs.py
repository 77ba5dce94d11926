"""Full re-runs as jobs: plan the ranges of names, take them one by one over all workers, go on after a kill."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from profiles.identity.rerun import resolve_range
from profiles.models import ResolutionChunk, ResolutionRun
from profiles.services import bring_up_to_date

RECORDS_PER_CHUNK = 2000
STALLED_AFTER = timedelta(minutes=2)
Status = ResolutionChunk.Status

# One block: all names of a surname, for `J. Edward` may be `Edward J.`
BLOCKS = """
SELECT block, count(*) FROM (
    SELECT split_part(name_key, '|', 1) || '|' COLLATE "C" AS block
    FROM profiles_researcher WHERE state <> 'merged'
) named
GROUP BY block ORDER BY block
"""


@transaction.atomic
def plan_run(records_per_chunk: int = RECORDS_PER_CHUNK) -> ResolutionRun:
    """Begin a run over all names; answer the one that is not over, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE profiles_resolutionrun IN SHARE ROW EXCLUSIVE MODE")
    if current := get_current_run():
        return current
    starts = list(list_starts(records_per_chunk))
    run = ResolutionRun.objects.create(chunk_count=len(starts))
    ResolutionChunk.objects.bulk_create(
        (
            ResolutionChunk(run=run, first_key=first, end_key=end)
            for first, end in zip(starts, [*starts[1:], ""], strict=True)
        ),
        batch_size=5000,
    )
    return run


def list_starts(records_per_chunk: int) -> Iterator[str]:
    """Yield where each chunk begins, so that no block is cut in two and the whole alphabet is covered."""
    yield ""
    records = 0
    with connection.cursor() as cursor:
        cursor.execute(BLOCKS)
        for block, count in cursor:
            if records and records + count > records_per_chunk:
                yield block
                records = 0
            records += count


def get_current_run() -> ResolutionRun | None:
    """Return the run that is not over."""
    return ResolutionRun.objects.filter(finished_at__isnull=True).first()


def resolve_next_chunk() -> bool:
    """Do one chunk of the current run that nobody else is at; return whether there was one."""
    with transaction.atomic():
        run = get_current_run()
        unfinished = ResolutionChunk.objects.filter(run=run).exclude(status=Status.DONE)
        # Of itself only: two workers may be at chunks of one run.
        chunk = unfinished.select_for_update(skip_locked=True, of=("self",)).order_by("id").first()
        if run is None or chunk is None:
            return False
        if chunk.status == Status.PENDING:
            outcome = resolve_range(chunk.first_key, chunk.end_key)
            chunk.moved, chunk.merged = outcome.moved, outcome.merged
            chunk.touched_ids, chunk.status = sorted(outcome.touched_ids), Status.RESOLVED
            chunk.save(update_fields=["moved", "merged", "touched_ids", "status"])
    finish_chunk(chunk)
    return True


def finish_chunk(chunk: ResolutionChunk) -> None:
    """Count the figures of whom a chunk touched anew; then it is done, and with the last one the run."""
    if chunk.touched_ids:
        bring_up_to_date(chunk.touched_ids)
    now = timezone.now()
    ResolutionChunk.objects.filter(pk=chunk.pk).update(status=Status.DONE, finished_at=now)
    left = ResolutionChunk.objects.filter(run=chunk.run_id).exclude(status=Status.DONE)
    if not left.exists():
        ResolutionRun.objects.filter(pk=chunk.run_id, finished_at__isnull=True).update(finished_at=now)


def is_stalled() -> bool:
    """Whether a run is not over and no chunk of it was done lately: its workers may have been killed."""
    run = get_current_run()
    if run is None:
        return False
    since = timezone.now() - STALLED_AFTER
    return run.queued_at < since and not run.chunks.filter(finished_at__gte=since).exists()


def describe_run(run: ResolutionRun) -> str:
    """Say in words how far a run is."""
    chunks = list(run.chunks.values_list("status", "moved", "merged"))
    done = sum(status == Status.DONE for status, _moved, _merged in chunks)
    moved, merged = sum(each[1] for each in chunks), sum(each[2] for each in chunks)
    state = "over" if run.finished_at else "under way"
    return f"{run} is {state}: {done} of {len(chunks)} chunks, {moved} authorships moved, {merged} records merged"

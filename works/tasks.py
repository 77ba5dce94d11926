"""The import queue: ids in, one service call; each task may be run twice, or killed, at any point."""

from celery import Task, shared_task

from works.arxiv.errors import ArxivUnavailable
from works.arxiv.harvest import fail_run, run_harvest
from works.institutions.tasks import match_affiliations_of_works, match_new_affiliations  # noqa: F401 - found from here
from works.models import ImportRun

RETRY_SECONDS = [10, 30, 60, 300, 900, 1800, 3600]


@shared_task(bind=True, max_retries=len(RETRY_SECONDS))
def harvest(self: Task, run_id: int) -> None:
    """Harvest a run to its end; wait and go on from its checkpoint while arXiv cannot answer."""
    try:
        run_harvest(run_id)
    except ArxivUnavailable as error:
        attempt = self.request.retries
        if attempt >= len(RETRY_SECONDS):
            fail_run(run_id, error)
            return
        raise self.retry(exc=error, countdown=error.retry_after or RETRY_SECONDS[attempt]) from error


@shared_task
def resume_interrupted_harvests() -> None:
    """Enqueue every run that is not over: its worker may have been killed, and one that is alive holds the lock."""
    for run_id in ImportRun.objects.filter(finished_at__isnull=True).values_list("pk", flat=True):
        harvest.delay(run_id)

"""Tasks of the import: ids in, one service call; each may be run twice, or killed, at any point."""

from celery import Task, shared_task
from django.conf import settings

from works import runs
from works.arxiv.errors import ArxivUnavailable
from works.arxiv.harvest import run_harvest
from works.institutions.tasks import match_affiliations_of_works, match_new_affiliations  # noqa: F401 - found from here
from works.models import ImportRun


@shared_task(bind=True, max_retries=None)  # the run counts its failures, so that it ends however it was enqueued
def harvest(self: Task, run_id: int) -> None:
    """Harvest a run to its end; wait and go on from its checkpoint while arXiv cannot answer."""
    try:
        run_harvest(run_id)
    except ArxivUnavailable as error:
        delay = runs.postpone_run(run_id, reason=str(error), retry_after=error.retry_after)
        if delay is not None:
            raise self.retry(exc=error, countdown=delay) from error


@shared_task
def harvest_what_is_new() -> None:
    """Harvest from where finished runs have come to; nothing while such a run is on its way."""
    source = settings.ARXIV_OAI_URL, settings.ARXIV_METADATA_PREFIX, settings.ARXIV_SET
    if not runs.has_open_run(*source, ImportRun.Kind.HARVEST):
        harvest.delay(runs.begin_run(*source, from_date=runs.next_from_date(*source)).pk)


@shared_task
def sweep() -> None:
    """Find out what has vanished from arXiv; nothing while another sweep is on its way."""
    source = settings.ARXIV_OAI_URL, settings.ARXIV_METADATA_PREFIX, ""
    if not runs.has_open_run(*source, ImportRun.Kind.SWEEP):
        harvest.delay(runs.begin_run(*source, kind=ImportRun.Kind.SWEEP).pk)


@shared_task
def resume_interrupted_harvests() -> None:
    """Enqueue every run that is due: its worker may have been killed, and one that is alive holds the lock."""
    for run_id in runs.list_due_runs():
        harvest.delay(run_id)

"""Keeping profiles up to date in the background; every task may be run twice, or be lost."""

from collections.abc import Sequence

from celery import shared_task

from profiles import services
from profiles.identity import runs


@shared_task
def update_profiles_of_works(work_ids: Sequence[int], researcher_ids: Sequence[int]) -> None:
    """Resolve and recount after a page of records was loaded."""
    services.update_profiles_of_works(work_ids, researcher_ids)


@shared_task
def update_profiles_after_load(work_ids: Sequence[int], researcher_ids: Sequence[int]) -> None:
    """The same for what a load noted, without what was caught up with meanwhile."""
    services.update_noted_profiles(work_ids, researcher_ids)


@shared_task
def catch_up() -> None:
    """Do what lost tasks left undone."""
    services.catch_up()


# So many chunks of a full re-run are worked at at once, over all workers; each walker goes on to the next by itself.
WALKERS = 4


@shared_task
def walk_resolution() -> None:
    """Do one chunk of a full re-run, and queue the next; killed, it is found by `resume_resolution`."""
    if runs.resolve_next_chunk():
        walk_resolution.delay()


def start_walkers() -> None:
    """Queue the first jobs of a full re-run."""
    for _ in range(WALKERS):
        walk_resolution.delay()


@shared_task
def resume_resolution() -> None:
    """Go on with a full re-run whose workers are gone."""
    if runs.is_stalled():
        start_walkers()

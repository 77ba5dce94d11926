"""Keeping profiles up to date in the background; every task may be run twice, or be lost."""

from collections.abc import Sequence

from celery import shared_task

from profiles import services


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

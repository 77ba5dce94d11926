"""Housekeeping of the graph; may be run twice, or be lost."""

from celery import shared_task

from graph.kept import forget_old


@shared_task
def forget_old_changes() -> None:
    """Drop what kept slices no longer need."""
    forget_old()

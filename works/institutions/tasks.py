"""Matching in the background; may be run twice, or be lost: the nightly one looks at every text that is new."""

from collections.abc import Sequence

from celery import shared_task

from works.institutions.resolve import match_printed_affiliations


@shared_task
def match_affiliations_of_works(work_ids: Sequence[int]) -> None:
    """Match what the bylines of works that were loaded print as affiliation."""
    match_printed_affiliations(work_ids)


@shared_task
def match_new_affiliations() -> None:
    """Match every printed affiliation that nobody has looked at."""
    match_printed_affiliations()

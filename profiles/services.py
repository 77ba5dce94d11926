"""What has to happen to profiles after an import."""

from collections.abc import Iterable

from django.db import connection

from profiles.curation.notices import review
from profiles.identity.services import resolve_works
from profiles.trust_facts import refresh_trust
from works.models import Authorship

BATCH = 500  # works at a time


def update_profiles_of_works(work_ids: Iterable[int], detached_researcher_ids: Iterable[int] = ()) -> None:
    """Resolve the bylines of works that were loaded, and bring the trust of everybody on them up to date."""
    ids = list(work_ids)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        touched = resolve_works(batch)
        touched.update(list_researchers_on(batch))
        bring_up_to_date(touched)
    bring_up_to_date(detached_researcher_ids)


def bring_up_to_date(researcher_ids: Iterable[int]) -> None:
    """Review what is doubtful about records and count their trust anew; trust last, for it says that all is done."""
    ids = set(researcher_ids)
    review(ids)
    refresh_trust(ids)


def list_researchers_on(work_ids: Iterable[int]) -> list[int]:
    """Return the ids of the researchers in the bylines of the works."""
    rows = Authorship.objects.filter(work__in=list(work_ids), researcher__isnull=False)
    return list(rows.order_by("researcher").values_list("researcher", flat=True).distinct())


def catch_up() -> int:
    """Do what tasks that were lost had to do; return how many works were caught up with.

    An authorship without a researcher, and a work changed after the trust of its authors was
    computed, say by themselves that they were left behind.
    """
    caught_up = 0
    while work_ids := list_works_left_behind(BATCH):
        update_profiles_of_works(work_ids)
        caught_up += len(work_ids)
    return caught_up


LEFT_BEHIND = """
    SELECT work_id FROM (
        SELECT DISTINCT work_id FROM works_authorship WHERE researcher_id IS NULL AND kind = 'person' LIMIT %(limit)s
    ) unresolved
    UNION
    SELECT work_id FROM (
        SELECT DISTINCT a.work_id
        FROM works_work w
        JOIN works_authorship a ON a.work_id = w.id AND a.researcher_id IS NOT NULL
        LEFT JOIN profiles_trustsnapshot t ON t.researcher_id = a.researcher_id
        WHERE w.changed_at > now() - interval '2 days'
            AND (t.computed_at IS NULL OR t.computed_at < w.changed_at)
        LIMIT %(limit)s
    ) stale
"""


def list_works_left_behind(limit: int) -> list[int]:
    """Return works that have an unresolved person or authors whose trust is older than the work's last change."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND, {"limit": limit})
        return [work_id for (work_id,) in cursor]

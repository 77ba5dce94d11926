"""What has to happen to profiles after an import."""

import logging
from collections.abc import Iterable

from django.db import connection

from profiles.curation.notices import review
from profiles.gather_institutions import gather_institutions_of
from profiles.identity.rerun import resolve_range
from profiles.identity.services import list_researchers_on, resolve_works
from profiles.trust_facts import refresh_trust
from works import outbox

logger = logging.getLogger(__name__)

BATCH = 500  # works at a time


def update_profiles_of_works(work_ids: Iterable[int], detached_researcher_ids: Iterable[int] = ()) -> None:
    """Resolve the bylines of works that were loaded, and bring the trust of everybody on them up to date.

    What the outbox noted of them before is crossed off when that is committed.
    """
    ids = list(work_ids)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        notes = outbox.list_notes(work_ids=batch)
        touched = resolve_works(batch)
        # Of everybody on them: after a process that died here they are resolved, but not reunited.
        touched |= reunite_namesakes(touched.union(list_researchers_on(batch)))
        touched.update(list_researchers_on(batch))
        bring_up_to_date(touched)
        outbox.cross_off(notes)
    detached = list(detached_researcher_ids)
    notes = outbox.list_notes(researcher_ids=detached)
    bring_up_to_date(detached)
    outbox.cross_off(notes)


def bring_up_to_date(researcher_ids: Iterable[int]) -> None:
    """Review what is doubtful about records, and write anew what follows from their bylines: trust, institutions."""
    ids = set(researcher_ids)
    review(ids)
    refresh_trust(ids)
    gather_institutions_of(ids)


def update_noted_profiles(work_ids: Iterable[int], researcher_ids: Iterable[int]) -> None:
    """Update the profiles of those that still stand in the outbox."""
    update_profiles_of_works(*outbox.still_noted(work_ids, researcher_ids))


# One full name, borne by two records and up to so many; of more, the next full re-run sees to it.
MOST_NAMESAKES = 6
NAMESAKES = """
    SELECT name_key FROM profiles_researcher
    WHERE state IN ('unclaimed', 'claimed')
        AND name_key IN (SELECT name_key FROM profiles_researcher WHERE id = ANY(%s) AND name_key ~ '[|].*[^ ]{2}')
    GROUP BY name_key HAVING count(*) BETWEEN 2 AND %s
    ORDER BY name_key
"""


def reunite_namesakes(researcher_ids: Iterable[int]) -> set[int]:
    """Resolve the few records of one full name anew where one of them gained a work; return whose works changed.

    What came in may be what shows that they are one person: else it would depend on which paper came first.
    """
    with connection.cursor() as cursor:
        cursor.execute(NAMESAKES, [list(researcher_ids), MOST_NAMESAKES])
        keys = [key for (key,) in cursor]
    return {each for key in keys for each in resolve_range(key, f"{key}\x01").touched_ids}


def catch_up() -> int:
    """Do what tasks that were lost had to do; return how many works were caught up with.

    The outbox says what was left behind, and so does an authorship without a researcher. One at a time catches up:
    after a large import it takes longer than until beat asks again.
    """
    caught_up = 0
    with outbox.only_one_catching_up() as alone:
        while alone and (work_ids := list_works_left_behind(BATCH)):
            update_profiles_of_works(work_ids)
            caught_up += len(work_ids)
            if set(work_ids) <= set(list_works_left_behind(BATCH)):
                logger.error("Works stay unresolved however often they are caught up with, such as %s", work_ids[0])
                break
        while alone and (researcher_ids := outbox.list_noted_researchers(BATCH)):
            update_profiles_of_works([], researcher_ids)
    return caught_up


# Cut off before the duplicates are taken out: the whole would be read first, and after a large import it is large.
UNRESOLVED = """
    SELECT DISTINCT work_id FROM (
        SELECT work_id FROM works_authorship WHERE researcher_id IS NULL AND kind = 'person' ORDER BY id LIMIT %s
    ) unresolved
"""


def list_works_left_behind(limit: int) -> list[int]:
    """Return works that the outbox notes, then works with an unresolved person; the longest waiting first."""
    noted = outbox.list_noted_works(limit)
    if len(noted) >= limit:
        return noted
    with connection.cursor() as cursor:
        cursor.execute(UNRESOLVED, [limit])
        return list(dict.fromkeys([*noted, *(work_id for (work_id,) in cursor)]))[:limit]

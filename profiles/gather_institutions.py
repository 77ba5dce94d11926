"""The institutions that a person's bylines mean, written beside the names: one index then has both for a search."""

from collections.abc import Collection

from django.db import connection, transaction

from works.arxiv.load import lock_bylines

BATCH = 5_000  # people written in one transaction

_ON_WORKS = "SELECT DISTINCT researcher_id FROM works_authorship WHERE work_id = ANY(%s) AND researcher_id IS NOT NULL"
_AFFECTED = """
SELECT id FROM profiles_researcher WHERE institution_ids <> '{}'
UNION SELECT researcher_id FROM works_authorship WHERE printed_affiliation <> '' AND researcher_id IS NOT NULL
"""
_GATHER = """
UPDATE profiles_researcher r SET institution_ids = gathered.ids
FROM (
    SELECT person.id, ARRAY(
        SELECT DISTINCT m.institution_id
        FROM works_authorship a
        JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
        JOIN works_printedaffiliation p ON md5(p.text) = md5(a.printed_affiliation)
        JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id
        WHERE a.researcher_id = person.id AND a.printed_affiliation <> '' AND a.attribution <> 'disputed'
        ORDER BY m.institution_id
    ) AS ids
    FROM unnest(%s::bigint[]) AS person (id)
) gathered
WHERE r.id = gathered.id AND r.institution_ids <> gathered.ids
"""


def gather_institutions_of(researcher_ids: Collection[int]) -> int:
    """Write which institutions these people's own bylines mean; return for how many it was others. May be run twice.

    No byline changes between what is read and what is written.
    """
    ordered = sorted(researcher_ids)
    return sum(_gather(ordered[start : start + BATCH]) for start in range(0, len(ordered), BATCH))


def gather_institutions_on(work_ids: Collection[int] | None) -> int:
    """The same for everybody on these works, or on all."""
    with connection.cursor() as cursor:
        if work_ids is None:
            cursor.execute(_AFFECTED)
        else:
            cursor.execute(_ON_WORKS, [list(work_ids)])
        found = [pk for (pk,) in cursor]
    return gather_institutions_of(found)


@transaction.atomic
def _gather(researcher_ids: list[int]) -> int:
    lock_bylines()
    with connection.cursor() as cursor:
        cursor.execute(_GATHER, [researcher_ids])
        return int(cursor.rowcount)

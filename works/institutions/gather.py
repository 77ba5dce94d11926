"""The institutions that the bylines of a work print, written beside it: one index then has words and institutions."""

from collections.abc import Collection

from django.db import connection, transaction

BATCH = 5_000  # works written in one transaction
GATHER_LOCK = 0x42_5A_06

_AFFECTED = """
SELECT id FROM works_work WHERE institution_ids <> '{}'
UNION SELECT work_id FROM works_authorship WHERE printed_affiliation <> ''
"""
_GATHER = """
UPDATE works_work w SET institution_ids = gathered.ids
FROM (
    SELECT work.id, ARRAY(
        SELECT DISTINCT m.institution_id
        FROM works_authorship a
        JOIN works_printedaffiliation p ON md5(p.text) = md5(a.printed_affiliation)
        JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id
        WHERE a.work_id = work.id AND a.printed_affiliation <> ''
        ORDER BY m.institution_id
    ) AS ids
    FROM unnest(%s::bigint[]) AS work (id)
) gathered
WHERE w.id = gathered.id AND w.institution_ids <> gathered.ids
"""


def gather_institutions(work_ids: Collection[int] | None = None) -> int:
    """Write which institutions these works, or all, print; return how many works said otherwise. May be run twice.

    One at a time: whoever comes second reads what the first was too early for.
    """
    if work_ids is None:
        with connection.cursor() as cursor:
            cursor.execute(_AFFECTED)
            work_ids = [pk for (pk,) in cursor]
    ordered = sorted(work_ids)
    return sum(_gather(ordered[start : start + BATCH]) for start in range(0, len(ordered), BATCH))


def _gather(work_ids: Collection[int]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATHER_LOCK])
        cursor.execute(_GATHER, [list(work_ids)])
        return int(cursor.rowcount)

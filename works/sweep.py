"""Finding works whose records have vanished: what a sweep has seen, and what it has not seen in the end.

arXiv's OAI-PMH server calls no record deleted, so only a list of everything tells. Such works are reported and stay.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from works.arxiv.errors import SweepImplausible
from works.models import ImportRun

# More missing than this of 1, and more than a handful: the list was cut short, or it is another repository's.
IMPLAUSIBLE_SHARE = 0.01
HANDFUL = 10

NOTE_SEEN = "INSERT INTO works_sweptid (run_id, arxiv_id) SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING"
NOTE_DELETED = """
    INSERT INTO works_vanishedwork (work_id, run_id, reason) SELECT id, %s, 'deleted' FROM works_work
    WHERE arxiv_id = ANY(%s)
    ON CONFLICT (work_id) DO UPDATE SET run_id = excluded.run_id, reason = 'deleted', noticed_at = now(),
        returned_at = NULL
"""
# What came in while the sweep went on may stand on a page that it had passed already.
MISSING = """
    SELECT w.id FROM works_work w JOIN works_importrun run ON run.id = %s
    WHERE w.imported_at < run.started_at
        AND NOT EXISTS (SELECT FROM works_sweptid s WHERE s.run_id = run.id AND s.arxiv_id = w.arxiv_id)
"""
NOTE_MISSING = f"""
    INSERT INTO works_vanishedwork (work_id, run_id, reason) SELECT id, %s, 'missing' FROM ({MISSING}) missing
    ON CONFLICT (work_id) DO UPDATE SET run_id = excluded.run_id, reason = 'missing', noticed_at = now(),
        returned_at = NULL
    WHERE works_vanishedwork.returned_at IS NOT NULL
"""  # noqa: S608 - put together from the constant above
NOTE_RETURNED = """
    UPDATE works_vanishedwork v SET returned_at = now() FROM works_work w
    WHERE w.id = v.work_id AND v.returned_at IS NULL
        AND EXISTS (SELECT FROM works_sweptid s WHERE s.run_id = %s AND s.arxiv_id = w.arxiv_id)
"""


def note_seen(run: ImportRun, arxiv_ids: Sequence[str]) -> None:
    """Note the ids of a page of a sweep."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE_SEEN, [run.pk, list(arxiv_ids)])


def note_deleted(run: ImportRun, arxiv_ids: Sequence[str]) -> None:
    """Mark the works whose records are called deleted."""
    if arxiv_ids:
        with connection.cursor() as cursor:
            cursor.execute(NOTE_DELETED, [run.pk, list(arxiv_ids)])


@transaction.atomic
def conclude_sweep(run: ImportRun) -> int:
    """Mark the works that a whole sweep has not seen, take the mark from those it has; return how many are new.

    Nothing is concluded from a sweep of a window or a set. Raise SweepImplausible when too many are missing.
    """
    with connection.cursor() as cursor:
        marked = 0
        if not (run.from_date or run.until_date or run.set_spec):
            refuse_implausible(run)
            cursor.execute(NOTE_MISSING, [run.pk, run.pk])
            marked = cursor.rowcount
            cursor.execute(NOTE_RETURNED, [run.pk])
        cursor.execute("DELETE FROM works_sweptid WHERE run_id = %s", [run.pk])
    return marked


def refuse_implausible(run: ImportRun) -> None:
    """Raise SweepImplausible when more is missing than can have vanished."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), (SELECT count(*) FROM works_work) FROM ({MISSING}) missing", [run.pk])  # noqa: S608 - of MISSING
        missing, works = cursor.fetchone() or (0, 0)
    if missing > max(HANDFUL, IMPLAUSIBLE_SHARE * works):
        raise SweepImplausible(f"{missing} of {works} works are not in its list; nothing was marked")

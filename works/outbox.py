"""The outbox: what a committed load changed, until the profiles that build on it have followed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

CATCH_UP_LOCK = 0x42_5A_02

NOTE = """
    INSERT INTO works_pendingupdate (work_id, researcher_id)
    SELECT unnest(%s::bigint[]), NULL UNION ALL SELECT NULL, unnest(%s::bigint[])
"""
LIST_NOTES = "SELECT id FROM works_pendingupdate WHERE work_id = ANY(%s) OR researcher_id = ANY(%s)"
STILL_NOTED = """
    SELECT DISTINCT work_id, researcher_id FROM works_pendingupdate WHERE work_id = ANY(%s) OR researcher_id = ANY(%s)
"""
OLDEST_WORKS = """
    SELECT DISTINCT work_id FROM (
        SELECT work_id FROM works_pendingupdate WHERE work_id IS NOT NULL ORDER BY id LIMIT %s
    ) oldest
"""
OLDEST_RESEARCHERS = """
    SELECT DISTINCT researcher_id FROM (
        SELECT researcher_id FROM works_pendingupdate WHERE researcher_id IS NOT NULL ORDER BY id LIMIT %s
    ) oldest
"""


def note_changed(work_ids: Iterable[int], researcher_ids: Iterable[int] = ()) -> None:
    """Note works and researchers, in the transaction that changes them."""
    works, researchers = list(work_ids), list(researcher_ids)
    if works or researchers:
        with connection.cursor() as cursor:
            cursor.execute(NOTE, [works, researchers])


def list_notes(*, work_ids: Iterable[int] = (), researcher_ids: Iterable[int] = ()) -> list[int]:
    """Return the ids of the notes about them as of now; a note made later is not among them, and outlives these."""
    with connection.cursor() as cursor:
        cursor.execute(LIST_NOTES, [list(work_ids), list(researcher_ids)])
        return [note_id for (note_id,) in cursor]


def cross_off(note_ids: Iterable[int]) -> None:
    """Delete notes whose work is done and committed."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM works_pendingupdate WHERE id = ANY(%s)", [list(note_ids)])


def still_noted(work_ids: Iterable[int], researcher_ids: Iterable[int]) -> tuple[list[int], list[int]]:
    """Return which of the works and of the researchers are noted."""
    with connection.cursor() as cursor:
        cursor.execute(STILL_NOTED, [list(work_ids), list(researcher_ids)])
        rows = cursor.fetchall()
    return [work for work, _ in rows if work], [researcher for _, researcher in rows if researcher]


def list_noted_works(limit: int) -> list[int]:
    """Return at most so many works, of the oldest notes."""
    return list_oldest(OLDEST_WORKS, limit)


def list_noted_researchers(limit: int) -> list[int]:
    """Return at most so many researchers, of the oldest notes."""
    return list_oldest(OLDEST_RESEARCHERS, limit)


def list_oldest(statement: str, limit: int) -> list[int]:
    """Run one of the two statements above."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [limit])
        return [key for (key,) in cursor]


@contextmanager
def only_one_catching_up() -> Iterator[bool]:
    """Try to be the only one; the lock belongs to the connection and dies with its process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [CATCH_UP_LOCK])
        (alone,) = cursor.fetchone() or (False,)
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [CATCH_UP_LOCK])

"""Tables without the indexes and foreign keys that cost most to keep up: for a first load, and never beyond it.

What is dropped is written down, as the statement that makes it again, in the transaction that drops it. So whenever a
loader dies, the database knows what it lacks: the next load, or the next `migrate`, puts it back.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from works.arxiv.load import lock_bylines

logger = logging.getLogger(__name__)

# Held by whoever loads lean tables, by its session: as long as it lives nobody puts back what it left out.
LEAN_LOCK = 0x42_5A_04
LOCK_TIMEOUT = "5s"
# Work done on a whole table is far faster with room to sort in; given back when the transaction ends.
REBUILD_MEMORY = "256MB"

# Dropped: the full-text indexes, that of DOIs, an index in no order of arrival, and foreign keys between tables that
# the loader fills with keys that it has just made. Kept: whatever is looked up while loading or resolving, and
# everything that rejects a single record.
LEFT_OUT = """
SELECT c.conrelid::regclass::text, c.conname, 'constraint', pg_get_constraintdef(c.oid) FROM pg_constraint c
WHERE c.contype = 'f'
    AND c.conrelid = ANY (ARRAY['works_workversion', 'works_worktopic', 'works_authorship']::regclass[])
UNION ALL
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, 'index', pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class k ON k.oid = i.indexrelid
WHERE k.relname = ANY (ARRAY[
    'works_work_search', 'search_work_title', 'search_work_some_titles', 'search_work_some_texts',
    'search_work_beginning', 'search_work_doi',
    'works_worktopic_topic_work', 'works_worktopic_newest'])
    AND k.relnamespace = 'public'::regnamespace
"""
NOTE = 'INSERT INTO works_leftout ("table", name, kind, definition) VALUES (%s, %s, %s, %s)'
NOTED = 'SELECT id, "table", name, kind, definition FROM works_leftout ORDER BY kind DESC, id'
STATE = "SELECT EXISTS (SELECT FROM works_leftout), NOT EXISTS (SELECT FROM works_work)"


@contextmanager
def lean_first_load() -> Iterator[bool]:
    """Leave out what is costly while the database holds no work, or still lacks it from a load that was killed.

    Whatever happens inside, everything stands again afterwards. Yields whether the tables are lean. Inside a
    transaction of the caller's nothing can be written down ahead, so nothing is left out.
    """
    if connection.in_atomic_block:
        yield False
        return
    with lean_lock() as locked:
        lean = locked and become_lean()
        try:
            yield lean
        finally:
            if locked:
                put_back()


@contextmanager
def lean_lock() -> Iterator[bool]:
    """Try to be the only one to change what the tables have; the lock dies with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LEAN_LOCK])
        (locked,) = cursor.fetchone() or (False,)
    try:
        yield bool(locked)
    finally:
        if locked:
            release_lean_lock()


def release_lean_lock() -> None:
    """Let go of the lock, unless the connection, and the lock with it, is gone already."""
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LEAN_LOCK])


def become_lean() -> bool:
    """Drop what costs most from empty tables and write it down; return whether the tables are lean now."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(STATE)
            is_lean, is_empty = cursor.fetchone() or (False, False)
            if is_lean or not is_empty:
                return bool(is_lean)
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            leave_out(cursor)
    except OperationalError as error:  # somebody reads a table for too long: load it as it is
        logger.info("Loading with all indexes in place: %s", error)
        return False
    return True


def leave_out(cursor: Any) -> None:
    """Drop, and write down how to make it again."""
    cursor.execute(LEFT_OUT)
    for table, name, kind, definition in cursor.fetchall():
        cursor.execute(NOTE, [table, name, kind, definition])
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}" if kind == "constraint" else f"DROP INDEX {name}")


def put_back() -> None:
    """Make again whatever a first load has left out, each in a transaction of its own; nothing when all stands."""
    with connection.cursor() as cursor:
        cursor.execute(NOTED)
        rows = cursor.fetchall()
    for key, table, name, kind, definition in rows:
        with transaction.atomic(), connection.cursor() as cursor:
            # A foreign key locks two tables; who resolves names beside us locks them the other way round.
            lock_bylines()
            cursor.execute(f"SET LOCAL maintenance_work_mem = '{REBUILD_MEMORY}'")
            made = definition if kind == "index" else f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
            cursor.execute(made)
            cursor.execute("DELETE FROM works_leftout WHERE id = %s", [key])
    if rows:
        logger.info("Made again after a first load: %s", ", ".join(row[2] for row in rows))


def put_back_before_migrations(*, using: str, **_kwargs: Any) -> None:
    """At `migrate`: put back what a killed load has left out, unless one is at it now."""
    if using != connection.alias or "works_leftout" not in connection.introspection.table_names():
        return
    with lean_lock() as locked:
        if locked:
            put_back()

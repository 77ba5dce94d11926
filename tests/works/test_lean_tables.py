"""A first load leaves out indexes and foreign keys; whatever happens, they stand again."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from tests.factories import make_record
from works.arxiv.lean_tables import LEAN_LOCK, become_lean, lean_first_load, put_back
from works.arxiv.load import load_records
from works.models import Work
from works.snapshot_models import LeftOut

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

OBJECTS = """
SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1
"""


class PulledOutError(Exception):
    """Something that goes wrong inside."""


def objects() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(OBJECTS)
        return [text for (text,) in cursor]


def test_everything_stands_again_after_a_first_load() -> None:
    before = objects()
    with lean_first_load() as lean:
        assert lean
        assert len(objects()) == len(before) - 13
        load_records([make_record() for _ in range(20)])
    assert objects() == before
    assert Work.objects.count() == 20


def test_everything_stands_again_after_a_failure() -> None:
    before = objects()

    def load_half() -> None:
        with lean_first_load():
            load_records([make_record()])
            raise PulledOutError

    with pytest.raises(PulledOutError):
        load_half()
    assert objects() == before


def test_a_later_load_leaves_nothing_out() -> None:
    load_records([make_record()])
    before = objects()
    with lean_first_load() as lean:
        assert (lean, objects()) == (False, before)


def test_what_a_killed_load_has_left_out_stands_after_the_next_one() -> None:
    before = objects()
    become_lean()
    load_records([make_record()])  # and here it is killed
    with lean_first_load() as lean:
        assert lean
    assert objects() == before


def test_migrate_puts_back_what_a_killed_load_has_left_out() -> None:
    before = objects()
    become_lean()
    call_command("migrate", verbosity=0)
    assert objects() == before
    assert not LeftOut.objects.exists()


def test_migrate_leaves_a_load_that_is_alive_alone() -> None:
    become_lean()
    lean = objects()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LEAN_LOCK])
        call_command("migrate", verbosity=0)
        assert objects() == lean
    finally:
        other.close()
        put_back()


def test_nothing_is_left_out_inside_a_transaction() -> None:
    before = objects()
    with transaction.atomic(), lean_first_load() as lean:
        assert (lean, objects()) == (False, before)


def test_a_foreign_key_that_was_left_out_checks_what_came_in() -> None:
    become_lean()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO works_workversion (work_id, number, submitted_at, size, source_type)"
            " VALUES (999999, 1, now(), '', '')"
        )
    try:
        with pytest.raises(IntegrityError, match="works_workversion_work_id"):
            put_back()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM works_workversion")
        put_back()
    assert not LeftOut.objects.exists()

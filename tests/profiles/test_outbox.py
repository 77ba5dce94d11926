"""The outbox: noted with the load, crossed off with the profiles, and nothing lost in between."""

from dataclasses import replace

import psycopg
import pytest
from django.db import connection, transaction

from profiles.services import catch_up, list_works_left_behind, update_noted_profiles, update_profiles_of_works
from tests.factories import authors_of, get_person, import_records, make_byline, make_record
from works import outbox
from works.arxiv.load import load_records
from works.curate import set_hidden
from works.models import PendingUpdate, Work

pytestmark = pytest.mark.django_db


def noted() -> list[tuple[int | None, int | None]]:
    return list(PendingUpdate.objects.order_by("id").values_list("work_id", "researcher_id"))


def test_a_load_notes_what_it_changed_and_the_profiles_cross_it_off() -> None:
    record = make_record(authors=["Ada Lovelace", "Mary Somerville"])
    result = load_records([record, make_record()])
    assert sorted(noted()) == [(pk, None) for pk in sorted(result.work_ids)]
    update_profiles_of_works(result.work_ids)
    assert noted() == []
    load_records([record])  # unchanged
    assert noted() == []
    mary = get_person("Mary Somerville")
    result = load_records([replace(record, byline=make_byline(authors_of(record)[:1]))])
    assert noted() == [(result.work_ids[0], None), (None, mary.pk)]
    assert catch_up() == 1
    assert noted() == []
    mary.refresh_from_db()
    assert mary.trust.facts["works"] == 0


def test_a_load_that_is_rolled_back_notes_nothing() -> None:
    with transaction.atomic():
        load_records([make_record()])
        assert len(noted()) == 1
        transaction.set_rollback(True)
    assert (noted(), Work.objects.count()) == ([], 0)


def test_a_note_made_while_the_profiles_are_worked_on_outlives_them(monkeypatch: pytest.MonkeyPatch) -> None:
    record = make_record()
    result = load_records([record])
    cross_off = outbox.cross_off

    def load_first(note_ids: list[int]) -> None:
        if note_ids and not monkeypatched:
            monkeypatched.append(1)
            load_records([replace(record, title="Changed meanwhile")])
        cross_off(note_ids)

    monkeypatched: list[int] = []
    monkeypatch.setattr(outbox, "cross_off", load_first)
    update_profiles_of_works(result.work_ids)
    assert noted() == [(result.work_ids[0], None)]


def test_what_was_caught_up_with_is_not_done_again() -> None:
    result = load_records([make_record()])
    assert catch_up() == 1
    computed = get_person("Ada Lovelace").trust.computed_at
    update_noted_profiles(result.work_ids, [])
    assert get_person("Ada Lovelace").trust.computed_at == computed


def test_a_curators_act_is_noted_as_well() -> None:
    import_records(make_record())
    work = Work.objects.get()
    set_hidden(work, hidden=True)
    assert list_works_left_behind(10) == [work.pk]
    assert catch_up() == 1
    assert get_person("Ada Lovelace").trust.facts["works"] == 0


def test_only_one_catches_up_at_a_time() -> None:
    load_records([make_record()])
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"] or None, user=settings["USER"],
        password=settings["PASSWORD"], dbname=settings["NAME"],
    ) as other:  # fmt: skip
        other.execute("SELECT pg_advisory_lock(%s)", [outbox.CATCH_UP_LOCK])
        assert catch_up() == 0
        other.execute("SELECT pg_advisory_unlock(%s)", [outbox.CATCH_UP_LOCK])
    assert catch_up() == 1

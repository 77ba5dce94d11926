"""Whatever people decided, in whatever order, every resolution afterwards keeps all of it that is in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from profiles.identity.constraints import Constraints
from profiles.identity.decisions import load_constraints
from profiles.identity.services import resolve_works
from profiles.models import IdentityDecision, Researcher
from tests.factories import get_person, import_records, make_record
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db

NAMES = ["Wei Wang", "W. Wang", "Ada Lovelace", "A. Lovelace"]


def row_of(arxiv_id: str, name: str) -> Authorship:
    return Authorship.objects.get(work__arxiv_id=arxiv_id, printed_name=name)


def decide(kind: str, row: Authorship, other: Authorship | Researcher) -> IdentityDecision:
    fields: dict[str, Any] = {"researcher": other} if isinstance(other, Researcher) else {
        "other_work": other.work, "other_position": other.position, "other_printed_name": other.printed_name,
    }  # fmt: skip
    return IdentityDecision.objects.create(
        kind=kind, work=row.work, position=row.position, printed_name=row.printed_name, reason="So it is.", **fields
    )


def resolve_everything() -> None:
    resolve_works(Work.objects.values_list("pk", flat=True))


def broken_links() -> list[str]:
    """Every link in force that the rows do not keep, and every mention without a researcher."""
    constraints, _rows = load_constraints(Work.objects.values_list("pk", flat=True))
    now = dict(Authorship.objects.values_list("pk", "researcher"))
    broken = [f"authorship {pk} has nobody" for pk, researcher_id in now.items() if researcher_id is None]
    for link in constraints.in_force:
        holders = [now[node.key] if node.kind == "mention" else node.key for node in (link.one, link.other)]
        if (holders[0] == holders[1]) != link.together:
            broken.append(f"{link}: {holders}")
    return broken


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


BYLINES = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=2, max_size=5)
KINDS = st.sampled_from(["same_person", "different_people", "belongs_to", "not_by", "revoked"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BYLINES, st.lists(st.tuples(KINDS, st.integers(0, 99), st.integers(0, 99)), max_size=10), st.booleans())
def test_no_decision_is_ever_broken(
    bylines: list[list[str]], wishes: list[tuple[str, int, int]], one_by_one: bool
) -> None:
    with rolled_back():
        import_records(*(make_record(authors=byline) for byline in bylines))
        rows = list(Authorship.objects.order_by("pk"))
        people = list(Researcher.objects.order_by("pk"))
        made: list[IdentityDecision] = []
        for kind, first, second in wishes:
            row, other = rows[first % len(rows)], rows[second % len(rows)]
            work_ids = [row.work_id]
            if kind == "revoked":
                if made:
                    gone = made.pop(first % len(made))
                    IdentityDecision.objects.create(kind="revoked", revokes=gone, reason="No.")
                    work_ids = [pk for pk in (gone.work_id, gone.other_work_id) if pk]
            elif kind in {"belongs_to", "not_by"}:
                made.append(decide(kind, row, people[second % len(people)]))
            elif row != other:
                made.append(decide(kind, row, other))
            if one_by_one:
                resolve_works(work_ids)
                assert broken_links() == []
        resolve_everything()
        assert broken_links() == []
        before = list(Authorship.objects.order_by("pk").values_list("pk", "researcher"))
        resolve_everything()
        assert list(Authorship.objects.order_by("pk").values_list("pk", "researcher")) == before


def test_a_newer_decision_overrides_the_older_ones_that_it_contradicts() -> None:
    import_records(make_record(authors=["Ada Lovelace"]), make_record(authors=["Charles Babbage"]))
    row = Authorship.objects.get(printed_name="Ada Lovelace")
    ada, charles = get_person("Ada Lovelace"), get_person("Charles Babbage")
    decide("belongs_to", row, charles)
    decide("not_by", row, charles)
    resolve_everything()
    row.refresh_from_db()
    assert row.researcher == ada
    decide("belongs_to", row, charles)
    resolve_everything()
    row.refresh_from_db()
    assert row.researcher == charles


def test_not_by_lasts_though_the_name_matches() -> None:
    import_records(make_record(arxiv_id="2001.00001", authors=["Ada Lovelace"]), make_record(authors=["Ada Lovelace"]))
    ada = get_person("Ada Lovelace")
    row = row_of("2001.00001", "Ada Lovelace")
    decide("not_by", row, ada)
    resolve_everything()
    row.refresh_from_db()
    assert row.researcher not in {None, ada}
    # Even after the byline was printed anew, which makes the loader ask again whose it is.
    import_records(make_record(arxiv_id="2001.00001", authors=["A. Lovelace", "New Coauthor"]))
    row.refresh_from_db()
    assert row.researcher not in {None, ada}
    import_records(make_record(arxiv_id="2001.00001", authors=["New Coauthor", "Ada Lovelace"], title="Third"))
    row.refresh_from_db()
    assert (row.position, row.printed_name) == (2, "Ada Lovelace")
    assert row.researcher not in {None, ada}


def test_a_decided_authorship_pushes_an_undecided_one_off_its_work() -> None:
    import_records(make_record(arxiv_id="2001.00002", authors=["Wei Wang", "Wei Wang"]))
    first, second = Authorship.objects.order_by("position")
    assert first.researcher is not None
    decide("belongs_to", second, first.researcher)
    resolve_everything()
    first.refresh_from_db()
    second_holder = Authorship.objects.get(pk=second.pk).researcher
    assert second_holder is not None
    assert first.researcher != second_holder


def test_a_decision_about_a_merged_record_passes_to_the_one_that_stands_for_it() -> None:
    import_records(make_record(authors=["Ada Lovelace"]), make_record(authors=["Charles Babbage"]))
    row = Authorship.objects.get(printed_name="Ada Lovelace")
    charles = get_person("Charles Babbage")
    other = Researcher.objects.create(display_name="C. B.", slug="c-b", name_key="b|c", search_name="c b")
    decide("belongs_to", row, other)
    Researcher.objects.filter(pk=other.pk).update(state="merged", merged_into=charles)
    resolve_everything()
    row.refresh_from_db()
    assert row.researcher == charles


def test_an_empty_set_of_constraints_says_nothing() -> None:
    constraints = Constraints()
    assert constraints.home_of(1) is None
    assert constraints.mentions_with(1) == [1]
    assert constraints.banned_homes_of(1) == set()

"""A full re-run: ids stay, decisions stay, claimed records stay, and nothing changes where nothing changed."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from accounts.models import User
from profiles.curation.mandate import Mandate
from profiles.curation.merge import merge_researchers
from profiles.curation.move import split_authorships
from profiles.curation.undo import undo_operation
from profiles.follow import follow
from profiles.identity.people import Mention
from profiles.identity.placement import place
from profiles.identity.rerun import resolve_range
from profiles.identity.runs import describe_run, is_stalled, plan_run, resolve_next_chunk
from profiles.models import Follow, IdentityOperation, Researcher, ResolutionChunk, ResolutionRun
from profiles.services import bring_up_to_date
from tests.factories import import_records, make_record, make_researcher
from tests.profiles.test_decisions_honoured import BYLINES, KINDS, broken_links, decide, rolled_back
from tests.profiles.test_operations import everything, held
from tests.sample import import_sample, part_edward_hu
from works.models import Authorship


def said(number: int, researcher_id: int | None) -> Mention:
    return Mention(number, number, "Ada", "lovelace|ada", researcher_id=researcher_id)


def ids_of(clusters: list[list[Mention]], homes: list[int | None] | None = None) -> list[int | None]:
    listed = {each.researcher_id for cluster in clusters for each in cluster if each.researcher_id}
    placement = place(clusters, homes or [None] * len(clusters), [set()] * len(clusters), listed)
    return [person.researcher_id for person in placement.people]


def test_a_cluster_keeps_the_id_of_the_greatest_overlap() -> None:
    assert ids_of([[said(1, 7)], [said(2, 7), said(3, 7)]]) == [None, 7], "the larger part keeps the id"
    assert ids_of([[said(1, 7), said(2, 8), said(3, 8)]]) == [8]
    assert ids_of([[said(1, 7), said(2, 8)]]) == [7], "of equal parts the older record stays"
    assert ids_of([[said(1, 7)], [said(2, 7), said(3, 7)]], [7, None]) == [7, None], "a home is not given away"


def test_a_record_left_with_nothing_goes_up_where_most_of_it_went() -> None:
    clusters = [[said(1, 7), said(2, 8), said(3, 8)], [said(4, 9), said(5, 9), said(6, 7), said(7, 7)]]
    placement = place(clusters, [None, None], [set(), set()], {7, 8, 9})
    assert [person.researcher_id for person in placement.people] == [8, 7]
    assert {pk: person.researcher_id for pk, person in placement.merged.items()} == {9: 7}


def test_no_cluster_takes_an_id_that_some_of_it_was_decided_not_to_be_by() -> None:
    clusters = [[said(1, 7), said(2, None)]]
    placement = place(clusters, [None], [{7}], {7})
    assert placement.people[0].researcher_id is None
    assert placement.merged == {}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BYLINES, st.lists(st.tuples(KINDS, st.integers(0, 99), st.integers(0, 99)), max_size=8), st.integers(0, 99))
@pytest.mark.django_db
def test_a_rerun_breaks_no_decision_and_a_second_one_changes_nothing(
    bylines: list[list[str]], wishes: list[tuple[str, int, int]], claimed: int
) -> None:
    with rolled_back():
        import_records(*(make_record(authors=byline) for byline in bylines))
        rows, people = list(Authorship.objects.order_by("pk")), list(Researcher.objects.order_by("pk"))
        owner = people[claimed % len(people)]
        Researcher.objects.filter(pk=owner.pk).update(state="claimed")
        for kind, first, second in wishes:
            row, other = rows[first % len(rows)], rows[second % len(rows)]
            if kind in {"belongs_to", "not_by"}:
                decide(kind, row, people[second % len(people)])
            elif kind != "revoked" and row != other:
                decide(kind, row, other)
        resolve_range("", "")
        assert broken_links() == []
        assert Researcher.objects.get(pk=owner.pk).state == "claimed"
        before = everything()
        assert resolve_range("", "").moved == 0
        assert everything() == before


@pytest.mark.django_db
class TestTheSample:
    @pytest.fixture
    def greg(self) -> Researcher:
        return import_sample()

    def test_nothing_changes_when_nothing_changed(self, greg: Researcher) -> None:
        before = everything()
        outcome = resolve_range("", "")
        assert (outcome.moved, outcome.merged, outcome.touched_ids) == (0, 0, set())
        assert everything() == before

    def test_what_curators_did_lasts(self, greg: Researcher, curator: User) -> None:
        split = split_authorships(held(greg, "2111.09570"), source=greg, mandate=Mandate(curator, "Two people."))
        edward, hu = part_edward_hu()
        merge_researchers(hu, edward, Mandate(curator, "One person."))
        before = everything()
        assert resolve_range("", "").moved == 0
        assert everything() == before
        undo_operation(split, Mandate(curator, "One person."))
        before = everything()
        assert resolve_range("", "").moved == 0
        assert everything() == before


@pytest.mark.django_db
def test_two_records_of_one_name_become_one_and_the_address_redirects(
    client: object, member: User, curator: User
) -> None:
    ada = make_researcher("Ada Lovelace", works=3)
    stray = Researcher.objects.create(
        display_name="Ada Lovelace", slug="ada-lovelace", name_key="lovelace|ada", search_name="ada lovelace"
    )
    Authorship.objects.filter(pk=held(ada)[0]).update(researcher=stray)
    follow(member, stray)
    bring_up_to_date([ada.pk, stray.pk])
    before = everything(ada, stray)
    outcome = resolve_range("lovelace|a", "lovelace|b")
    assert (outcome.moved, outcome.merged) == (1, 1)
    assert Researcher.objects.get(pk=stray.pk).merged_into == ada
    assert ada.authorships.count() == 3
    assert Follow.objects.get().researcher == ada
    operation = IdentityOperation.objects.get()
    assert operation.kind == "automatic_merge"
    # And a curator who knows better undoes it for good.
    undo_operation(operation, Mandate(curator, "Two Adas."))
    after = everything(ada, stray)
    assert (after["records"], after["authorships"], after["follows"]) == tuple(
        before[key] for key in ("records", "authorships", "follows")
    )
    assert resolve_range("", "").moved == 0


@pytest.mark.django_db
def test_a_claimed_record_neither_loses_works_nor_goes_up_in_another() -> None:
    ada = make_researcher("Ada Lovelace", works=3)
    owned = Researcher.objects.create(
        display_name="Ada Lovelace", slug="a", name_key="lovelace|ada", search_name="ada lovelace", state="claimed"
    )
    row = Authorship.objects.get(pk=held(ada)[0])
    Authorship.objects.filter(pk=row.pk).update(researcher=owned)
    resolve_range("", "")
    row.refresh_from_db()
    assert row.researcher == owned
    assert Researcher.objects.get(pk=owned.pk).state == "claimed"


@pytest.mark.django_db
class TestRuns:
    @pytest.fixture(autouse=True)
    def _names(self) -> None:
        import_records(*(make_record(authors=[f"Ada {chr(65 + n)}name", f"Bob {chr(90 - n)}name"]) for n in range(6)))

    def test_chunks_cover_every_name_once_and_cut_no_block(self) -> None:
        run = plan_run(records_per_chunk=5)
        chunks = list(run.chunks.all())
        assert len(chunks) == run.chunk_count > 2
        assert chunks[0].first_key == ""
        assert [chunk.end_key for chunk in chunks] == [*(chunk.first_key for chunk in chunks[1:]), ""]
        for researcher in Researcher.objects.all():
            key = researcher.name_key.encode()
            inside = [
                each for each in chunks
                if each.first_key.encode() <= key and (not each.end_key or key < each.end_key.encode())
            ]  # fmt: skip
            assert len(inside) == 1

    def test_a_run_is_done_chunk_by_chunk_and_goes_on_where_it_was(self) -> None:
        run = plan_run(records_per_chunk=5)
        assert plan_run() == run, "a second one waits for the first"
        assert resolve_next_chunk()
        assert run.chunks.filter(status="done").count() == 1
        # Killed after a chunk was resolved and before its figures were counted: only the figures are left to do.
        ResolutionChunk.objects.filter(status="done").update(status="resolved", touched_ids=[1])
        steps = 0
        while resolve_next_chunk():
            steps += 1
        assert steps == run.chunk_count
        run.refresh_from_db()
        assert run.finished_at is not None
        assert "0 authorships moved, 0 records merged" in describe_run(run)
        assert not resolve_next_chunk()
        assert plan_run() != run

    def test_the_command_does_it_here_and_tells_how_it_stands(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("resolve")
        assert "no full re-run yet" in capsys.readouterr().out
        call_command("resolve", "--all", "--here")
        assert "is over: 1 of 1 chunks" in capsys.readouterr().out
        assert ResolutionRun.objects.get().finished_at is not None

    def test_a_run_whose_workers_are_gone_is_noticed(self) -> None:
        assert not is_stalled()
        plan_run()
        assert not is_stalled()
        ResolutionRun.objects.update(queued_at="2020-01-01T00:00:00Z")
        assert is_stalled()
        while resolve_next_chunk():
            pass
        assert not is_stalled()

    def test_the_database_allows_one_run_at_a_time(self) -> None:
        plan_run()
        with pytest.raises(Exception, match="one_at_a_time"), transaction.atomic():
            ResolutionRun.objects.create()

    def test_ranges_are_read_by_the_index(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute(
                "EXPLAIN SELECT id FROM profiles_researcher WHERE name_key ~>=~ 'hu|e' AND name_key ~<~ 'hu|f'"
            )
            assert "profiles_researcher_names" in str(cursor.fetchall())
            cursor.execute("EXPLAIN SELECT id FROM profiles_researcher WHERE name_key IN ('hu|e', 'hu|f')")
            assert "profiles_researcher_names" in str(cursor.fetchall())

"""The steps of a claim: the code and the database agree, and neither allows any other."""

from contextlib import nullcontext

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from claims.errors import ClaimRefused
from claims.machine import OPEN, TRANSITIONS, IllegalTransition, State, check_transition
from claims.models import Claim, ClaimEvent, Transition
from claims.steps import Kind, by_rule, take_step
from claims.submit import submit_claim
from tests.factories import make_researcher, make_user

pytestmark = pytest.mark.django_db

PAIRS = [(before, after) for before in State for after in State if before != after]
# How a claim gets into each state, by legal steps only.
WAY_TO = {
    State.SUBMITTED: [],
    State.NEEDS_EVIDENCE: [State.NEEDS_EVIDENCE],
    State.APPROVED: [State.APPROVED],
    State.REJECTED: [State.REJECTED],
    State.OBJECTED: [State.APPROVED, State.OBJECTED],
    State.FROZEN: [State.APPROVED, State.FROZEN],
    State.REVOKED: [State.APPROVED, State.REVOKED],
    State.WITHDRAWN: [State.WITHDRAWN],
    State.EXPIRED: [State.EXPIRED],
}


@pytest.fixture
def claim(member: User) -> Claim:
    return submit_claim(member, make_researcher(), {})


def go_to(claim: Claim, state: State) -> None:
    for step in WAY_TO[state]:
        take_step(claim, Kind.SUBMITTED, step, by_rule("A test."), level=2, record_before={})


def test_the_table_holds_the_steps_of_the_code() -> None:
    stored = set(Transition.objects.values_list("from_state", "to_state"))
    assert stored == {(before, after) for before, targets in TRANSITIONS.items() for after in targets}


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_database_allows_the_same_steps_as_the_code(claim: Claim, before: State, after: State) -> None:
    go_to(claim, before)
    refused = "" if after in TRANSITIONS[before] else "cannot become"
    with pytest.raises(DatabaseError, match=refused) if refused else nullcontext(), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state=after, level=2, record_before={})
        ClaimEvent.objects.create(claim=claim, kind="submitted", to_state=after, actor_role="rule", reason="A test.")


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_code_refuses_what_the_table_does_not_hold(before: State, after: State) -> None:
    if after in TRANSITIONS[before]:
        check_transition(before, after)
    else:
        with pytest.raises(IllegalTransition, match="cannot become"):
            check_transition(before, after)


def test_a_refused_step_writes_nothing(claim: Claim) -> None:
    go_to(claim, State.WITHDRAWN)
    events = claim.events.count()
    with pytest.raises(ClaimRefused, match="withdrawn cannot become approved"):
        take_step(claim, Kind.APPROVED, State.APPROVED, by_rule("A test."))
    assert claim.events.count() == events


def test_a_change_of_state_without_an_event_is_refused_when_the_transaction_ends(claim: Claim) -> None:
    changed = Claim.objects.filter(pk=claim.pk).update(state=State.WITHDRAWN)
    with pytest.raises(IntegrityError, match="without an event"), transaction.atomic():
        connection.check_constraints()
    assert changed == 1
    ClaimEvent.objects.create(claim=claim, kind="withdrawn", to_state="withdrawn", actor_role="rule", reason="A test.")


def test_a_claim_begins_as_submitted(member: User) -> None:
    with pytest.raises(DatabaseError, match="begins as submitted"), transaction.atomic():
        Claim.objects.create(
            researcher=make_researcher(), claimant=member, state=State.APPROVED, level=2, record_before={}
        )


def test_a_claim_changes_hands_never_and_is_never_deleted(claim: Claim) -> None:
    other = make_user("other@example.org")
    with pytest.raises(DatabaseError, match="cannot change hands"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(claimant=other)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM claims_claim")
    claim.refresh_from_db()
    assert claim.claimant != other


def test_events_are_only_ever_added(claim: Claim) -> None:
    for change in ("UPDATE claims_claimevent SET reason = 'x'", "DELETE FROM claims_claimevent"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert claim.events.get().reason == "The claim was submitted."


def test_one_claim_in_force_on_a_record(claim: Claim) -> None:
    go_to(claim, State.APPROVED)
    rival = Claim.objects.create(researcher=claim.researcher, claimant=make_user("rival@example.org"))
    ClaimEvent.objects.create(claim=rival, kind="submitted", to_state="submitted", actor_role="rule", reason="A test.")
    with pytest.raises(IntegrityError, match="one_in_force"), transaction.atomic():
        take_step(rival, Kind.APPROVED, State.APPROVED, by_rule("A test."), level=2, record_before={})


def test_one_open_claim_of_a_member_on_a_record(claim: Claim) -> None:
    assert State(claim.state) in OPEN
    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        Claim.objects.create(researcher=claim.researcher, claimant=claim.claimant)
    assert submit_claim(claim.claimant, claim.researcher, {}) == claim  # type: ignore[arg-type]

"""Two members, one record, one instant: real threads, real transactions, no deadlock, one winner."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from accounts.models import User
from claims.decide import approve_claim
from claims.errors import ClaimRefused
from claims.machine import IN_FORCE
from claims.models import Claim, Dispute
from claims.submit import submit_claim
from profiles.models import Researcher
from tests.claims.cast import make_curator, show_proof
from tests.factories import make_researcher, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Start the actions together, each with a connection of its own; return what each returned or raised."""
    barrier = threading.Barrier(len(actions))
    outcomes: list[object] = [None] * len(actions)

    def run(number: int, action: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            outcomes[number] = action()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a deadlock"
    return outcomes


def claim_and_prove(user: User, researcher: Researcher) -> Claim:
    claim = submit_claim(user, researcher, {})
    show_proof(claim, address=f"https://{user.pk}.example.org/")
    return claim


def test_one_wins_and_the_other_is_a_dispute() -> None:
    for round_number in range(5):
        ada = make_researcher(f"Ada Lovelace{'abcde'[round_number]}")
        rivals = [make_user(f"{name}{round_number}@example.org") for name in ("one", "two")]
        outcomes = at_once(*[partial(claim_and_prove, user, ada) for user in rivals])
        assert all(isinstance(outcome, Claim) for outcome in outcomes), outcomes
        claims = list(Claim.objects.filter(researcher=ada))
        assert sorted(claim.state for claim in claims) == ["frozen", "submitted"]
        dispute = Dispute.objects.get(holder__researcher=ada, closed_at__isnull=True)
        assert dispute.holder.state == "frozen"
        ada.refresh_from_db()
        assert ada.owner == dispute.holder.claimant


def test_one_member_who_sends_the_form_twice_has_one_claim() -> None:
    ada, user = make_researcher(), make_user("one@example.org")
    outcomes = at_once(*[lambda: submit_claim(user, ada, {}).pk] * 4)
    assert len(set(outcomes)) == 1
    assert Claim.objects.count() == 1


def test_two_curators_who_approve_two_claims_at_once_put_one_in_force() -> None:
    ada = make_researcher()
    claims = [submit_claim(make_user(f"{name}@example.org"), ada, {}) for name in ("one", "two")]
    curators = [make_curator("first"), make_curator("second")]
    pairs = zip(curators, claims, strict=True)
    outcomes = at_once(*[partial(approve_claim, *pair, "Checked.") for pair in pairs])
    assert sum(isinstance(outcome, ClaimRefused) for outcome in outcomes) == 1, outcomes
    assert Claim.objects.filter(state__in=IN_FORCE).count() == 1
    assert Dispute.objects.filter(closed_at__isnull=True).count() == 1

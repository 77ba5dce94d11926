"""Vouches count for the record that stands for whom they were given to, and an undo gives each back."""

import pytest

from accounts.models import User
from claims.decide import revoke_claim
from claims.models import Vouch
from claims.second_record import approve_proposal, preview_merge, propose_merge
from claims.vouching import take_back_vouch, vouch
from profiles.curation.mandate import Mandate
from profiles.curation.merge import merge_researchers
from profiles.curation.move import split_authorships
from profiles.curation.undo import undo_operation
from profiles.models import IdentityOperation, Researcher
from tests.claims.cast import make_curator, own
from tests.factories import get_person, make_researcher, make_user, make_work

pytestmark = pytest.mark.django_db

Counts = dict[str, tuple[int, int, int]]


@pytest.fixture
def one() -> Researcher:
    return make_researcher("Ada Lovelace", works=2, coauthors=["Charles Babbage", "Mary Somerville"])


@pytest.fixture
def other() -> Researcher:
    return make_researcher("Augusta King", works=2, coauthors=["Charles Babbage"])


def owner_of(name: str) -> tuple[User, Researcher]:
    """Make somebody the owner of their record at level 3."""
    user, record = make_user(f"{name.split(maxsplit=1)[0].lower()}@example.org"), get_person(name)
    own(user, record, make_curator(f"curator-of-{record.pk}"))
    return user, record


def let_vouch(name: str, *vouchees: Researcher) -> tuple[User, Researcher]:
    user, record = owner_of(name)
    for vouchee in vouchees:
        vouch(user, record, vouchee)
    return user, record


def counts() -> Counts:
    """Who has how many vouches: in the record, in the facts that trust was computed from; and the trust."""
    rows = Researcher.objects.exclude(state="merged").select_related("trust").order_by("pk")
    return {
        row.display_name: (row.vouching_coauthors, row.trust.facts["vouching_coauthors"], row.trust.score)
        for row in rows
    }


def because(curator: User) -> Mandate:
    return Mandate(curator, "The same person.")


def test_vouches_go_over_with_a_record_and_come_back(one: Researcher, other: Researcher, curator: User) -> None:
    let_vouch("Charles Babbage", other)
    let_vouch("Mary Somerville", one)
    before, vouches = counts(), list(Vouch.objects.order_by("pk").values())
    assert (before["Ada Lovelace"][:2], before["Augusta King"][:2]) == ((1, 1), (1, 1))
    operation = merge_researchers(other, one, because(curator))
    assert counts()["Ada Lovelace"][:2] == (2, 2)
    undo_operation(operation, because(curator))
    assert counts() == before
    assert list(Vouch.objects.order_by("pk").values()) == vouches


def test_who_vouched_for_both_counts_once_and_for_each_again_when_parted(
    one: Researcher, other: Researcher, curator: User
) -> None:
    charles, record = let_vouch("Charles Babbage", one, other)
    before = counts()
    operation = merge_researchers(other, one, because(curator))
    assert counts()["Ada Lovelace"][:2] == (1, 1)
    undo_operation(operation, because(curator))
    assert counts() == before
    operation = merge_researchers(other, one, because(curator))
    take_back_vouch(charles, record, one)
    assert counts()["Ada Lovelace"][:2] == (0, 0), "taken back for all that is this record"
    undo_operation(operation, because(curator))
    assert (counts()["Ada Lovelace"][:2], counts()["Augusta King"][:2]) == ((0, 0), (0, 0)), "a wish is not undone"


def test_a_vouch_given_while_merged_stays_with_the_record_that_it_was_given_to(
    one: Researcher, other: Researcher, curator: User
) -> None:
    charles, record = owner_of("Charles Babbage")
    operation = merge_researchers(other, one, because(curator))
    vouch(charles, record, one)
    undo_operation(operation, because(curator))
    assert (counts()["Ada Lovelace"][:2], counts()["Augusta King"][:2]) == ((1, 1), (0, 0))


def test_a_voucher_whose_own_record_is_one_of_the_two(curator: User) -> None:
    king = make_researcher("Augusta King", works=2)
    byron = make_researcher("Ada Byron", works=1)
    joint = make_work(authors=["Augusta King", "A. Byron"])
    let_vouch("Augusta King", byron)
    # One byline names both, so they cannot be one person until somebody says that one of its names is a third's.
    rows = joint.authorships.filter(researcher=byron).values_list("pk", flat=True)
    split_authorships(rows, source=byron, mandate=Mandate(curator, "The mother's."))
    before = counts()
    assert before["Ada Byron"][:2] == (1, 1)
    operation = merge_researchers(byron, king, because(curator))
    assert counts()["Augusta King"][:2] == (0, 0), "nobody counts for themselves"
    undo_operation(operation, because(curator))
    assert counts() == before


def test_a_pair_that_a_merge_makes_reciprocal_counts_once(one: Researcher, other: Researcher, curator: User) -> None:
    charles, babbage = owner_of("Charles Babbage")
    ada, lovelace = owner_of("Ada Lovelace")
    vouch(charles, babbage, other)
    vouch(ada, lovelace, babbage)
    before = counts()
    assert (before["Augusta King"][:2], before["Charles Babbage"][:2]) == ((1, 1), (1, 1))
    operation = merge_researchers(other, one, because(curator))
    assert (counts()["Ada Lovelace"][:2], counts()["Charles Babbage"][:2]) == ((1, 1), (0, 0)), "the first counts"
    undo_operation(operation, because(curator))
    assert counts() == before


def test_vouches_go_over_through_one_record_after_another(one: Researcher, other: Researcher, curator: User) -> None:
    third = make_researcher("A. Byron", works=1, coauthors=["Charles Babbage"])
    let_vouch("Charles Babbage", third)
    let_vouch("Mary Somerville", one)
    states = [counts()]
    operations = []
    for source, target in ((third, other), (other, one)):
        operations.append(merge_researchers(source, target, because(curator)))
        states.append(counts())
    assert [state["Ada Lovelace"][0] for state in states] == [1, 1, 2]
    assert states[1]["Augusta King"][:2] == (1, 1)
    for operation, state in zip(reversed(operations), reversed(states[:-1]), strict=True):
        undo_operation(operation, because(curator))
        assert counts() == state


def test_revoking_a_voucher_counts_where_the_vouch_went(one: Researcher, other: Researcher, curator: User) -> None:
    user, _record = let_vouch("Charles Babbage", other)
    operation = merge_researchers(other, one, because(curator))
    claim = user.claims.get()
    revoke_claim(make_curator("another"), claim, "An impostor.")
    assert counts()["Ada Lovelace"][:2] == (0, 0)
    undo_operation(operation, because(curator))
    assert counts()["Augusta King"][:2] == (0, 0)


def test_a_merge_proposal_shows_and_carries_the_vouches(
    one: Researcher, other: Researcher, member: User, curator: User
) -> None:
    let_vouch("Charles Babbage", other)
    own(member, one, curator)
    before = counts()
    shown = {side.researcher.pk: side for side in preview_merge(member, one, other).sides}[one.pk]
    assert counts() == before, "a preview leaves no trace"
    proposal = propose_merge(member, one, other, "I signed so until 2010.")
    approve_proposal(curator, proposal, "The same person.")
    assert counts()["Ada Lovelace"][:2] == (1, 1)
    assert counts()["Ada Lovelace"][2] == shown.after.trust, "as it was shown beforehand"
    proposal.refresh_from_db()
    assert proposal.operation is not None
    undo_operation(proposal.operation, because(curator))
    assert counts() == before


def test_a_merge_by_a_full_re_run_carries_them_too(one: Researcher, other: Researcher) -> None:
    let_vouch("Charles Babbage", other)
    merge_researchers(other, one, Mandate(None, "One person."), IdentityOperation.Kind.AUTOMATIC_MERGE)
    assert counts()["Ada Lovelace"][:2] == (1, 1)

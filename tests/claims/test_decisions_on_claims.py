"""What rules and curators decide, what follows for the record, and that it is all written down."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from claims.decide import (
    approve_claim,
    ask_for_evidence,
    grant_level_4,
    reject_claim,
    revoke_claim,
)
from claims.errors import ClaimRefused
from claims.evidence import offer_proof, settle_evidence
from claims.expire import let_time_pass
from claims.models import Claim, Dispute, OutgoingMail
from claims.object import decide_objection, object_to_claim
from claims.submit import appeal, submit_claim, withdraw_claim
from claims.verdict import give_verdict
from profiles.models import IdentityDecision, Researcher
from tests.claims.cast import claim_by_proof, make_curator, own, show_proof
from tests.factories import get_person, make_researcher, make_user
from works.models import Authorship

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=3, coauthors=["Charles Babbage"])


def kinds(claim: Claim) -> list[str]:
    return list(claim.events.values_list("kind", flat=True))


def everything(researcher: Researcher) -> dict[str, Any]:
    """Every column of the record, its page, its works and its trust."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r) FROM profiles_researcher r WHERE id = %s", [researcher.pk])
        (row,) = cursor.fetchone()
        cursor.execute("SELECT to_jsonb(p) FROM claims_ownerpage p WHERE researcher_id = %s", [researcher.pk])
        page = cursor.fetchone()
        cursor.execute(
            "SELECT score, facts FROM profiles_trustsnapshot WHERE researcher_id = %s",
            [researcher.pk],
        )
        trust = cursor.fetchone()
    works = Authorship.objects.filter(researcher=researcher).order_by("pk").values_list("pk", "attribution")
    return {"row": row, "page": page, "works": list(works), "trust": trust}


def test_a_proof_that_holds_gives_the_record_at_once_and_level_2_when_the_window_has_passed(
    member: User, ada: Researcher
) -> None:
    claim = claim_by_proof(member, ada)
    assert (claim.state, claim.level) == ("approved", 2)
    assert (ada.state, ada.owner, ada.identity_level) == ("claimed", member, 1)
    let_time_pass()
    ada.refresh_from_db()
    assert ada.identity_level == 1, "the window is open"
    Claim.objects.filter(pk=claim.pk).update(objection_until=timezone.now())
    let_time_pass()
    let_time_pass()
    ada.refresh_from_db()
    assert ada.identity_level == 2
    assert ada.trust.facts["identity_level"] == 2
    assert kinds(claim) == ["submitted", "evidence_added", "auto_approved", "window_passed"]


def test_paper_level_proof_is_level_3_at_once(member: User, ada: Researcher, curator: User) -> None:
    before = ada.trust.score
    own(member, ada, curator)
    ada = Researcher.objects.get(pk=ada.pk)
    assert ada.identity_level == 3
    assert ada.trust.score == before + 27


def test_a_proof_that_is_not_decisive_waits_for_a_curator(member: User, ada: Researcher) -> None:
    claim = submit_claim(member, ada, {}, "I am she.")
    evidence = offer_proof(member, claim, "institutional_email", "ada@unknown.example")
    settle_evidence(evidence.pk, holds=True, finding="Nobody knows the domain.", decisive=False)
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_revocation_restores_the_record_exactly(member: User, ada: Researcher, curator: User) -> None:
    before = everything(ada)
    works = list(Authorship.objects.filter(researcher=ada).values_list("work", flat=True))
    marks = {works[0]: "mine", works[1]: "not_mine", works[2]: "unsure"}
    claim = claim_by_proof(member, ada, marks)
    assert everything(ada) != before
    assert list(IdentityDecision.objects.values_list("kind", flat=True)) == ["belongs_to", "not_by"]
    revoke_claim(curator, claim, "It was an impostor.")
    revoke_claim(curator, claim, "It was an impostor.")
    assert everything(ada) == before
    assert IdentityDecision.objects.filter(kind="revoked").count() == 2
    claim.refresh_from_db()
    assert (claim.state, kinds(claim)[-1]) == ("revoked", "revoked")


def test_the_figures_of_coauthors_follow_a_revocation(member: User, ada: Researcher, curator: User) -> None:
    charles = get_person("Charles Babbage")
    before = everything(charles)
    works = list(Authorship.objects.filter(researcher=ada).values_list("work", flat=True))
    claim = claim_by_proof(member, ada, dict.fromkeys(works, "not_mine"))
    assert everything(charles)["trust"] != before["trust"]
    revoke_claim(curator, claim, "It was an impostor.")
    assert everything(charles) == before


def test_a_competing_claim_freezes_tells_both_sides_and_needs_two_curators(
    member: User, ada: Researcher, curator: User
) -> None:
    holder = own(member, ada, curator)
    rival = make_user("rival@example.org")
    OutgoingMail.objects.all().delete()
    challenger = submit_claim(rival, ada, {})
    holder.refresh_from_db()
    ada.refresh_from_db()
    assert (holder.state, challenger.state, ada.identity_level) == ("frozen", "submitted", 0)
    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {member.email, rival.email}
    dispute = Dispute.objects.get()
    give_verdict(curator, dispute, challenger, "The rival's papers.")
    with pytest.raises(ClaimRefused, match="another curator"):
        give_verdict(curator, dispute, challenger, "Again.")
    holder.refresh_from_db()
    assert holder.state == "frozen", "one curator is not enough"
    give_verdict(make_curator(), dispute, challenger, "I agree.")
    for claim in (holder, challenger):
        claim.refresh_from_db()
    ada.refresh_from_db()
    assert (holder.state, challenger.state, ada.owner) == ("revoked", "approved", rival)


def test_curators_who_disagree_decide_nothing_and_the_holder_can_win(
    member: User, ada: Researcher, curator: User
) -> None:
    holder = own(member, ada, curator)
    challenger = submit_claim(make_user("rival@example.org"), ada, {})
    dispute = Dispute.objects.get()
    give_verdict(curator, dispute, challenger, "The rival.")
    give_verdict(make_curator("two"), dispute, holder, "The holder.")
    assert Dispute.objects.get().closed_at is None
    give_verdict(make_curator("three"), dispute, holder, "The holder as well.")
    for claim in (holder, challenger):
        claim.refresh_from_db()
    ada.refresh_from_db()
    assert (holder.state, challenger.state) == ("approved", "rejected")
    assert (ada.owner, ada.identity_level) == (member, 3)


def test_a_challenger_who_withdraws_thaws_the_holder(member: User, ada: Researcher, curator: User) -> None:
    holder = own(member, ada, curator)
    rival = make_user("rival@example.org")
    withdraw_claim(rival, submit_claim(rival, ada, {}))
    holder.refresh_from_db()
    ada.refresh_from_db()
    assert (holder.state, ada.identity_level) == ("approved", 3)
    assert Dispute.objects.get().closed_at is not None


def test_a_holder_who_withdraws_leaves_the_record_to_a_proven_challenger(member: User, ada: Researcher) -> None:
    holder = claim_by_proof(member, ada)
    rival = make_user("rival@example.org")
    challenger = submit_claim(rival, ada, {})
    show_proof(challenger, address="https://rival.example.org/")
    withdraw_claim(member, holder)
    challenger.refresh_from_db()
    ada.refresh_from_db()
    assert (challenger.state, ada.owner) == ("approved", rival)


def test_an_objection_suspends_and_a_curator_decides(member: User, ada: Researcher, curator: User) -> None:
    claim = claim_by_proof(member, ada)
    assert object_to_claim(claim, "That is not she.")
    assert object_to_claim(claim, "That is not she."), "twice is once"
    claim.refresh_from_db()
    assert (claim.state, kinds(claim).count("objected")) == ("objected", 1)
    decide_objection(curator, claim, "It is she.", upheld=False)
    claim.refresh_from_db()
    assert claim.state == "approved"
    object_to_claim(claim, "Still not she.")
    decide_objection(curator, claim, "Right.", upheld=True)
    ada.refresh_from_db()
    assert (ada.state, ada.owner) == ("unclaimed", None)


def test_after_the_window_an_objection_suspends_nothing(member: User, ada: Researcher) -> None:
    claim = claim_by_proof(member, ada)
    Claim.objects.filter(pk=claim.pk).update(objection_until=timezone.now() - timedelta(seconds=1))
    assert object_to_claim(claim, "Too late.") is False
    claim.refresh_from_db()
    assert claim.state == "approved"


def test_an_appeal_is_decided_by_another_curator_and_rules_stay_out(
    member: User, ada: Researcher, curator: User
) -> None:
    claim = submit_claim(member, ada, {})
    reject_claim(curator, claim, "Nothing was shown.")
    appeal(member, claim, "I have a page now.")
    claim.refresh_from_db()
    show_proof(claim)
    assert claim.state == "submitted", "after a refusal a person decides"
    with pytest.raises(ClaimRefused, match="another curator"):
        approve_claim(curator, claim, "Fine.")
    approve_claim(make_curator(), claim, "The page is hers.")
    claim.refresh_from_db()
    assert claim.state == "approved"


def test_a_claim_that_was_revoked_and_won_its_appeal_has_a_window_of_its_own(
    member: User, ada: Researcher, curator: User
) -> None:
    claim = claim_by_proof(member, ada)
    Claim.objects.filter(pk=claim.pk).update(objection_until=timezone.now())
    let_time_pass()
    revoke_claim(curator, claim, "A mistake.")
    appeal(member, claim, "It was.")
    approve_claim(make_curator(), claim, "It was a mistake.", level=2)
    let_time_pass()
    ada.refresh_from_db()
    assert ada.identity_level == 1, "the second window is open"
    Claim.objects.filter(pk=claim.pk).update(objection_until=timezone.now())
    let_time_pass()
    let_time_pass()
    ada.refresh_from_db()
    assert ada.identity_level == 2
    assert kinds(claim).count("window_passed") == 2


def test_one_appeal_only(member: User, ada: Researcher, curator: User) -> None:
    claim = submit_claim(member, ada, {})
    reject_claim(curator, claim, "Nothing was shown.")
    appeal(member, claim, "Look again.")
    reject_claim(make_curator(), claim, "Still nothing.")
    with pytest.raises(ClaimRefused, match="appealed before"):
        appeal(member, claim, "And again.")


def test_level_4_needs_two_classes_of_proof_and_two_curators_and_lapses_after_a_year(
    member: User, ada: Researcher, curator: User
) -> None:
    claim = own(member, ada, curator)
    show_proof(claim)
    with pytest.raises(ClaimRefused, match="two independent classes"):
        grant_level_4(curator, claim, "Solid.")
    evidence = offer_proof(member, claim, "institutional_email", "ada@uni.example")
    settle_evidence(evidence.pk, holds=True, finding="Hers.", decisive=True)
    grant_level_4(curator, claim, "Solid.")
    grant_level_4(curator, claim, "Solid.")
    ada.refresh_from_db()
    assert ada.identity_level == 3, "one curator twice is one"
    grant_level_4(make_curator(), claim, "I agree.")
    ada.refresh_from_db()
    assert ada.identity_level == 4
    Claim.objects.filter(pk=claim.pk).update(renew_by=timezone.now() + timedelta(days=61))
    let_time_pass()
    assert kinds(claim)[-1] == "level_raised", "nobody is reminded that early"
    Claim.objects.filter(pk=claim.pk).update(renew_by=timezone.now() + timedelta(days=59))
    let_time_pass()
    let_time_pass()
    assert kinds(claim)[-2:] == ["level_raised", "renewal_due"], "once a year"
    assert OutgoingMail.objects.latest("pk").context["what"] == "Please confirm your record"
    Claim.objects.filter(pk=claim.pk).update(renew_by=timezone.now())
    let_time_pass()
    ada.refresh_from_db()
    assert ada.identity_level == 3
    assert kinds(claim)[-2:] == ["renewal_due", "level_lapsed"]


def test_claims_that_nobody_pursues_expire(member: User, ada: Researcher, curator: User) -> None:
    bare = submit_claim(member, ada, {})
    asked = submit_claim(make_user("asked@example.org"), ada, {}, "It is me.")
    ask_for_evidence(curator, asked, "Please show a page.")
    stated = submit_claim(make_user("stated@example.org"), ada, {}, "It is me.")
    old = timezone.now() - timedelta(days=31)
    Claim.objects.update(changed_at=old)
    let_time_pass()
    states = [Claim.objects.get(pk=claim.pk).state for claim in (bare, asked, stated)]
    assert states == ["expired", "expired", "submitted"]


def test_only_curators_decide_never_on_their_own_claim_and_always_with_a_reason(
    member: User, curator: User, ada: Researcher
) -> None:
    claim = submit_claim(curator, ada, {})
    with pytest.raises(ClaimRefused, match="Only a curator"):
        approve_claim(member, claim, "Mine.")
    with pytest.raises(ClaimRefused, match="their own claim"):
        approve_claim(curator, claim, "Mine.")
    with pytest.raises(ClaimRefused, match="says why"):
        approve_claim(make_curator(), claim, "  ")


def test_somebody_who_owns_a_record_needs_a_curator_for_a_second(member: User, ada: Researcher, curator: User) -> None:
    own(member, ada, curator)
    second = submit_claim(member, get_person("Charles Babbage"), {})
    show_proof(second)
    assert second.state == "submitted"


def test_every_step_is_told_to_the_claimant(member: User, ada: Researcher, curator: User) -> None:
    claim = claim_by_proof(member, ada)
    revoke_claim(curator, claim, "It was an impostor.")
    told = list(OutgoingMail.objects.filter(recipient=member.email).values_list("context__what", flat=True))
    assert told == ["We have received your claim", "Your claim is approved", "Your claim was revoked"]

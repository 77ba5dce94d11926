"""The curators' queue through the admin: who may look, who may decide, and that it is logged."""

import pytest
from django.test import Client

from accounts.models import User
from claims.models import Claim, Dispute, Report
from claims.submit import submit_claim
from tests.claims.cast import client_of, make_curator, own
from tests.factories import make_researcher, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(member: User) -> Claim:
    return submit_claim(member, make_researcher(), {}, "It is me.")


def decide(client: Client, kind: str, pk: int, decision: str, reason: str = "Because.") -> int:
    return client.post(f"/admin/claims/{kind}/{pk}/decide/", {"decision": decision, "reason": reason}).status_code


def test_a_curator_looks_and_approves(as_curator: Client, curator: User, claim: Claim) -> None:
    assert "Decide" in as_curator.get("/admin/claims/claim/").content.decode()
    assert "It is me." in as_curator.get(f"/admin/claims/claim/{claim.pk}/change/").content.decode()
    page = as_curator.get(f"/admin/claims/claim/{claim.pk}/decide/").content.decode()
    assert "It is me." in page, "what was shown stands beside the decision"
    assert "Approve at L3" in page
    assert "Uphold the objection" not in page, "nobody objects"
    assert decide(as_curator, "claim", claim.pk, "approve_3", "I checked the papers.") == 302
    claim.refresh_from_db()
    event = claim.events.latest("pk")
    assert (claim.state, claim.level) == ("approved", 3)
    assert (event.actor, event.reason, event.actor_role) == (curator, "I checked the papers.", "curator")


@pytest.mark.parametrize(("decision", "reason"), [("approve_3", ""), ("approve_3", "   "), ("nonsense", "Why not")])
def test_no_decision_without_a_reason(as_curator: Client, claim: Claim, decision: str, reason: str) -> None:
    assert decide(as_curator, "claim", claim.pk, decision, reason) == 200
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_members_and_visitors_are_kept_out(as_member: Client, client: Client, claim: Claim) -> None:
    for stranger in (as_member, client):
        assert stranger.get("/admin/claims/claim/").status_code == 302
        assert decide(stranger, "claim", claim.pk, "approve_3") == 302
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_nothing_can_be_changed_past_the_services(as_curator: Client, claim: Claim) -> None:
    as_curator.post(f"/admin/claims/claim/{claim.pk}/change/", {"state": "approved"})
    as_curator.post(f"/admin/claims/claim/{claim.pk}/delete/", {"post": "yes"})
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_a_decision_that_makes_no_sense_is_refused_in_words(as_curator: Client, claim: Claim) -> None:
    assert decide(as_curator, "claim", claim.pk, "revoke") == 302
    assert "cannot become revoked" in as_curator.get("/admin/").content.decode()


def test_two_curators_decide_a_dispute(member: User, curator: User, as_curator: Client) -> None:
    ada = make_researcher()
    holder = own(member, ada, curator)
    challenger = submit_claim(make_user("rival@example.org"), ada, {})
    dispute = Dispute.objects.get()
    second = make_curator()
    second.is_superuser = True
    second.save()
    decide(as_curator, "dispute", dispute.pk, "challenger")
    decide(as_curator, "dispute", dispute.pk, "challenger")
    holder.refresh_from_db()
    assert holder.state == "frozen"
    decide(client_of(second), "dispute", dispute.pk, "challenger")
    for each in (holder, challenger):
        each.refresh_from_db()
    assert (holder.state, challenger.state) == ("revoked", "approved")


def test_a_removal_is_granted(as_curator: Client) -> None:
    ada = make_researcher()
    report = Report.objects.create(researcher=ada, kind="removal", email="a@example.org", state="open", token_hash="x")
    assert "token_hash" not in as_curator.get(f"/admin/claims/report/{report.pk}/change/").content.decode()
    decide(as_curator, "report", report.pk, "grant")
    ada.refresh_from_db()
    assert ada.state == "suppressed"

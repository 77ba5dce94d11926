"""A second record of one's own: proposed with a preview, merged by a curator or a rule, undone without a difference."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from claims.decide import approve_claim, revoke_claim
from claims.errors import ClaimRefused
from claims.models import Claim, MergeProposal, OutgoingMail, OwnerPage, RecordChange
from claims.own.change import change_record
from claims.second_record import (
    approve_proposal,
    find_second,
    preview_merge,
    propose_merge,
    refuse_proposal,
    withdraw_proposal,
)
from claims.submit import submit_claim, withdraw_claim
from profiles.curation.mandate import Mandate
from profiles.curation.merge import merge_researchers
from profiles.curation.undo import undo_operation
from profiles.follow import follow
from profiles.models import Follow, IdentityOperation, Researcher
from tests.claims.cast import client_of, make_curator, own, show_proof
from tests.claims.test_decisions_on_claims import everything
from tests.factories import get_person, make_researcher, make_user
from works.models import Authorship

pytestmark = pytest.mark.django_db

WHY = "I signed as A. Lovelace until 2010."


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=3, coauthors=["Charles Babbage"])


@pytest.fixture
def second() -> Researcher:
    return make_researcher("Augusta King", works=2, coauthors=["Charles Babbage"])


@pytest.fixture
def owned(member: User, ada: Researcher, curator: User) -> Claim:
    return own(member, ada, curator)


def state_of(*researchers: Researcher) -> list[dict[str, Any]]:
    follows = list(Follow.objects.order_by("follower").values("pk", "follower", "researcher", "followed_at"))
    claims = list(Claim.objects.order_by("pk").values("pk", "researcher", "state", "level", "claimant"))
    return [*map(everything, researchers), {"follows": follows, "claims": claims}]


def page_url(researcher: Researcher) -> str:
    return f"{Researcher.objects.get(pk=researcher.pk).get_absolute_url()}edit/second/"


@pytest.mark.usefixtures("owned")
def test_an_owner_sees_the_outcome_before_and_nothing_is_done(
    as_member: Client, ada: Researcher, second: Researcher
) -> None:
    before = state_of(ada, second)
    page = as_member.get(page_url(ada), {"record": second.get_absolute_url()}).content.decode()
    assert "Augusta King" in page
    assert "goes up in this record with 2 works" in page
    assert '<th scope="row">Works</th><td>3</td><td>5</td>' in page
    assert "Nothing is done yet" in page
    assert state_of(ada, second) == before
    assert not IdentityOperation.objects.exists()
    assert not MergeProposal.objects.exists()


def test_a_curator_approves_in_one_step_and_the_owner_undoes_it(
    as_member: Client, member: User, ada: Researcher, second: Researcher, owned: Claim, as_curator: Client
) -> None:
    follow(make_user("fan@example.org"), second)
    before = state_of(ada, second)
    answer = as_member.post(page_url(ada), {"record": second.get_absolute_url(), "reason": WHY})
    assert answer.status_code == 302
    as_member.post(page_url(ada), {"record": second.get_absolute_url(), "reason": WHY})
    proposal = MergeProposal.objects.get()
    assert (proposal.state, proposal.second, proposal.claim, state_of(ada, second)) == ("open", second, owned, before)
    decide = f"/admin/claims/mergeproposal/{proposal.pk}/decide/"
    page = as_curator.get(decide).content.decode()
    assert WHY in page
    assert "redirects to Ada Lovelace" in page, "a curator sees the outcome, too"
    as_curator.post(decide, {"decision": "approve", "reason": "The same person."})
    proposal.refresh_from_db()
    ada.refresh_from_db()
    assert (proposal.state, ada.authorships.count()) == ("approved", 5)
    assert Client().get(second.get_absolute_url())["Location"] == ada.get_absolute_url()
    assert Follow.objects.get().researcher == ada
    log = Client().get(f"{ada.get_absolute_url()}changes/").content.decode()
    assert "A second record of the same person was merged into this one" in log
    assert "A second record" in as_member.get(f"{ada.get_absolute_url()}edit/").content.decode()
    change = RecordChange.objects.get(field="merge")
    as_member.post(f"{ada.get_absolute_url()}edit/undo/", {"change": change.pk})
    as_member.post(f"{ada.get_absolute_url()}edit/undo/", {"change": change.pk})
    assert state_of(ada, second) == before
    assert "Undone: A second record" in Client().get(f"{ada.get_absolute_url()}changes/").content.decode()
    assert [mail.context["state"] for mail in OutgoingMail.objects.filter(template="merge_proposal")] == [
        "open", "approved",
    ]  # fmt: skip
    assert not OutgoingMail.objects.filter(template="rearranged").exists(), "the answer tells it"


@pytest.mark.usefixtures("owned")
def test_a_rule_merges_what_one_owner_holds_at_level_3(
    member: User, ada: Researcher, second: Researcher, curator: User
) -> None:
    claim = own(member, second, curator)
    change_record(member, second, "summary", "Mine, too")
    before = state_of(ada, second)
    proposal = propose_merge(member, ada, second, WHY)
    assert (proposal.state, proposal.decided_by, proposal.claim.researcher) == ("approved", None, ada)
    assert Researcher.objects.get(pk=second.pk).merged_into == ada
    claim.refresh_from_db()
    assert claim.state == "approved", "the claim waits with its record"
    assert proposal.operation is not None
    undo_operation(proposal.operation, Mandate(curator, "Two people after all."))
    assert state_of(ada, second) == before


@pytest.mark.usefixtures("owned")
def test_level_2_is_not_enough_for_the_rule(member: User, ada: Researcher, second: Researcher, curator: User) -> None:
    claim = submit_claim(member, second, {})
    approve_claim(curator, claim, "One proof.", level=2)
    assert propose_merge(member, ada, second, WHY).state == "open"


def test_revoking_takes_the_merge_back_whichever_claim_it_was(
    member: User, ada: Researcher, second: Researcher, curator: User
) -> None:
    before = state_of(ada, second)
    for revoked_first in (0, 1):
        claims = [own(member, ada, curator), own(member, second, curator)]
        propose_merge(member, ada, second, WHY)
        assert Researcher.objects.get(pk=second.pk).state == "merged"
        revoke_claim(make_curator(f"third{revoked_first}"), claims[revoked_first], "An impostor.")
        assert Researcher.objects.get(pk=second.pk).merged_into is None
        revoke_claim(make_curator(f"fourth{revoked_first}"), claims[1 - revoked_first], "An impostor.")
        assert state_of(ada, second)[:2] == before[:2]


def test_an_owner_who_gave_the_second_claim_up_leaves_it_unclaimed_when_undone(
    member: User, ada: Researcher, second: Researcher, owned: Claim, curator: User
) -> None:
    claim = own(member, second, curator)
    proposal = propose_merge(member, ada, second, WHY)
    withdraw_claim(member, claim)
    assert proposal.operation is not None
    undo_operation(proposal.operation, Mandate(curator, "Two people after all."))
    second.refresh_from_db()
    assert (second.state, second.owner, second.merged_into) == ("unclaimed", None, None)


def test_names_that_were_hidden_on_the_second_record_stay_hidden(
    member: User, ada: Researcher, second: Researcher, owned: Claim, curator: User
) -> None:
    own(member, second, curator)
    change_record(member, second, "names", {"display_name": "Ada King", "hidden": ["Augusta King"]})
    before = state_of(ada, second)
    proposal = propose_merge(member, ada, second, WHY)
    ada.refresh_from_db()
    assert ada.hidden_names == ["augusta king"]
    assert ada.name_variants == ["Ada Lovelace"]
    work = Authorship.objects.filter(researcher=ada, printed_name="Augusta King").select_related("work")[0].work
    for address in (ada.get_absolute_url(), work.get_absolute_url(), f"{ada.get_absolute_url()}identity/"):
        assert "augusta" not in Client().get(address).content.decode().lower(), address
    assert "Ada Lovelace" in Client().get("/authors/?prefix=lov").content.decode()
    assert proposal.operation is not None
    undo_operation(proposal.operation, Mandate(curator, "Two people after all."))
    assert OwnerPage.objects.get(researcher=ada).browse_key == "lovelace|ada"
    OwnerPage.objects.filter(researcher=ada).delete()
    assert state_of(ada, second) == before


@pytest.mark.usefixtures("owned")
def test_what_cannot_be_merged_is_refused_before_it_is_proposed(
    member: User, ada: Researcher, second: Researcher, curator: User
) -> None:
    charles, somebody = get_person("Charles Babbage"), make_user("somebody@example.org")
    submit_claim(somebody, second, {})
    for other, why in ((ada, "this very record"), (charles, "stands in the byline"), (second, "Somebody else claims")):
        with pytest.raises(ClaimRefused, match=why):
            propose_merge(member, ada, other, WHY)
        with pytest.raises(ClaimRefused, match=why):
            preview_merge(member, ada, other)
    with pytest.raises(ClaimRefused, match="say why"):
        propose_merge(member, ada, second, "  ")
    with pytest.raises(ClaimRefused, match="no such record"):
        find_second("https://bzpeer.example.org/authors/nobody-0000000/")
    assert not MergeProposal.objects.exists()


def test_nobody_but_the_owner_proposes_and_nobody_but_a_curator_decides(
    as_member: Client, member: User, ada: Researcher, second: Researcher, owned: Claim, curator: User
) -> None:
    form = {"record": second.get_absolute_url(), "reason": WHY}
    assert Client().post(page_url(ada), form).status_code == 302
    for client in (client_of(make_user("stranger@example.org")), client_of(curator)):
        assert client.get(page_url(ada), form).status_code == 403
        assert client.post(page_url(ada), form).status_code == 403
    assert as_member.post(page_url(second), form).status_code == 403, "an owner of one can do nothing to another"
    assert not MergeProposal.objects.exists()
    proposal = propose_merge(member, ada, second, WHY)
    for decide in (approve_proposal, refuse_proposal):
        with pytest.raises(ClaimRefused, match="Only a curator"):
            decide(member, proposal, "Yes.")
        with pytest.raises(ClaimRefused, match="says why"):
            decide(curator, proposal, " ")
    User.objects.filter(pk=member.pk).update(is_staff=True)
    member.refresh_from_db()
    with pytest.raises(ClaimRefused, match="their own claim"):
        approve_proposal(member, proposal, "Mine.")
    refuse_proposal(curator, proposal, "Two people.")
    with pytest.raises(ClaimRefused, match="is decided"):
        approve_proposal(curator, proposal, "After all.")
    assert Researcher.objects.get(pk=second.pk).merged_into is None


def test_a_proposal_ends_with_its_owner_or_at_their_wish(
    member: User, ada: Researcher, second: Researcher, owned: Claim, curator: User
) -> None:
    first = propose_merge(member, ada, second, WHY)
    withdraw_proposal(member, ada, first.pk)
    again = propose_merge(member, ada, second, WHY)
    assert again != first
    revoke_claim(make_curator(), owned, "An impostor.")
    assert set(MergeProposal.objects.values_list("state", flat=True)) == {"withdrawn"}
    with pytest.raises(ClaimRefused):
        approve_proposal(curator, again, "Yes.")


@pytest.mark.usefixtures("owned")
def test_a_claim_on_a_record_that_a_curator_merged_waits_and_comes_back(
    ada: Researcher, second: Researcher, curator: User
) -> None:
    rival = make_user("rival@example.org")
    claim = submit_claim(rival, second, {})
    before = state_of(ada, second)
    operation = merge_researchers(second, ada, Mandate(curator, "The same person."))
    with pytest.raises(ClaimRefused, match="is merged"):
        approve_claim(curator, claim, "Yes.")
    show_proof(claim)
    assert claim.state == "submitted", "nor does a rule give away what is part of another record"
    undo_operation(operation, Mandate(curator, "Two people."))
    assert state_of(ada, second) == before
    approve_claim(curator, claim, "Yes.")
    second.refresh_from_db()
    assert second.owner == rival

"""A second record of an owner's: proposed with the outcome in view, merged by a curator in one step or by a rule."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from claims.decide import require_uninvolved
from claims.errors import ClaimRefused
from claims.locks import lock_record
from claims.machine import OPEN, State
from claims.models import Claim, MergeProposal, RecordChange
from claims.own.change import lock_own
from claims.own.names import keep_place_in_lists
from claims.steps import by_curator
from claims.tell import tell_proposal
from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.merge import merge_researchers
from profiles.curation.preview import Preview, preview
from profiles.models import Researcher
from profiles.queries import get_researcher

ENOUGH_LEVEL = 3
BY_RULE = "Both records are claimed by the same owner at level 3."


def find_second(text: str) -> Researcher:
    """Return the record that an address names; raise `ClaimRefused` where there is none."""
    try:
        return get_researcher(text.strip().rstrip("/").rpartition("/")[2])
    except Researcher.DoesNotExist as error:
        raise ClaimRefused("There is no such record.") from error


def preview_merge(user: User, researcher: Researcher, second: Researcher) -> Preview:
    """Show an owner what the merge would bring, and leave no trace; raise `ClaimRefused` where it cannot be."""
    with transaction.atomic():
        record, _claim = lock_own(user, researcher.pk)
        other = lock_second(user, record, second)
        return show_merge(other, record, Mandate(user, "Preview"))


def show_merge(second: Researcher, record: Researcher, mandate: Mandate) -> Preview:
    """Carry the merge out, look, and roll back; raise `ClaimRefused` where it cannot be."""
    try:
        return preview([second, record], lambda: merge_researchers(second, record, mandate))
    except OperationRefused as refused:
        raise ClaimRefused(str(refused)) from refused


def lock_second(user: User, record: Researcher, second: Researcher) -> Researcher:
    """Lock the second record; raise `ClaimRefused` for the same one, and for one that others claim."""
    if second.pk == record.pk:
        raise ClaimRefused("That is this very record.")
    other = lock_record(second.pk)
    if Claim.objects.filter(researcher=other, state__in=OPEN).exclude(claimant=user).exists():
        raise ClaimRefused("Somebody else claims that record: claim it as well, and curators decide.")
    return other


@transaction.atomic
def propose_merge(user: User, researcher: Researcher, second: Researcher, reason: str) -> MergeProposal:
    """Propose that another record is the owner's too; merged at once where both are theirs at level 3.

    Proposed twice is once. Raise `ClaimRefused` where the merge cannot be.
    """
    record, claim = lock_own(user, researcher.pk)
    if not reason.strip():
        raise ClaimRefused("Please say why the other record is yours.")
    other = lock_second(user, record, second)
    proposal, is_new = MergeProposal.objects.get_or_create(
        researcher=record, second=other, state=MergeProposal.State.OPEN,
        defaults={"claim": claim, "reason": reason.strip()},
    )  # fmt: skip
    if rule_decides(user, record, other):
        merge(proposal, user, BY_RULE)
    else:
        show_merge(other, record, Mandate(user, "Preview"))  # what no curator could carry out is refused now
    if is_new:
        tell_proposal(proposal)
    return proposal


def rule_decides(user: User, *records: Researcher) -> bool:
    """Whether all the records are this member's, uncontested, at level 3 or above."""
    held = Claim.objects.filter(
        claimant=user, researcher__in=records, researcher__owner=user,
        researcher__identity_level__gte=ENOUGH_LEVEL, state=State.APPROVED, level__gte=ENOUGH_LEVEL,
    )  # fmt: skip
    return held.count() == len(records)


def merge(proposal: MergeProposal, actor: User, reason: str, curator: User | None = None) -> None:
    """Carry a proposal out and write it down in the record's log; raise `ClaimRefused` where it cannot be."""
    record, second = proposal.researcher, proposal.second
    try:
        proposal.operation = merge_researchers(second, record, Mandate(actor, reason))
    except OperationRefused as refused:
        raise ClaimRefused(str(refused)) from refused
    RecordChange.objects.create(
        researcher=record,
        claim=proposal.claim,
        actor=actor,
        field="merge",
        before={"second": second.public_id},
        after={"into": record.public_id},
        operation=proposal.operation,
    )
    keep_place_in_lists(record.pk)
    settle_proposal(proposal, MergeProposal.State.APPROVED, reason, curator)


def settle_proposal(proposal: MergeProposal, state: str, reason: str, curator: User | None = None) -> None:
    """Note how a proposal ended."""
    proposal.state, proposal.decision_reason = state, reason
    proposal.decided_at, proposal.decided_by = Now(), curator
    proposal.save(update_fields=["state", "decision_reason", "decided_at", "decided_by", "operation"])


def lock_proposal(proposal: MergeProposal) -> MergeProposal:
    """Lock both records of an open proposal and then it; raise `ClaimRefused` when it is decided."""
    for researcher_id in sorted({proposal.researcher_id, proposal.second_id}):
        lock_record(researcher_id)
    own = MergeProposal.objects.select_for_update(of=("self",)).select_related("claim__claimant").get(pk=proposal.pk)
    if own.state != MergeProposal.State.OPEN:
        raise ClaimRefused("This proposal is decided.")
    return own


@transaction.atomic
def approve_proposal(curator: User, proposal: MergeProposal, reason: str) -> None:
    """Merge the second record into the owner's; undone like every other merge."""
    because = by_curator(curator, reason)
    own = lock_proposal(proposal)
    require_uninvolved(curator, own.claim)
    if own.claim.claimant is None or not own.claim.may_edit:
        raise ClaimRefused("The owner's claim does not hold now.")
    lock_second(own.claim.claimant, own.researcher, own.second)
    merge(own, curator, because.reason, curator)
    tell_proposal(own)


@transaction.atomic
def refuse_proposal(curator: User, proposal: MergeProposal, reason: str) -> None:
    """Leave both records as they are."""
    because = by_curator(curator, reason)
    own = lock_proposal(proposal)
    require_uninvolved(curator, own.claim)
    settle_proposal(own, MergeProposal.State.REFUSED, because.reason, curator)
    tell_proposal(own)


@transaction.atomic
def withdraw_proposal(user: User, researcher: Researcher, proposal_id: int) -> None:
    """Let an owner take back what they proposed."""
    record, claim = lock_own(user, researcher.pk)
    found = MergeProposal.objects.filter(pk=proposal_id, researcher=record, claim=claim).first()
    if found is None:
        raise ClaimRefused("There is no such proposal of yours.")
    settle_proposal(lock_proposal(found), MergeProposal.State.WITHDRAWN, "Its owner took it back.")

"""Who is told of which step, in which words."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from claims.mail import write_mail
from claims.models import Claim, ClaimEvent, MergeProposal
from profiles.models import IdentityOperation, Researcher

Kind = ClaimEvent.Kind

# What the message says happened, by kind of event; kinds that are not here are not told by mail.
WORDS = {
    Kind.SUBMITTED: "We have received your claim",
    Kind.AUTO_APPROVED: "Your claim is approved",
    Kind.APPROVED: "Your claim is approved",
    Kind.LEVEL_RAISED: "Your record has reached a higher level",
    Kind.RENEWAL_DUE: "Please confirm your record",
    Kind.LEVEL_LAPSED: "Your record has gone down a level",
    Kind.WINDOW_PASSED: "Nobody objected to your claim",
    Kind.EVIDENCE_ASKED: "Your claim needs more evidence",
    Kind.REJECTED: "Your claim was rejected",
    Kind.OBJECTED: "Somebody objected to your claim",
    Kind.OBJECTION_DISMISSED: "The objection to your claim was dismissed",
    Kind.FROZEN: "Somebody else claims the same record",
    Kind.THAWED: "The dispute was decided for you",
    Kind.REVOKED: "Your claim was revoked",
    Kind.WITHDRAWN: "You have withdrawn your claim",
    Kind.EXPIRED: "Your claim has expired",
    Kind.APPEALED: "We have received your appeal",
}


def claim_url(claim: Claim) -> str:
    """Return the whole address of the page where a claimant sees the claim."""
    return settings.SITE_URL + reverse("claims:claim", args=[claim.researcher.handle])


def tell_claimant(event: ClaimEvent, **more: Any) -> None:
    """Write to the claimant what happened, why, and what comes next."""
    claim = event.claim
    if claim.claimant is None or event.kind not in WORDS:
        return
    window = claim.objection_until
    write_mail(
        claim.claimant.email,
        "claim_step",
        what=WORDS[Kind(event.kind)],
        name=claim.researcher.display_name,
        reason=event.reason,
        level=claim.level,
        state=claim.state,
        window_until=window.strftime("%-d %B %Y") if window else "",
        url=claim_url(claim),
        **more,
    )


def tell_added(user: User, researcher: Researcher, arxiv_id: str, outcome: str) -> None:
    """Tell an owner what became of a work that was missing."""
    url = settings.SITE_URL + researcher.get_absolute_url()
    write_mail(user.email, "missing_work", arxiv_id=arxiv_id, outcome=outcome, name=researcher.display_name, url=url)


def tell_rearranged(record: Researcher, operation: IdentityOperation) -> None:
    """Tell an owner what a curator did about the works of their record, and where both stand."""
    if record.owner is None:
        return
    done = operation.undoes or operation
    went = done.get_kind_display() if record.pk == done.source_id else "came from another record"
    write_mail(
        record.owner.email,
        "rearranged",
        name=record.display_name,
        what=went,
        undone=operation.undoes is not None,
        works=len(done.changes["authorships"]),
        reason=operation.reason,
        url=f"{settings.SITE_URL}{record.get_absolute_url()}identity/",
    )


PROPOSED = {
    MergeProposal.State.OPEN: "We have received your proposal",
    MergeProposal.State.APPROVED: "Your second record is merged",
    MergeProposal.State.REFUSED: "Your records are not merged",
}


def tell_proposal(proposal: MergeProposal) -> None:
    """Tell an owner what became of a second record of theirs."""
    owner = proposal.claim.claimant
    if owner is None:
        return
    write_mail(
        owner.email,
        "merge_proposal",
        what=PROPOSED[MergeProposal.State(proposal.state)],
        state=proposal.state,
        name=proposal.researcher.display_name,
        second=settings.SITE_URL + proposal.second.get_absolute_url(),
        reason=proposal.decision_reason,
        url=settings.SITE_URL + reverse("claims:edit", args=[proposal.researcher.handle]),
    )

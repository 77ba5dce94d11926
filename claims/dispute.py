"""Two claims on one record: the one in force freezes, both sides are told, and two curators must agree."""

from django.db.models.functions import Now

from claims.machine import State
from claims.mail import write_mail
from claims.models import Claim, Dispute
from claims.record_state import apply_level
from claims.steps import Kind, by_rule, take_step
from claims.tell import claim_url, tell_claimant
from profiles.models import Researcher


def open_dispute(holder: Claim, challenger: Claim, record: Researcher) -> Dispute:
    """Freeze the claim in force of a locked record until curators have decided between it and another; once."""
    dispute, is_new = Dispute.objects.get_or_create(holder=holder, challenger=challenger, closed_at=None)
    if is_new and holder.state != State.FROZEN:
        event = take_step(holder, Kind.FROZEN, State.FROZEN, by_rule("Another member claims the same record."))
        apply_level(record, holder)
        tell_claimant(event)
    if is_new:
        tell_challenger(challenger)
    return dispute


def tell_challenger(challenger: Claim, template: str = "dispute") -> None:
    """Tell the other side that there is a dispute, or is none any more; neither learns who the other is."""
    if challenger.claimant is not None:
        write_mail(
            challenger.claimant.email,
            template,
            name=challenger.researcher.display_name,
            url=claim_url(challenger),
        )


def close(dispute: Dispute, outcome: str, winner: Claim | None = None) -> None:
    """Note how a dispute ended."""
    dispute.closed_at, dispute.outcome, dispute.winner = Now(), outcome, winner
    dispute.save(update_fields=["closed_at", "outcome", "winner"])


def thaw(holder: Claim, record: Researcher) -> None:
    """Let the holder act again, unless somebody else still claims the record."""
    if holder.state != State.FROZEN or Dispute.objects.filter(holder=holder, closed_at__isnull=True).exists():
        return
    event = take_step(holder, Kind.THAWED, State.APPROVED, by_rule("Nobody else claims this record any more."))
    apply_level(record, holder)
    tell_claimant(event)


def close_for_withdrawn(claim: Claim, record: Researcher) -> None:
    """Close the disputes of a claim that was given up."""
    close_all_of(claim, record, "One side withdrew its claim.")


def close_for_decided(claim: Claim, record: Researcher) -> None:
    """Close the disputes of a claim that curators ended otherwise."""
    close_all_of(claim, record, "One of the claims was ended by a curator.")


def close_all_of(claim: Claim, record: Researcher, outcome: str) -> None:
    """Close every dispute that a claim is part of, and let its opponents act again."""
    for dispute in Dispute.objects.filter(challenger=claim, closed_at__isnull=True):
        close(dispute, outcome)
        thaw(Claim.objects.select_for_update().get(pk=dispute.holder_id), record)
    for dispute in Dispute.objects.filter(holder=claim, closed_at__isnull=True):
        close(dispute, outcome)
        tell_challenger(dispute.challenger, "dispute_over")

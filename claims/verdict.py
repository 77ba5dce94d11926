"""Two curators decide a dispute; each has one say, and neither may be a party to it."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from claims.decide import decisive_kinds, put_in_force, revoke_locked
from claims.dispute import close, open_dispute, thaw
from claims.errors import ClaimRefused
from claims.locks import lock_record
from claims.machine import State
from claims.models import Claim, Dispute, Verdict
from claims.models.dispute import CURATORS_NEEDED
from claims.rules import level_for
from claims.steps import Kind, by_curator, take_step
from claims.tell import tell_claimant
from profiles.models import Researcher


@transaction.atomic
def give_verdict(curator: User, dispute: Dispute, favours: Claim, reason: str) -> Dispute:
    """Note what one curator thinks; when two agree, the dispute is decided. Raise `ClaimRefused` for a second say."""
    because = by_curator(curator, reason)
    record = lock_record(dispute.holder.researcher_id)
    own = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if own.closed_at is not None:
        raise ClaimRefused("This dispute is decided.")
    if favours.pk not in {own.holder_id, own.challenger_id}:
        raise ClaimRefused("That claim is not part of this dispute.")
    if curator.pk in {own.holder.claimant_id, own.challenger.claimant_id}:
        raise ClaimRefused("Nobody decides on their own claim.")
    if own.verdicts.filter(curator=curator).exists():
        raise ClaimRefused("You have given your verdict; another curator must give the second.")
    Verdict.objects.create(dispute=own, curator=curator, favours=favours, reason=because.reason)
    if own.verdicts.filter(favours=favours).count() >= CURATORS_NEEDED:
        decide(own, favours, record, curator)
    return own


def decide(dispute: Dispute, winner: Claim, record: Researcher, curator: User) -> None:
    """Carry out what two curators agreed upon."""
    reasons = " ".join(verdict.reason for verdict in dispute.verdicts.filter(favours=winner))
    because = by_curator(curator, f"Two curators decided: {reasons}")
    close(dispute, reasons, winner)
    challenger = Claim.objects.select_for_update().get(pk=dispute.challenger_id)
    holder = Claim.objects.select_for_update().get(pk=dispute.holder_id)
    if winner.pk == holder.pk:
        tell_claimant(take_step(challenger, Kind.REJECTED, State.REJECTED, because))
        thaw(holder, record)
        return
    rest = [other.challenger for other in Dispute.objects.filter(holder=holder, closed_at__isnull=True)]
    Dispute.objects.filter(holder=holder, closed_at__isnull=True).update(closed_at=Now(), outcome="The holder changed.")
    revoke_locked(holder, record, because)
    put_in_force(challenger, record, max(2, level_for(decisive_kinds(challenger))), Kind.APPROVED, because)
    for other in rest:
        open_dispute(challenger, other, record)

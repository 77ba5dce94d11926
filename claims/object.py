"""An objection within the window, and what curators make of it."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims.decide import require_uninvolved, revoke_locked
from claims.errors import ClaimRefused
from claims.locks import lock_claim
from claims.machine import State
from claims.models import Claim, Report
from claims.record_state import apply_level
from claims.reports.decide import answer_report
from claims.steps import Because, Kind, Role, by_curator, take_step
from claims.tell import tell_claimant


@transaction.atomic
def object_to_claim(claim: Claim, reason: str, objector: User | None = None) -> bool:
    """Suspend a claim whose window is open; return False when the window has passed and curators must look instead."""
    own, record = lock_claim(claim.pk)
    if own.state == State.OBJECTED:
        return True
    if own.state != State.APPROVED or own.objection_until is None or own.objection_until <= timezone.now():
        return False
    if objector is not None and objector.pk == own.claimant_id:
        raise ClaimRefused("To give a claim up, withdraw it.")
    event = take_step(own, Kind.OBJECTED, State.OBJECTED, Because(Role.OTHER, reason.strip(), objector))
    apply_level(record, own)
    tell_claimant(event)
    return True


@transaction.atomic
def decide_objection(curator: User, claim: Claim, reason: str, *, upheld: bool) -> None:
    """End an objection and tell both sides: the claim goes on, or is revoked and the record is as it was."""
    because = by_curator(curator, reason)
    own, record = lock_claim(claim.pk)
    require_uninvolved(curator, own)
    if own.state != State.OBJECTED:
        raise ClaimRefused("Nobody objects to this claim now.")
    for report in Report.objects.select_for_update().filter(claim=own, state=Report.State.OPEN):
        answer_report(report, curator, because.reason, record.display_name, granted=upheld)
    if upheld:
        revoke_locked(own, record, because)
        return
    event = take_step(own, Kind.OBJECTION_DISMISSED, State.APPROVED, because)
    apply_level(record, own)
    tell_claimant(event)

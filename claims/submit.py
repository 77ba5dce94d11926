"""A member asks for a record, adds to the request, or gives it up."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from claims.decide import consider
from claims.dispute import close_for_withdrawn, open_dispute
from claims.errors import ClaimRefused
from claims.locks import lock_claim, lock_record
from claims.machine import IN_FORCE, OPEN, State
from claims.models import Claim, ClaimEvent, Evidence
from claims.own.release import release_record
from claims.record_state import apply_level
from claims.steps import Because, Kind, Role, note, take_step
from claims.tell import tell_claimant
from profiles.models import Researcher

MARKS = {"mine", "not_mine", "unsure"}


@transaction.atomic
def submit_claim(user: User, researcher: Researcher, marks: Mapping[int, str], statement: str = "") -> Claim:
    """Make a claim, or return the open one that this member has on the record; a claim in force makes it a dispute.

    `marks` holds mine, not_mine or unsure by work id. Raise `ClaimRefused` for a record that nobody can claim.
    """
    record = lock_record(researcher.pk)
    if record.state not in Researcher.LISTED_STATES:
        raise ClaimRefused("This record cannot be claimed.")
    if known := Claim.objects.filter(researcher=record, claimant=user, state__in=OPEN).first():
        return known
    kept = {str(work_id): mark for work_id, mark in marks.items() if mark in MARKS}
    claim = Claim.objects.create(researcher=record, claimant=user, marks=kept)
    because = Because(Role.CLAIMANT, "The claim was submitted.", user)
    tell_claimant(note(claim, Kind.SUBMITTED, because, before=""))
    if statement.strip():
        Evidence.objects.create(
            claim=claim, kind=Evidence.Kind.STATEMENT, status=Evidence.Status.VERIFIED, note=statement.strip()
        )
    holder = Claim.objects.filter(researcher=record, state__in=IN_FORCE).first()
    if holder is not None:
        open_dispute(holder, claim, record)
    return claim


@transaction.atomic
def withdraw_claim(user: User, claim: Claim) -> None:
    """Give a claim up; a record that it held is unclaimed again and keeps its names. Twice is once."""
    own, record = lock_claim(claim.pk)
    require_claimant(user, own)
    if own.state == State.WITHDRAWN:
        return
    held = own.holds
    event = take_step(own, Kind.WITHDRAWN, State.WITHDRAWN, Because(Role.CLAIMANT, "The claimant withdrew it.", user))
    if held:
        release_record(record, own, revoked=False)
    close_for_withdrawn(own, record)
    tell_claimant(event)
    if held:
        consider_waiting(record)


def consider_waiting(record: Researcher) -> None:
    """Look again at the claims that waited because somebody else held the record."""
    waiting = Claim.objects.filter(researcher=record, state__in=[State.SUBMITTED, State.NEEDS_EVIDENCE])
    for claim in waiting.order_by("pk"):
        consider(claim, record)


@transaction.atomic
def appeal(user: User, claim: Claim, reason: str) -> None:
    """Ask for a rejected or revoked claim to be looked at again, by another curator; once."""
    own, record = lock_claim(claim.pk)
    require_claimant(user, own)
    if not reason.strip():
        raise ClaimRefused("An appeal says why.")
    if own.events.filter(kind=ClaimEvent.Kind.APPEALED).exists():
        raise ClaimRefused("This claim was appealed before.")
    if Claim.objects.filter(researcher=record, claimant=user, state__in=OPEN).exists():
        raise ClaimRefused("You have another claim on this record; it is being looked at.")
    event = take_step(own, Kind.APPEALED, State.SUBMITTED, Because(Role.CLAIMANT, reason.strip(), user), level=0)
    holder = Claim.objects.filter(researcher=record, state__in=IN_FORCE).first()
    if holder is not None:
        open_dispute(holder, own, record)
        apply_level(record, holder)
    tell_claimant(event)


def require_claimant(user: User, claim: Claim) -> None:
    """Raise `ClaimRefused` unless the claim is this member's."""
    if not user.is_active or claim.claimant_id != user.pk:
        raise ClaimRefused("This is not your claim.")

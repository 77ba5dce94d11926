"""Who decides on a claim: the rules where they can, curators for the rest. Every decision says why."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims.dispute import close_for_decided, open_dispute
from claims.errors import ClaimRefused
from claims.locks import lock_claim
from claims.machine import IN_FORCE, WAITING, State
from claims.models import Claim, ClaimEvent, Evidence
from claims.own.release import release_record
from claims.own.works import apply_marks
from claims.record_state import apply_level, give_owner, snapshot
from claims.rules import OBJECTION_WINDOW, RENEWAL, independent_classes, level_for
from claims.steps import Because, Kind, by_curator, by_rule, note, take_step
from claims.tell import tell_claimant
from profiles.models import Researcher


def consider(claim: Claim, record: Researcher, evidence: Evidence | None = None) -> None:
    """Let the rules decide on a locked claim, as far as they may; leave the rest to curators."""
    level = level_for(decisive_kinds(claim))
    if claim.state == State.APPROVED and level > claim.level:
        raise_level(claim, record, level, by_rule(f"What was shown is worth level {level}.", evidence))
    if claim.state not in WAITING or level < 2 or not rules_may_decide(claim, record):
        return
    reason = "The proof holds: " + ", ".join(sorted(label for label in decisive_labels(claim))) + "."
    put_in_force(claim, record, level, Kind.AUTO_APPROVED, by_rule(reason, evidence))


def decisive_kinds(claim: Claim) -> set[str]:
    """Return the kinds of proof that hold and that rules may decide on."""
    return set(claim.evidence.filter(decisive=True).values_list("kind", flat=True))


def decisive_labels(claim: Claim) -> set[str]:
    """Name those proofs in words."""
    return {str(Evidence.Kind(kind).label) for kind in decisive_kinds(claim)}


def rules_may_decide(claim: Claim, record: Researcher) -> bool:
    """Whether no person has to look: nobody holds the record, and this member was never refused or owns another."""
    if record.state not in Researcher.LISTED_STATES:
        return False
    if Claim.objects.filter(researcher=record, state__in=IN_FORCE).exists():
        return False
    refused = ClaimEvent.objects.filter(
        claim__researcher=record, claim__claimant=claim.claimant_id, to_state__in=[State.REJECTED, State.REVOKED]
    )
    owns_another = Researcher.objects.filter(owner=claim.claimant_id).exclude(pk=record.pk)
    return claim.claimant_id is not None and not refused.exists() and not owns_another.exists()


def put_in_force(claim: Claim, record: Researcher, level: int, kind: Kind, because: Because) -> None:
    """Give a locked record to the claimant; others who claim it as well make it a dispute at once."""
    if claim.claimant is None:
        raise ClaimRefused("The account of this claim is gone.")
    if record.state not in Researcher.LISTED_STATES:
        raise ClaimRefused(f"The record is {record.state}: until that is undone nobody can hold it.")
    event = take_step(
        claim,
        kind,
        State.APPROVED,
        because,
        level=level,
        objection_until=timezone.now() + OBJECTION_WINDOW,
        record_before=snapshot(record),
    )
    give_owner(record, claim)
    apply_marks(record, claim)
    apply_level(record, claim)
    tell_claimant(event)
    rivals = Claim.objects.filter(researcher=record, state__in=WAITING).exclude(pk=claim.pk)
    for rival in rivals.order_by("pk"):
        open_dispute(claim, rival, record)


def raise_level(claim: Claim, record: Researcher, level: int, because: Because) -> None:
    """Note a higher level of a locked claim in force."""
    claim.level = level
    claim.save(update_fields=["level"])
    event = note(claim, Kind.LEVEL_RAISED, because)
    apply_level(record, claim)
    tell_claimant(event)


@transaction.atomic
def approve_claim(curator: User, claim: Claim, reason: str, *, level: int = 3) -> None:
    """Approve what the rules could not decide; a curator's check is worth level 3 unless they say 2."""
    because = by_curator(curator, reason)
    own, record = lock_claim(claim.pk)
    require_uninvolved(curator, own)
    if own.state == State.APPROVED:
        return
    if Claim.objects.filter(researcher=record, state__in=IN_FORCE).exists():
        raise ClaimRefused("Somebody holds this record: the dispute decides, with two curators.")
    if level not in {2, 3}:
        raise ClaimRefused("A curator alone grants level 2 or 3.")
    put_in_force(own, record, max(level, level_for(decisive_kinds(own))), Kind.APPROVED, because)


@transaction.atomic
def reject_claim(curator: User, claim: Claim, reason: str) -> None:
    """Turn a claim down; its claimant may appeal."""
    because = by_curator(curator, reason)
    own, record = lock_claim(claim.pk)
    require_uninvolved(curator, own)
    if own.state == State.REJECTED:
        return
    tell_claimant(take_step(own, Kind.REJECTED, State.REJECTED, because))
    close_for_decided(own, record)


@transaction.atomic
def ask_for_evidence(curator: User, claim: Claim, reason: str) -> None:
    """Ask the claimant for more; what is asked for stands in the reason."""
    because = by_curator(curator, reason)
    own, _record = lock_claim(claim.pk)
    require_uninvolved(curator, own)
    tell_claimant(take_step(own, Kind.EVIDENCE_ASKED, State.NEEDS_EVIDENCE, because))


@transaction.atomic
def revoke_claim(curator: User, claim: Claim, reason: str) -> None:
    """End a claim in force; the record is exactly as it was before it. Twice is once."""
    because = by_curator(curator, reason)
    own, record = lock_claim(claim.pk)
    require_uninvolved(curator, own)
    if own.state == State.REVOKED:
        return
    revoke_locked(own, record, because)
    close_for_decided(own, record)


def revoke_locked(claim: Claim, record: Researcher, because: Because) -> None:
    """End a locked claim in force and put its record back."""
    event = take_step(claim, Kind.REVOKED, State.REVOKED, because)
    release_record(record, claim, revoked=True)
    tell_claimant(event)


@transaction.atomic
def grant_level_4(curator: User, claim: Claim, reason: str) -> None:
    """Vote for level 4; it is granted by a second curator, on level 3 and two independent classes of proof."""
    because = by_curator(curator, reason)
    own, record = lock_claim(claim.pk)
    require_uninvolved(curator, own)
    if own.state != State.APPROVED or own.level < 3:
        raise ClaimRefused("Level 4 builds on level 3 of a claim that nobody contests.")
    if own.level == 4:
        return
    if len(independent_classes(decisive_kinds(own))) < 2:
        raise ClaimRefused("Level 4 needs two independent classes of proof.")
    if own.first_curator_id in {None, curator.pk}:
        own.first_curator = curator
        own.save(update_fields=["first_curator"])
        return
    own.renew_by = timezone.now() + RENEWAL
    own.save(update_fields=["renew_by"])
    raise_level(own, record, 4, because)


def require_uninvolved(curator: User, claim: Claim) -> None:
    """Raise `ClaimRefused` for a curator's own claim, and for an appeal against this very curator's decision."""
    if claim.claimant_id == curator.pk:
        raise ClaimRefused("Nobody decides on their own claim.")
    if claim.state not in WAITING or not claim.events.filter(kind=Kind.APPEALED).exists():
        return
    if claim.events.filter(kind__in=[Kind.REJECTED, Kind.REVOKED], actor=curator).exists():
        raise ClaimRefused("An appeal is decided by another curator.")

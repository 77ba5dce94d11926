"""What time does to claims; beat calls it, and calling it twice changes nothing more."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.utils import timezone

from claims.dispute import close_for_withdrawn
from claims.locks import lock_claim
from claims.machine import WAITING, State
from claims.models import Claim, ClaimEvent
from claims.record_state import apply_level
from claims.rules import RENEW_FROM, RENEWAL, WAITING_FOR_EVIDENCE
from claims.steps import Kind, by_rule, note, take_step
from claims.tell import tell_claimant
from profiles.models import Researcher
from profiles.trust_facts import refresh_trust

# Whether it is noted that the present window passed; a claim that was appealed has had an earlier one.
NOTED = Exists(
    ClaimEvent.objects.filter(
        claim=OuterRef("pk"), kind=Kind.WINDOW_PASSED, happened_at__gte=OuterRef("objection_until")
    )
)
# Whether the owner was reminded within the year that ends at `renew_by`.
REMINDED = Exists(
    ClaimEvent.objects.filter(
        claim=OuterRef("pk"), kind=Kind.RENEWAL_DUE, happened_at__gte=OuterRef("renew_by") - Value(RENEW_FROM)
    )
)


def let_time_pass() -> None:
    """Close windows, remind of level 4 or lapse it, expire what nobody pursues, let old confirmations count no more."""
    now = timezone.now()
    for claim in Claim.objects.filter(~NOTED, state=State.APPROVED, objection_until__lte=now):
        pass_window(claim.pk)
    for claim in list_due(now):
        remind_of_renewal(claim.pk)
    for claim in Claim.objects.filter(state=State.APPROVED, level=4, renew_by__lte=now):
        lapse_level_4(claim.pk)
    for claim in Claim.objects.filter(state=State.NEEDS_EVIDENCE, changed_at__lte=now - WAITING_FOR_EVIDENCE):
        expire_claim(claim.pk)
    expire_proofless()
    lapsed = Researcher.objects.filter(confirmed_at__lte=now - RENEWAL, trust__facts__confirmed_within_a_year=True)
    refresh_trust(list(lapsed.values_list("pk", flat=True)))


def expire_proofless() -> None:
    """Expire claims for which nothing was ever shown, so that no curator has anything to decide on."""
    before = timezone.now() - WAITING_FOR_EVIDENCE
    waiting = Claim.objects.filter(state=State.SUBMITTED, changed_at__lte=before)
    for claim in waiting.exclude(evidence__status="verified").exclude(events__kind=ClaimEvent.Kind.APPEALED):
        expire_claim(claim.pk)


@transaction.atomic
def pass_window(claim_id: int) -> None:
    """Let level 2 take effect: nobody objected in time."""
    claim, record = lock_claim(claim_id)
    if not Claim.objects.filter(
        ~NOTED, pk=claim_id, state=State.APPROVED, objection_until__lte=timezone.now()
    ).exists():
        return
    event = note(claim, Kind.WINDOW_PASSED, by_rule("Nobody objected for seven days."))
    apply_level(record, claim)
    tell_claimant(event)


def list_due(now: datetime) -> QuerySet[Claim]:
    """The claims at level 4 that lapse soon and whose owners were not told yet."""
    soon = Claim.objects.filter(renew_by__gt=now, renew_by__lte=now + RENEW_FROM)
    return soon.filter(~REMINDED, state=State.APPROVED, level=4)


@transaction.atomic
def remind_of_renewal(claim_id: int) -> None:
    """Tell the owner, once a year, that level 4 lapses unless they confirm the record."""
    claim, _record = lock_claim(claim_id)
    if claim.renew_by is None or not list_due(timezone.now()).filter(pk=claim_id).exists():
        return
    until = claim.renew_by.strftime("%-d %B %Y")
    reason = (
        f"Level 4 lapses on {until}, unless you confirm before then, on your page, that all of the record is right."
    )
    tell_claimant(note(claim, Kind.RENEWAL_DUE, by_rule(reason)))


@transaction.atomic
def lapse_level_4(claim_id: int) -> None:
    """Take level 4 back to 3: it was not renewed within the year."""
    claim, record = lock_claim(claim_id)
    if claim.state != State.APPROVED or claim.level != 4 or not claim.renew_by or claim.renew_by > timezone.now():
        return
    claim.level, claim.renew_by, claim.first_curator = 3, None, None
    claim.save(update_fields=["level", "renew_by", "first_curator"])
    event = note(claim, Kind.LEVEL_LAPSED, by_rule("Level 4 was not renewed within a year."))
    apply_level(record, claim)
    tell_claimant(event)


@transaction.atomic
def expire_claim(claim_id: int) -> None:
    """End a claim that nobody pursues."""
    claim, record = lock_claim(claim_id)
    if claim.state not in WAITING:
        return
    tell_claimant(take_step(claim, Kind.EXPIRED, State.EXPIRED, by_rule("Nothing was shown for thirty days.")))
    close_for_withdrawn(claim, record)

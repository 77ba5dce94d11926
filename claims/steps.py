"""A claim goes from state to state only here: the row and its event are written together."""

from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Now

from accounts.models import User
from claims.errors import ClaimRefused
from claims.machine import IllegalTransition, State, check_transition
from claims.models import Claim, ClaimEvent, Evidence

Kind = ClaimEvent.Kind
Role = ClaimEvent.Actor


@dataclass(frozen=True, slots=True)
class Because:
    """Who brings a step about, and why; the reason is shown to the claimant."""

    role: Role
    reason: str
    actor: User | None = None
    evidence: Evidence | None = None


def by_rule(reason: str, evidence: Evidence | None = None) -> Because:
    """Say that a rule decided."""
    return Because(Role.RULE, reason, None, evidence)


def by_curator(curator: User, reason: str) -> Because:
    """Say that a curator decided; raise `ClaimRefused` for anybody else, or without a reason."""
    if not (curator.is_active and curator.is_staff):
        raise ClaimRefused("Only a curator may decide this.")
    if not reason.strip():
        raise ClaimRefused("Every decision says why.")
    return Because(Role.CURATOR, reason.strip(), curator)


def take_step(claim: Claim, kind: Kind, to_state: State, because: Because, **columns: Any) -> ClaimEvent:
    """Move a locked claim to a state and note the event; raise `ClaimRefused` for a step that no claim may take."""
    before = State(claim.state)
    try:
        check_transition(before, to_state)
    except IllegalTransition as error:
        raise ClaimRefused(str(error)) from error
    claim.state = to_state
    for name, value in columns.items():
        setattr(claim, name, value)
    claim.changed_at = Now()
    event = note(claim, kind, because, before=before)
    claim.save(update_fields=["state", "changed_at", *columns])
    claim.refresh_from_db(fields=["changed_at"])
    return event


def note(claim: Claim, kind: Kind, because: Because, *, before: str | None = None) -> ClaimEvent:
    """Write an event; without `before` the state has not changed."""
    return ClaimEvent.objects.create(
        claim=claim,
        kind=kind,
        from_state=claim.state if before is None else before,
        to_state=claim.state,
        level=claim.level,
        actor_role=because.role,
        actor=because.actor,
        evidence=because.evidence,
        reason=because.reason,
    )

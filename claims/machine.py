"""The states of a claim and the steps between them. Pure; the database holds the same steps in `claims_transition`."""

from enum import StrEnum


class State(StrEnum):
    """Where a claim stands."""

    SUBMITTED = "submitted"
    NEEDS_EVIDENCE = "needs_evidence"
    APPROVED = "approved"
    REJECTED = "rejected"
    OBJECTED = "objected"
    FROZEN = "frozen"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


LABELS = {
    State.SUBMITTED: "Waiting for a decision",
    State.NEEDS_EVIDENCE: "Waiting for more evidence",
    State.APPROVED: "Approved",
    State.REJECTED: "Rejected",
    State.OBJECTED: "Objected to",
    State.FROZEN: "Frozen: somebody else claims the same record",
    State.REVOKED: "Revoked",
    State.WITHDRAWN: "Withdrawn",
    State.EXPIRED: "Expired",
}

TRANSITIONS: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.NEEDS_EVIDENCE, State.APPROVED, State.REJECTED, State.WITHDRAWN, State.EXPIRED}),
    State.NEEDS_EVIDENCE: frozenset({State.SUBMITTED, State.APPROVED, State.REJECTED, State.WITHDRAWN, State.EXPIRED}),
    State.APPROVED: frozenset({State.OBJECTED, State.FROZEN, State.REVOKED, State.WITHDRAWN}),
    State.OBJECTED: frozenset({State.APPROVED, State.FROZEN, State.REVOKED, State.WITHDRAWN}),
    State.FROZEN: frozenset({State.APPROVED, State.REVOKED, State.WITHDRAWN}),
    # An appeal opens the claim again.
    State.REJECTED: frozenset({State.SUBMITTED}),
    State.REVOKED: frozenset({State.SUBMITTED}),
    State.WITHDRAWN: frozenset(),
    State.EXPIRED: frozenset(),
}

# The record has an owner; at most one such claim per record.
IN_FORCE = (State.APPROVED, State.OBJECTED, State.FROZEN)
WAITING = (State.SUBMITTED, State.NEEDS_EVIDENCE)
OPEN = (*WAITING, *IN_FORCE)


class IllegalTransition(ValueError):
    """A step that no claim may take; the message names both states."""


def check_transition(before: State, after: State) -> None:
    """Raise `IllegalTransition` unless a claim may go from one state to the other."""
    if after not in TRANSITIONS[before]:
        raise IllegalTransition(f"A claim that is {before} cannot become {after}.")

"""Add the decisions that make an operation last, and see which earlier ones it overrides."""

from collections.abc import Iterable, Sequence

from profiles.curation.mandate import Mandate
from profiles.identity.decisions import load_constraints
from profiles.identity.services import find_violating
from profiles.models import IdentityDecision, IdentityOperation, Researcher
from works.models import Authorship

Kind = IdentityDecision.Kind


def add_decisions(
    operation: IdentityOperation,
    moved: Iterable[Authorship],
    mandate: Mandate,
    verdicts: Sequence[tuple[Kind, Researcher]],
) -> None:
    """Decide of each authorship that an operation moved whom it belongs to and whom it is not by."""
    decide_on(moved, verdicts, mandate, operation)


def decide_on(
    rows: Iterable[Authorship],
    verdicts: Sequence[tuple[Kind, Researcher]],
    mandate: Mandate,
    operation: IdentityOperation | None = None,
) -> list[IdentityDecision]:
    """Write down what was decided of each authorship; the only place where that is done."""
    return IdentityDecision.objects.bulk_create(
        IdentityDecision(
            kind=kind,
            work_id=row.work_id,
            position=row.position,
            printed_name=row.printed_name,
            researcher=researcher,
            operation=operation,
            decided_by=mandate.user,
            reason=mandate.reason,
        )
        for row in rows
        for kind, researcher in verdicts
    )


def revoke_decisions(operation: IdentityOperation, undo: IdentityOperation, mandate: Mandate) -> None:
    """Take back what an operation decided."""
    take_back(operation.decisions.filter(revoked_by__isnull=True), mandate, undo)


def take_back(
    decisions: Iterable[IdentityDecision], mandate: Mandate, undo: IdentityOperation | None = None
) -> list[IdentityDecision]:
    """Take decisions back, each by one that revokes it."""
    return IdentityDecision.objects.bulk_create(
        IdentityDecision(
            kind=Kind.REVOKED, revokes=decision, operation=undo, decided_by=mandate.user, reason=mandate.reason
        )
        for decision in decisions
    )


def list_broken(work_ids: Iterable[int], researchers: Iterable[Researcher]) -> set[int]:
    """Return the decisions on these works and records that newer ones override, or that the rows do not keep."""
    constraints, rows = load_constraints(work_ids, [researcher.pk for researcher in researchers])
    broken = {link.decision_id for link in constraints.overridden}
    violating = find_violating(constraints, rows)
    for link in constraints.in_force:
        if any(node.kind == "mention" and node.key in violating for node in (link.one, link.other)):
            broken.add(link.decision_id)
    return broken

"""Mine, not mine, missing: what owners say about works, carried out by the same services as what curators decide."""

from collections.abc import Sequence
from typing import Any

from claims.errors import ClaimRefused
from claims.models import Claim, RecordChange
from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.mark import ATTRIBUTION_OF, mark_authorships, unmark
from profiles.curation.move import move_authorships
from profiles.curation.undo import undo_operation
from profiles.models import IdentityDecision, IdentityOperation, Researcher
from works.models import Authorship

Kind = IdentityDecision.Kind

KIND_OF_MARK = {"mine": Kind.BELONGS_TO, "not_mine": Kind.NOT_BY}
OWNER_SAYS = "Its owner says so."


def apply_marks(record: Researcher, claim: Claim) -> None:
    """Carry out what the claimant said about the works when submitting; what was unsure stays as it was."""
    for mark in KIND_OF_MARK:
        wanted = [int(work_id) for work_id, said in claim.marks.items() if said == mark]
        held = Authorship.objects.filter(researcher=record, work__in=wanted)
        mark_works(record, claim, list(held.order_by("pk")), mark)


def mark_works(record: Researcher, claim: Claim, rows: Sequence[Authorship], mark: str) -> list[RecordChange]:
    """Say that works are or are not this record's, but for those of which that is said. The record is locked."""
    kind = KIND_OF_MARK[mark]
    after = ATTRIBUTION_OF[kind]
    told = [row for row in rows if row.attribution != after]
    if not told:
        return []
    decisions = mark_authorships(told, record, kind, Mandate(claim.claimant, OWNER_SAYS))
    return RecordChange.objects.bulk_create(
        note_work(record, claim, row, after, decision=decision) for row, decision in zip(told, decisions, strict=True)
    )


def take_place(record: Researcher, claim: Claim, place: Authorship) -> RecordChange:
    """Give the record a place of a byline that another holds; raise `ClaimRefused` where a curator could not either."""
    try:
        operation = move_authorships(
            [place.pk], source=holder_of(place), target=record, mandate=Mandate(claim.claimant, OWNER_SAYS)
        )
    except OperationRefused as refused:
        raise ClaimRefused(str(refused)) from refused
    change = note_work(record, claim, place, Authorship.Attribution.CONFIRMED, operation=operation)
    change.save()
    return change


def holder_of(place: Authorship) -> Researcher:
    """Return who holds a place; raise `ClaimRefused` while nobody does."""
    if place.researcher is None:
        raise ClaimRefused("That work was added a moment ago and is not looked at yet: try again in some minutes.")
    return place.researcher


def note_work(
    record: Researcher,
    claim: Claim,
    row: Authorship,
    after: str,
    *,
    decision: IdentityDecision | None = None,
    operation: IdentityOperation | None = None,
) -> RecordChange:
    """Write down, unsaved, what an owner said about a work and how sure its attribution was before."""
    where: dict[str, Any] = {"work": row.work_id, "position": row.position}
    return RecordChange(
        researcher=record,
        claim=claim,
        actor=claim.claimant,
        field="work",
        before={**where, "attribution": row.attribution},
        after={**where, "attribution": after},
        decision=decision,
        operation=operation,
    )


def undo_mark(change: RecordChange, mandate: Mandate) -> RecordChange:
    """Take back what was decided about works or records; raise `ClaimRefused` where later operations build on it."""
    try:
        if change.operation is not None:
            undo_operation(change.operation, mandate)
        elif change.decision is not None and change.before is not None:
            unmark(change.decision, change.before["attribution"], mandate)
    except OperationRefused as refused:
        raise ClaimRefused(str(refused)) from refused
    return RecordChange.objects.create(
        researcher=change.researcher,
        claim=change.claim,
        actor=mandate.user,
        field=change.field,
        before=change.after,
        after=change.before,
        undoes=change,
    )

"""Undo an operation exactly, in one step, unless later ones build on it."""

from datetime import UTC
from uuid import UUID

from django.db import transaction

from profiles.curation.changes import (
    Changes,
    carry_follows,
    plan_follows,
    return_authorships,
    return_follows,
    unhide_names,
    unrename,
)
from profiles.curation.decide import Kind, add_decisions, revoke_decisions
from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.notices import reopen_notices
from profiles.curation.records import name
from profiles.curation.settle import settle_after
from profiles.models import IdentityOperation, Researcher
from works.arxiv.load import lock_bylines
from works.models import Authorship

KINDS = IdentityOperation.Kind


@transaction.atomic
def undo_operation(operation: IdentityOperation, mandate: Mandate) -> IdentityOperation:
    """Put everything back as it was before; a second time is nothing more. Raise `OperationRefused`.

    What people did by themselves since (unfollowed, disputed a work) and what imports added since stays.
    """
    lock_bylines()
    if operation.kind == KINDS.UNDO:
        raise OperationRefused("An undo is not undone: do the operation again.")
    if done := IdentityOperation.objects.filter(undoes=operation).first():
        return done
    changes = Changes.from_json(operation.changes)
    wanted = {operation.source_id, operation.target_id}
    records = {row.pk: row for row in Researcher.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    source, target = records[operation.source_id], records[operation.target_id]
    refuse_dependent(operation, changes)
    refuse_claimed_since(operation, target)
    rows = lock_moved(changes, target)
    undo = record_undo(operation, source, target, mandate)
    put_back(operation, changes, source, target)
    revoke_decisions(operation, undo, mandate)
    if operation.kind == KINDS.AUTOMATIC_MERGE:  # else the next re-run would do it again
        add_decisions(undo, rows, mandate, [(Kind.NOT_BY, target)])
    reopen_notices(operation)
    settle_after(undo, [source.pk, target.pk], rows)
    return undo


def lock_moved(changes: Changes, target: Researcher) -> list[Authorship]:
    """Lock what was moved and is still there; refuse when some of it was given to somebody else since."""
    ids = [each.authorship_id for each in changes.authorships]
    rows = list(
        Authorship.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("work").order_by("pk")
    )
    if stray := next((row for row in rows if row.researcher_id not in {target.pk, None}), None):
        raise OperationRefused(f"{stray.work.arxiv_id} was attributed to somebody else since: move it by hand.")
    return rows


def refuse_dependent(operation: IdentityOperation, changes: Changes) -> None:
    """Refuse while a later operation stands that moved the same works, or took one of the records away."""
    moved = {each.authorship_id for each in changes.authorships}
    for later in IdentityOperation.objects.filter(pk__gt=operation.pk, undone_by__isnull=True).exclude(kind=KINDS.UNDO):
        if depends(later, operation, moved):
            at = later.performed_at.astimezone(UTC)
            raise OperationRefused(
                f"Operation {later.pk} ({later.get_kind_display()}, {at:%-d %B %Y}) builds on this: undo that first."
            )


def depends(later: IdentityOperation, operation: IdentityOperation, moved: set[int]) -> bool:
    """Whether a later operation would no longer make sense."""
    if moved & {each["authorship_id"] for each in later.changes["authorships"]}:
        return True
    ours = {operation.source_id, operation.target_id}
    if later.kind in {KINDS.MERGE, KINDS.AUTOMATIC_MERGE} and later.source_id in ours:
        return True
    return operation.made_target and operation.target_id in {later.source_id, later.target_id}


def refuse_claimed_since(operation: IdentityOperation, target: Researcher) -> None:
    """A record that has an owner now cannot be made undone."""
    if operation.made_target and target.state == Researcher.State.CLAIMED:
        raise OperationRefused(f"{name(target)} was claimed since: its works are its owner's to correct.")


def record_undo(
    operation: IdentityOperation, source: Researcher, target: Researcher, mandate: Mandate
) -> IdentityOperation:
    """Write down that it was undone; follows of a record that this makes redundant go along."""
    return IdentityOperation.objects.create(
        kind=KINDS.UNDO,
        token=undo_token(mandate, operation),
        source=source,
        target=target,
        undoes=operation,
        changes=Changes().as_json(),
        performed_by=mandate.user,
        reason=mandate.reason,
    )


def undo_token(mandate: Mandate, operation: IdentityOperation) -> UUID:
    """The form's token, or another if an operation was made with that very one."""
    return mandate.token if mandate.token != operation.token else UUID(int=mandate.token.int ^ 1)


def put_back(operation: IdentityOperation, changes: Changes, source: Researcher, target: Researcher) -> None:
    """Reverse the changes themselves."""
    if changes.state_before:
        source.state, source.merged_into = state_after(changes.state_before, source), None
        source.save(update_fields=["state", "merged_into"])
    return_authorships(source, changes.authorships)
    return_follows(source, target, changes.follows)
    unhide_names(target, changes.hidden)
    unrename(changes.names)
    if operation.made_target and not target.authorships.exists():
        retire(target, source)


def state_after(before: str, source: Researcher) -> str:
    """The state that a record comes back with; whose owner left it while it was merged is unclaimed."""
    given_up = before == Researcher.State.CLAIMED and source.owner_id is None
    return Researcher.State.UNCLAIMED if given_up else before


def retire(record: Researcher, into: Researcher) -> None:
    """Let the address of a record that was made for nothing redirect; it was public, so it is never reused."""
    carry_follows(into, plan_follows(record, into))
    record.state, record.merged_into = Researcher.State.MERGED, into
    record.save(update_fields=["state", "merged_into"])

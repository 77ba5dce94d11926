"""Merge one record into another: its works and followers go over, its address redirects for ever."""

from collections.abc import Sequence

from django.db import transaction

from profiles.curation.changes import (
    Changes,
    MovedAuthorship,
    attribute_to,
    carry_follows,
    hide_names,
    plan_follows,
    plan_hidden,
    plan_names,
    rename,
    without_hidden,
)
from profiles.curation.decide import Kind, add_decisions, list_broken
from profiles.curation.mandate import Mandate, OperationRefused, find_done
from profiles.curation.records import lock_researchers, name, refuse_shared_byline
from profiles.curation.settle import settle_after
from profiles.models import IdentityDecision, IdentityOperation, Researcher
from works.arxiv.load import lock_bylines
from works.models import Authorship


@transaction.atomic
def merge_researchers(
    source: Researcher,
    target: Researcher,
    mandate: Mandate,
    kind: IdentityOperation.Kind = IdentityOperation.Kind.MERGE,
) -> IdentityOperation:
    """Let the source go up in the target; raise `OperationRefused` where a claim, a byline or a decision forbids it."""
    lock_bylines()
    if done := find_done(mandate):
        return done
    if source.pk == target.pk:
        raise OperationRefused("A record cannot be merged into itself.")
    records = lock_researchers(source, target)
    source, target = records[source.pk], records[target.pk]
    refuse_claimed(source, target)
    held = Authorship.objects.select_for_update(of=("self",)).filter(researcher=source)
    rows = list(held.select_related("work").order_by("pk"))
    refuse_shared_byline(rows, target)
    work_ids = set(Authorship.objects.filter(researcher__in=[source, target]).values_list("work", flat=True))
    broken_before = list_broken(work_ids, [source, target])
    operation = record_merge(rows, source, target, mandate, kind)
    refuse_broken(list_broken(work_ids, [source, target]) - broken_before)
    settle_after(operation, [source.pk, target.pk], rows)
    return operation


def refuse_claimed(source: Researcher, target: Researcher) -> None:
    """A claimed id never moves, unless to another record of its owner's."""
    if source.state != Researcher.State.CLAIMED:
        return
    if target.state != Researcher.State.CLAIMED:
        raise OperationRefused(f"{name(source)} is claimed and keeps its address: merge the other record into it.")
    if source.owner_id is None or source.owner_id != target.owner_id:
        raise OperationRefused("Both records are claimed: one of the claims has to be revoked first.")


def refuse_broken(decision_ids: set[int]) -> None:
    """Refuse what contradicts something that people decided before."""
    if not decision_ids:
        return
    decision = IdentityDecision.objects.select_related("work").get(pk=min(decision_ids))
    raise OperationRefused(
        f"It was decided that {decision.printed_name} of {decision.work and decision.work.arxiv_id} is of another "
        f"person (“{decision.reason}”): undo that first."
    )


def record_merge(
    rows: Sequence[Authorship],
    source: Researcher,
    target: Researcher,
    mandate: Mandate,
    kind: IdentityOperation.Kind,
) -> IdentityOperation:
    """Carry it out, with its decisions and what undoing it needs."""
    hidden = plan_hidden(source, target)
    changes = Changes(
        authorships=[MovedAuthorship(row.pk, row.attribution, row.attribution) for row in rows],
        follows=plan_follows(source, target),
        names=without_hidden(plan_names(source, target, rows, whole=True), target, hidden),
        state_before=source.state,
        hidden=hidden,
    )
    operation = IdentityOperation.objects.create(
        kind=kind,
        token=mandate.token,
        source=source,
        target=target,
        changes=changes.as_json(),
        performed_by=mandate.user,
        reason=mandate.reason,
    )
    attribute_to(target, changes.authorships)
    carry_follows(target, changes.follows)
    hide_names(target, changes.hidden)
    rename(changes.names)
    source.state, source.merged_into = Researcher.State.MERGED, target
    source.save(update_fields=["state", "merged_into"])
    if kind == IdentityOperation.Kind.MERGE:  # what a re-run merged, another may part: nobody decided it
        add_decisions(operation, rows, mandate, [(Kind.BELONGS_TO, target)])
    return operation

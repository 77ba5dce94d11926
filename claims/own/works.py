"""Mine or not mine: lasting decisions about identity, made by the owner through one function."""

from typing import Any

from accounts.models import User
from claims.models import Claim, RecordChange
from profiles.models import IdentityDecision, Researcher
from profiles.trust_facts import refresh_trust
from works.models import Authorship

Attribution = Authorship.Attribution
Kind = IdentityDecision.Kind

KIND_OF_MARK = {"mine": Kind.BELONGS_TO, "not_mine": Kind.NOT_BY}
ATTRIBUTION_OF_MARK = {"mine": Attribution.CONFIRMED, "not_mine": Attribution.DISPUTED}


def apply_marks(record: Researcher, claim: Claim) -> None:
    """Carry out what the claimant said about the works when submitting; what was unsure stays as it was."""
    wanted = {int(work_id): mark for work_id, mark in claim.marks.items() if mark in KIND_OF_MARK}
    held = Authorship.objects.filter(researcher=record, work__in=wanted)
    for authorship in held.order_by("pk"):
        mark_work(record, claim, authorship, wanted[authorship.work_id])


def mark_work(record: Researcher, claim: Claim, authorship: Authorship, mark: str) -> RecordChange | None:
    """Say that a work is or is not this record's; None when that is said already. The record is locked."""
    after = ATTRIBUTION_OF_MARK[mark]
    if authorship.attribution == after:
        return None
    decision = decide(record, authorship, mark, claim.claimant)
    change = RecordChange.objects.create(
        researcher=record,
        claim=claim,
        actor=claim.claimant,
        field="work",
        before={"work": authorship.work_id, "position": authorship.position, "attribution": authorship.attribution},
        after={"work": authorship.work_id, "position": authorship.position, "attribution": after},
        decision=decision,
    )
    set_attribution(authorship, after)
    return change


def decide(record: Researcher, authorship: Authorship, mark: str, actor: User | None) -> IdentityDecision:
    """Write the lasting decision, which later imports and re-runs respect."""
    return IdentityDecision.objects.create(
        kind=KIND_OF_MARK[mark],
        work=authorship.work,
        position=authorship.position,
        printed_name=authorship.printed_name,
        researcher=record,
        decided_by=actor,
        reason="Its owner says so.",
    )


def set_attribution(authorship: Authorship, attribution: str) -> None:
    """Store how sure an attribution is, and let the figures of everybody on the work follow."""
    Authorship.objects.filter(pk=authorship.pk).update(attribution=attribution)
    authorship.attribution = attribution
    on_the_work = Authorship.objects.filter(work=authorship.work_id, researcher__isnull=False)
    refresh_trust(on_the_work.values_list("researcher", flat=True))


def undo_mark(change: RecordChange, actor: User | None, reason: str) -> RecordChange:
    """Take a decision about a work back and give the attribution that it had before."""
    undone = RecordChange.objects.create(
        researcher=change.researcher,
        claim=change.claim,
        actor=actor,
        field=change.field,
        before=change.after,
        after=change.before,
        undoes=change,
    )
    IdentityDecision.objects.create(kind=Kind.REVOKED, revokes=change.decision, decided_by=actor, reason=reason)
    before = change.before or {}
    authorship = Authorship.objects.filter(
        researcher=change.researcher, work=before["work"], position=before["position"]
    ).first()
    if authorship is not None:
        put_back_place(authorship, before)
    return undone


def put_back_place(authorship: Authorship, before: dict[str, Any]) -> None:
    """Give a place of a byline the attribution, and the researcher, that it had."""
    if "researcher" in before:
        Authorship.objects.filter(pk=authorship.pk).update(researcher=before["researcher"])
        refresh_trust([authorship.researcher_id] if authorship.researcher_id else [])
    set_attribution(authorship, before["attribution"])

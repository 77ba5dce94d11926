"""An owner changes a record: checked, done, written down, in one transaction; and undone the same way."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims.errors import ClaimRefused, StaleForm
from claims.locks import lock_record
from claims.machine import IN_FORCE
from claims.models import Claim, RecordChange
from claims.own.fields import FIELDS
from claims.own.works import mark_works, undo_mark
from claims.rules import RENEW_FROM, RENEWAL
from profiles.curation.mandate import Mandate
from profiles.models import Researcher
from profiles.trust_facts import refresh_trust
from works.models import Authorship

# Values in the log of these could tell a former name; the log says only that something changed.
WITHOUT_VALUES = {"names"}


def lock_own(user: User, researcher_id: int) -> tuple[Researcher, Claim]:
    """Lock a record that this member owns and may edit now; raise `ClaimRefused` for anybody else's."""
    record = lock_record(researcher_id)
    claim = Claim.objects.filter(researcher=record, claimant=user, state__in=IN_FORCE).first()
    if claim is None or record.owner_id != user.pk or not user.is_active:
        raise ClaimRefused("This record is not yours.")
    if not claim.may_edit:
        raise ClaimRefused("The record cannot be edited while it is objected to or disputed.")
    return record, claim


def version_of(researcher: Researcher) -> int:
    """Return a number that grows with every change of a record; a form carries it, to be told when it is stale."""
    return RecordChange.objects.filter(researcher=researcher).values_list("pk", flat=True).first() or 0


@transaction.atomic
def change_record(
    user: User, researcher: Researcher, field: str, value: Any, *, version: int | None = None
) -> RecordChange | None:
    """Set a field of the member's own record; None when it was so already.

    With `version`, raise `StaleForm` when the same field was changed since the form was shown.
    """
    record, claim = lock_own(user, researcher.pk)
    if version is not None and record.record_changes.filter(field=field, pk__gt=version).exists():
        raise StaleForm("This was changed since you opened the page. Look at it again.")
    before = FIELDS[field].read(record)
    FIELDS[field].write(record, value)
    after = FIELDS[field].read(record)
    refresh_trust([record.pk])
    if before == after:
        return None
    change = RecordChange.objects.create(
        researcher=record,
        claim=claim,
        actor=user,
        field=field,
        before=before,
        after=after,
    )
    after_change(change, claim)
    return change


def after_change(change: RecordChange, claim: Claim) -> None:
    """Let what follows from a change follow: links are looked at, a confirmation renews level 4."""
    from claims.tasks import check_links  # noqa: PLC0415 - the task calls back into this room

    researcher_id = change.researcher_id
    if change.field == "links":
        transaction.on_commit(lambda: check_links.delay(researcher_id), robust=True)
    if change.field == "confirmed" and claim.renew_by and claim.renew_by - timezone.now() <= RENEW_FROM:
        claim.renew_by += RENEWAL
        claim.save(update_fields=["renew_by"])


def confirm_record(user: User, researcher: Researcher) -> RecordChange | None:
    """Note that the owner confirms all of the record today; None when they have done so today."""
    now = timezone.now()
    before = Researcher.objects.values_list("confirmed_at", flat=True).get(pk=researcher.pk)
    if before is not None and before.date() == now.date():
        return None
    return change_record(user, researcher, "confirmed", now.isoformat())


@transaction.atomic
def mark(user: User, researcher: Researcher, work_id: int, said: str) -> RecordChange | None:
    """Say that a work is or is not the owner's; None when that is said already."""
    record, claim = lock_own(user, researcher.pk)
    authorship = Authorship.objects.filter(researcher=record, work=work_id).order_by("position").first()
    if authorship is None or said not in {"mine", "not_mine"}:
        raise ClaimRefused("That work is not attributed to this record.")
    return next(iter(mark_works(record, claim, [authorship], said)), None)


@transaction.atomic
def undo_change(user: User, researcher: Researcher, change_id: int) -> RecordChange:
    """Take one of the owner's own changes back; raise `ClaimRefused` where later ones build on it. Twice is once."""
    record, claim = lock_own(user, researcher.pk)
    change = RecordChange.objects.filter(pk=change_id, researcher=record, claim=claim).first()
    if change is None or change.undoes_id is not None:
        raise ClaimRefused("There is nothing to undo.")
    if done := RecordChange.objects.filter(undoes=change).first():
        return done
    if change.is_about_identity:
        refuse_built_upon(change)
        return undo_mark(change, Mandate(user, "Its owner took it back."))
    if FIELDS[change.field].read(record) != change.after:
        raise ClaimRefused("It was changed again since: undo that first.")
    FIELDS[change.field].write(record, change.before)
    refresh_trust([record.pk])
    return RecordChange.objects.create(
        researcher=record,
        claim=claim,
        actor=user,
        field=change.field,
        before=change.after,
        after=FIELDS[change.field].read(record),
        undoes=change,
    )


def refuse_built_upon(change: RecordChange) -> None:
    """Refuse to take back what was said about a work while something later about the same work stands."""
    later = RecordChange.objects.filter(
        researcher=change.researcher_id, field=change.field, pk__gt=change.pk, undoes=None, undone_by=None
    )
    if change.field == "work" and change.before and later.filter(before__work=change.before["work"]).exists():
        raise ClaimRefused("You have said something else about this work since: undo that first.")

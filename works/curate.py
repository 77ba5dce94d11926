"""What a curator may do to a work: hide it, and put right what was imported."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from works.models import Work, WorkCorrection
from works.outbox import note_changed
from works.signals import works_loaded


@transaction.atomic
def set_hidden(work: Work, *, hidden: bool) -> None:
    """Hide a work from every page, or show it again; the figures of its authors follow."""
    work.hidden = hidden
    work.changed_at = timezone.now()
    work.save(update_fields=["hidden", "changed_at"])
    tell_after_commit(work.pk)


@transaction.atomic
def correct_work(work_id: int, *, field: str, value: str, reason: str, by: User) -> WorkCorrection:
    """Show a value in the place of the imported one; an earlier correction of the same field is over.

    Raise ValidationError when the value or the reason does not do.
    """
    work = Work.objects.select_for_update().get(pk=work_id)
    undo(work, field, by)
    correction = WorkCorrection(work=work, field=field, value=" ".join(value.split()), reason=reason, made_by=by)
    if field == WorkCorrection.Field.ABSTRACT:
        correction.value = value.strip()
    if "\0" in value + reason:
        raise ValidationError("NUL is no character.")
    correction.full_clean()
    correction.save()
    show_corrections(work)
    return correction


@transaction.atomic
def undo_correction(correction: WorkCorrection, *, by: User) -> None:
    """Show again what the import says; nothing happens when it is undone already."""
    work = Work.objects.select_for_update().get(pk=correction.work_id)
    undo(work, correction.field, by)
    show_corrections(work)


def undo(work: Work, field: str, by: User) -> None:
    """End the correction of a field that holds, if there is one."""
    holding = WorkCorrection.objects.filter(work=work, field=field, undone_at__isnull=True)
    holding.update(undone_at=timezone.now(), undone_by=by)


def show_corrections(work: Work) -> None:
    """Copy the corrections that hold to the work, which every page reads."""
    holding = WorkCorrection.objects.filter(work=work, undone_at__isnull=True).values_list("field", "value")
    Work.objects.filter(pk=work.pk).update(curated=shown_values(dict(holding)) or None, changed_at=timezone.now())
    tell_after_commit(work.pk)


def shown_values(corrections: Mapping[str, str]) -> dict[str, str | int]:
    """Return corrections as values of the work's fields: a year is a number."""
    return {field: int(value) if field == WorkCorrection.Field.YEAR else value for field, value in corrections.items()}


def tell_after_commit(work_id: int) -> None:
    """Have the profiles that show the work brought up to date."""
    note_changed([work_id])
    # Robust: a broker that is away must not make a done thing look failed; beat finds what was not enqueued.
    transaction.on_commit(lambda: works_loaded.send(sender=Work, work_ids=[work_id], researcher_ids=[]), robust=True)

"""Curators decide on reports; a granted removal is carried out at once."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from claims.errors import ClaimRefused
from claims.locks import lock_record
from claims.machine import State
from claims.mail import write_mail
from claims.models import Report
from claims.reports.suppress import suppress
from claims.steps import by_curator


@transaction.atomic
def decide_report(curator: User, report: Report, reason: str, *, granted: bool) -> None:
    """Grant or refuse a report and tell whoever sent it; raise `ClaimRefused` when it is decided already."""
    because = by_curator(curator, reason)
    record = lock_record(report.researcher_id)
    own = Report.objects.select_for_update(of=("self",)).select_related("claim").get(pk=report.pk)
    if own.state != Report.State.OPEN:
        raise ClaimRefused("This report is not open.")
    if own.claim is not None and own.claim.state == State.OBJECTED:
        raise ClaimRefused("Decide the objection on the claim itself: whoever objected is told with it.")
    name = record.display_name
    if granted and own.kind == Report.Kind.REMOVAL:
        suppress(record, own, curator)
    answer_report(own, curator, because.reason, name, granted=granted)


def answer_report(report: Report, curator: User, reason: str, name: str, *, granted: bool) -> None:
    """Note what was decided on a locked report and tell whoever sent it."""
    report.state = Report.State.GRANTED if granted else Report.State.REFUSED
    report.decided_at, report.decided_by, report.decision_reason = Now(), curator, reason
    report.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
    write_mail(
        report.email,
        "report_decided",
        what=report.get_kind_display(),
        name=name,
        granted=granted,
        reason=reason,
    )

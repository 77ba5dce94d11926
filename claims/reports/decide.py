"""Curators decide on reports; a granted removal is carried out at once."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from claims.errors import ClaimRefused
from claims.locks import lock_record
from claims.mail import write_mail
from claims.models import Report
from claims.reports.suppress import suppress
from claims.steps import by_curator


@transaction.atomic
def decide_report(curator: User, report: Report, reason: str, *, granted: bool) -> None:
    """Grant or refuse a report and tell whoever sent it; raise `ClaimRefused` when it is decided already."""
    because = by_curator(curator, reason)
    record = lock_record(report.researcher_id)
    own = Report.objects.select_for_update().get(pk=report.pk)
    if own.state != Report.State.OPEN:
        raise ClaimRefused("This report is not open.")
    name = record.display_name
    if granted and own.kind == Report.Kind.REMOVAL:
        suppress(record, own, curator)
    own.state = Report.State.GRANTED if granted else Report.State.REFUSED
    own.decided_at, own.decided_by, own.decision_reason = Now(), curator, because.reason
    own.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
    write_mail(
        own.email,
        "report_decided",
        what=own.get_kind_display(),
        name=name,
        granted=granted,
        reason=because.reason,
    )

"""Addresses of people without an account are kept no longer than they are needed."""

from datetime import timedelta

from django.utils import timezone

from claims.models import OutgoingMail, Report
from claims.reports.file import LINK_LASTS

KEPT_AFTER_DECISION = timedelta(days=365)
SENT_MAIL_KEPT = timedelta(days=30)


def forget_addresses() -> None:
    """Forget who sent what was decided a year ago, reports that nobody confirmed, and to whom mail went."""
    now = timezone.now()
    decided = Report.objects.filter(decided_at__lte=now - KEPT_AFTER_DECISION).exclude(email="")
    decided.update(email="")
    Report.objects.filter(state=Report.State.UNCONFIRMED, reported_at__lte=now - LINK_LASTS).delete()
    OutgoingMail.objects.filter(sent_at__lte=now - SENT_MAIL_KEPT).delete()

"""Somebody without an account says that something is wrong; it counts once the address is confirmed."""

from datetime import timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from claims.errors import ClaimRefused
from claims.evidence import hash_token
from claims.locks import lock_record
from claims.mail import write_mail
from claims.models import Report
from claims.object import object_to_claim
from claims.queries import get_claim_in_force
from profiles.models import Researcher

LINK_LASTS = timedelta(days=7)
SENT_TWICE = timedelta(minutes=10)


@transaction.atomic
def file_report(researcher: Researcher, kind: str, email: str, what: str, message: str) -> Report:
    """Note a report and send the link that confirms it; a form that is sent twice is one report and one message."""
    record = lock_record(researcher.pk)
    said = {"kind": kind, "email": email.lower(), "what": what.strip(), "message": message.strip()}
    recent = record.reports.filter(state=Report.State.UNCONFIRMED, reported_at__gt=timezone.now() - SENT_TWICE)
    if known := recent.filter(**said).first():
        return known
    token = token_urlsafe(32)
    report = Report.objects.create(researcher=record, **said, token_hash=hash_token(token))
    write_mail(
        report.email,
        "confirm_report",
        what=report.get_kind_display(),
        name=researcher.display_name,
        url=settings.SITE_URL + reverse("claims:confirm_report", args=[token]),
    )
    return report


def get_unconfirmed(token: str) -> Report:
    """Return the report that a link confirms; raise `ClaimRefused` when it is used or old."""
    waiting = Report.objects.filter(token_hash=hash_token(token), state=Report.State.UNCONFIRMED)
    report = waiting.filter(reported_at__gt=timezone.now() - LINK_LASTS).select_related("researcher").first()
    if report is None:
        raise ClaimRefused("This link has expired or was used before.")
    return report


@transaction.atomic
def confirm_report(token: str) -> Report:
    """Put a report before the curators; an objection within its window suspends the claim at once."""
    found = get_unconfirmed(token)
    claim = get_claim_in_force(found.researcher) if found.kind == Report.Kind.OBJECTION else None
    if claim is not None:
        object_to_claim(claim, found.message or "No reason was given.")
    report = Report.objects.select_for_update().get(pk=found.pk)
    if report.state != Report.State.UNCONFIRMED:
        raise ClaimRefused("This link has expired or was used before.")
    report.state, report.confirmed_at, report.claim = Report.State.OPEN, Now(), claim
    report.save(update_fields=["state", "confirmed_at", "claim"])
    return report

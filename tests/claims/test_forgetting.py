"""Addresses of people without an account are kept no longer than they are needed; beat sees to it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from claims.errors import ClaimRefused
from claims.models import Claim, OutgoingMail, Report
from claims.object import decide_objection
from claims.reports.decide import decide_report
from claims.tasks import forget_addresses
from profiles.models import Researcher
from tests.claims.cast import claim_by_proof
from tests.claims.test_reports import send
from tests.factories import make_researcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=2)


def days_ago(number: int) -> object:
    return timezone.now() - timedelta(days=number)


def test_who_reported_is_forgotten_a_year_after_the_decision_and_not_before(
    client: Client, ada: Researcher, curator: User
) -> None:
    for kind in ("wrong_work", "duplicate", "removal"):
        client.post(send(client, ada, kind, message="Please."))
    decided, recent, waiting = Report.objects.order_by("pk")
    for report in (decided, recent):
        decide_report(curator, report, "Yes.", granted=True)
    Report.objects.filter(pk=decided.pk).update(decided_at=days_ago(365))
    Report.objects.filter(pk=recent.pk).update(decided_at=days_ago(364))
    Report.objects.filter(pk=waiting.pk).update(reported_at=days_ago(900))
    forget_addresses()
    forget_addresses()
    assert list(Report.objects.order_by("pk").values_list("email", flat=True)) == [
        "", "reader@example.org", "reader@example.org",
    ]  # fmt: skip
    decided.refresh_from_db()
    assert (decided.decision_reason, decided.message) == ("Yes.", "Please.")


def test_what_nobody_confirmed_and_mail_that_is_out_goes_too(client: Client, ada: Researcher) -> None:
    for message in ("Please.", "At once."):
        send(client, ada, message=message)
    old, new = Report.objects.order_by("pk")
    Report.objects.filter(pk=old.pk).update(reported_at=days_ago(8))
    first, second = OutgoingMail.objects.order_by("pk")
    OutgoingMail.objects.filter(pk=first.pk).update(sent_at=days_ago(31))
    forget_addresses()
    assert list(Report.objects.all()) == [new]
    assert list(OutgoingMail.objects.all()) == [second]


def test_beat_calls_it_every_day() -> None:
    entries = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == forget_addresses.name]
    assert [(entry["schedule"].hour, entry["schedule"].minute) for entry in entries] == [({3}, {15})]


@pytest.mark.parametrize("upheld", [True, False])
def test_who_objected_is_answered_with_the_decision_on_the_claim(
    client: Client, ada: Researcher, member: User, curator: User, upheld: bool
) -> None:
    claim = claim_by_proof(member, ada)
    client.post(send(client, ada, "objection", message="That is not she."))
    with pytest.raises(ClaimRefused, match="Decide the objection on the claim itself"):
        decide_report(curator, Report.objects.get(), "Yes.", granted=True)
    decide_objection(curator, claim, "The department was asked.", upheld=upheld)
    report = Report.objects.get()
    assert (report.state, report.decided_by) == ("granted" if upheld else "refused", curator)
    told = OutgoingMail.objects.get(template="report_decided")
    assert (told.recipient, told.context["granted"]) == ("reader@example.org", upheld)
    assert Claim.objects.get().state == ("revoked" if upheld else "approved")

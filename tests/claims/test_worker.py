"""Proofs and mail as a real worker does them, through the real broker."""

from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from claims.evidence import offer_proof
from claims.models import Evidence, OutgoingMail
from claims.submit import submit_claim
from tests.claims.test_mail import Mailbox, free_port
from tests.factories import make_researcher, make_user
from tests.test_worker import _empty_broker, running_worker, wait_until  # noqa: F401 - a fixture that is used by itself

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_worker_checks_a_proof_and_sends_the_mail(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{controller.port}")
    monkeypatch.delenv("BZPEER_MAIL_DIR", raising=False)
    user = make_user("ada@example.org")
    try:
        with running_worker():
            with transaction.atomic():
                claim = submit_claim(user, make_researcher(), {})
            evidence = offer_proof(user, claim, "back_link", "http://127.0.0.1/")
            wait_until(lambda: Evidence.objects.get(pk=evidence.pk).status != "checking")
            wait_until(lambda: not OutgoingMail.objects.filter(sent_at__isnull=True).exists())
    finally:
        controller.stop()
    # A worker takes no exception for this machine from anywhere: only tests can, within their own process.
    assert Evidence.objects.get(pk=evidence.pk).note == "The host is not on the public internet."
    assert [message["To"] for message in box.messages] == ["ada@example.org"]

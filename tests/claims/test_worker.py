"""Proofs and mail as a real worker does them, through the real broker."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from accounts.export import request_export
from accounts.leave import ask_to_leave
from accounts.models import AccountExport, User
from accounts.tasks import catch_up
from claims.evidence import offer_proof
from claims.models import Claim, Evidence, OutgoingMail
from claims.submit import submit_claim
from tests.claims.cast import make_curator, own
from tests.factories import make_researcher, make_user
from tests.mailbox import Mailbox, serve_mail, texts
from tests.test_worker import _empty_broker, running_worker, wait_until  # noqa: F401 - a fixture that is used by itself

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the worker process is told of."""
    with serve_mail() as (box, port):
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.delenv("BZPEER_MAIL_DIR", raising=False)
        yield box


def test_a_worker_checks_a_proof_and_sends_the_mail(box: Mailbox) -> None:
    user = make_user("ada@example.org")
    with running_worker():
        with transaction.atomic():
            claim = submit_claim(user, make_researcher(), {})
        evidence = offer_proof(user, claim, "back_link", "http://127.0.0.1/")
        wait_until(lambda: Evidence.objects.get(pk=evidence.pk).status != "checking")
        wait_until(lambda: not OutgoingMail.objects.filter(sent_at__isnull=True).exists())
    # A worker takes no exception for this machine from anywhere: only tests can, within their own process.
    assert Evidence.objects.get(pk=evidence.pk).note == "The host is not on the public internet."
    assert [message["To"] for message in box.messages] == ["ada@example.org"]


def test_a_worker_makes_an_export_and_deletes_an_account_and_tells_both(box: Mailbox) -> None:
    user = make_user("ada@example.org")
    own(user, make_researcher(), make_curator())
    with running_worker():
        export = request_export(user)
        wait_until(lambda: AccountExport.objects.get(pk=export.pk).ready_at is not None)
        wait_until(lambda: any(message["Subject"] == "Your data is ready" for message in box.messages))
        ask_to_leave(user)
        wait_until(lambda: not User.objects.filter(pk=user.pk).exists())
        catch_up.delay()
        wait_until(lambda: any(message["Subject"] == "Your account is deleted" for message in box.messages))
    subjects = {"Your data is ready", "Your account is deleted"}
    about_data = [message for message in box.messages if message["Subject"] in subjects]
    assert [message["To"] for message in about_data] == ["ada@example.org"] * 2, "each is told once"
    assert all(set(texts(message)) == {"text/plain", "text/html"} for message in about_data)
    assert Claim.objects.get().state == "withdrawn"

"""Mail about accounts as it arrives at a mail server: in text and HTML, for every step, and only to its member."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.accounts.test_data_and_leaving import PASSWORD, logged_in
from tests.claims.cast import ORCID
from tests.claims.openid_provider import serve_openid
from tests.claims.test_claim_page import sign_in
from tests.factories import make_user
from tests.mailbox import Mailbox, texts

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "quite another battery"


def reset(client: Client) -> None:
    Client().post("/accounts/password/reset/", {"email": "ada@example.org"})


def change_password(client: Client) -> None:
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/accounts/password/change/", form)


def add_address(client: Client) -> None:
    client.post("/accounts/email/", {"email": "second@example.org", "action_add": "yes"})


def sign_up_again(client: Client) -> None:
    form = {"email": "ada@example.org", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    Client().post("/accounts/signup/", form)


@pytest.mark.parametrize(
    ("step", "recipient", "says"),
    [
        (reset, "ada@example.org", r"http://\S+/accounts/password/reset/key/\S+"),
        (change_password, "ada@example.org", "password has been changed"),
        (add_address, "second@example.org", r"http://\S+/accounts/confirm-email/\S+"),
        (sign_up_again, "ada@example.org", "has one already"),
    ],
)
def test_a_step_of_an_account_is_told_in_text_and_html(
    mailbox: Mailbox,
    step: Callable[[Client], None],
    recipient: str,
    says: str,
) -> None:
    client = logged_in(make_user("ada@example.org", PASSWORD))
    step(client)
    (message,) = [each for each in mailbox.messages if re.search(says, texts(each)["text/plain"])]
    assert message["To"] == recipient
    both = texts(message)
    assert set(both) == {"text/plain", "text/html"}
    assert re.search(says, both["text/html"])
    assert "<script" not in both["text/html"]


def test_a_link_in_the_html_can_be_pressed_and_confirms(mailbox: Mailbox) -> None:
    form = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client = Client()
    client.post("/accounts/signup/", form)
    link = re.search(r'href="(http://[^"]+/accounts/confirm-email/[^"]+)"', texts(mailbox.messages[0])["text/html"])
    assert link is not None
    client.post(link[1])
    assert EmailAddress.objects.get(email="new@example.org").verified


def test_an_orcid_that_is_connected_is_told(mailbox: Mailbox, settings: Any) -> None:
    client = logged_in(make_user("ada@example.org", PASSWORD))
    with serve_openid(sub=ORCID) as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        sign_in(client, provider, "process=connect")
    assert "ORCID" in texts(mailbox.messages[-1])["text/plain"]

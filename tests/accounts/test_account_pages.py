"""Every page about an account that a member can reach is in our own words and looks like the rest of the site."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.core import mail
from django.test import Client
from django.test.signals import template_rendered

from accounts.models import User
from tests.accounts.test_accounts import sign_up
from tests.accounts.test_data_and_leaving import PASSWORD, logged_in
from tests.claims.cast import connect_orcid
from tests.claims.openid_provider import serve_openid
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NEW = {"password1": "quite another battery", "password2": "quite another battery"}


@pytest.fixture
def theirs() -> Iterator[set[str]]:
    """The templates of django-allauth's own that were rendered: pages, messages and mail."""
    seen: set[str] = set()

    def note(template: Any, **_kwargs: Any) -> None:
        origin, name = getattr(template.origin, "name", "") or "", template.name or ""
        if "allauth" in origin and not Path(origin).is_relative_to(site.BASE_DIR / "templates"):
            seen.add(name)

    template_rendered.connect(note)
    yield seen
    template_rendered.disconnect(note)


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org", PASSWORD)


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def with_second_factors(user: User) -> Authenticator:
    """Give a member an app, recovery codes and a passkey; return the passkey."""
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    return WebAuthn.add(user, "My laptop", {}).instance


def assert_ours(client: Client, path: str, heading: str, theirs: set[str]) -> str:
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code in {200, 401}, path
    assert f"<h1>{heading}</h1>" in page, path
    assert 'class="site-header"' in page, path
    assert not theirs, path
    return page


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/accounts/login/", "Log in"),
        ("/accounts/signup/", "Make an account"),
        ("/accounts/password/reset/", "Forgotten your password?"),
        ("/accounts/password/reset/done/", "Look into your mail"),
        ("/accounts/password/reset/key/done/", "Your new password is set"),
        ("/accounts/password/reset/key/1-nonsense/", "Set a new password"),
        ("/accounts/confirm-email/", "Confirm your address"),
        ("/accounts/confirm-email/nonsense/", "Confirm your address"),
        ("/accounts/inactive/", "This account is closed"),
        ("/accounts/3rdparty/login/error/", "That did not work"),
        ("/accounts/3rdparty/login/cancelled/", "You turned back at ORCID"),
    ],
)
def test_pages_without_an_account(client: Client, theirs: set[str], path: str, heading: str) -> None:
    assert_ours(client, path, heading, theirs)


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/accounts/email/", "E-mail addresses"),
        ("/accounts/password/change/", "Change your password"),
        ("/accounts/logout/", "Log out"),
        ("/accounts/reauthenticate/", "Is it you?"),
        ("/accounts/3rdparty/", "ORCID"),
        ("/accounts/sessions/", "Where you are logged in"),
        ("/accounts/2fa/", "Passkeys and two factors"),
        ("/accounts/2fa/totp/activate/", "Set up an authenticator app"),
        ("/accounts/2fa/webauthn/", "Passkeys"),
        ("/accounts/2fa/webauthn/add/", "Add a passkey"),
    ],
)
def test_pages_of_a_member(ada: User, theirs: set[str], path: str, heading: str) -> None:
    assert_ours(logged_in(ada), path, heading, theirs)


def test_pages_of_a_member_with_second_factors(ada: User, theirs: set[str]) -> None:
    client = logged_in(ada)
    passkey = with_second_factors(ada)
    for path, heading in (
        ("", "Passkeys and two factors"),
        ("totp/deactivate/", "Switch the app off"),
        ("recovery-codes/", "Recovery codes"),
        ("recovery-codes/generate/", "Make new recovery codes"),
        (f"webauthn/keys/{passkey.pk}/edit/", "Rename this passkey"),
        (f"webauthn/keys/{passkey.pk}/remove/", "Remove this passkey"),
        ("reauthenticate/", "Is it you?"),
    ):
        page = assert_ours(client, f"/accounts/2fa/{path}", heading, theirs)
    assert "Use your password" in page
    assert "Use a passkey" in page
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert "10 of 10 are left" in codes
    assert codes.count('<li class="code">') == 10
    assert len(client.get("/accounts/2fa/recovery-codes/download/").content.decode().split()) == 10
    passkey.delete()  # one that no device made cannot be asked for: tests/browser/test_passkeys.py has a real one
    fresh = logged_in(ada)
    assert_ours(fresh, "/accounts/2fa/authenticate/", "One more step", theirs)


def test_a_member_without_a_password_sets_one(theirs: set[str]) -> None:
    user = make_user("ada@example.org")
    client = Client()
    client.force_login(user)
    assert_ours(client, "/accounts/password/set/", "Set a password", theirs)


@pytest.mark.django_db(transaction=True)  # what is said and sent after the commit
def test_an_app_is_set_up_and_switched_off_in_our_words(ada: User, theirs: set[str]) -> None:
    client = logged_in(ada)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    page = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True).content.decode()
    assert "The authenticator app is switched on." in page
    page = client.post("/accounts/2fa/recovery-codes/generate/", follow=True).content.decode()
    assert "New recovery codes are made." in page
    page = client.post("/accounts/2fa/totp/deactivate/", follow=True).content.decode()
    assert "The authenticator app is switched off." in page
    assert not Authenticator.objects.exists(), "codes that nothing else needs went as well, as the page said"
    assert [message.subject for message in mail.outbox] == [
        "Your authenticator app is switched on",
        "You have new recovery codes",
        "Your authenticator app is switched off",
    ]
    assert not theirs


def test_a_forgotten_password_is_set_anew_in_our_words(ada: User, theirs: set[str]) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": ada.email})
    assert mail.outbox[0].subject == "Set a new password"
    link = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert link is not None
    there = client.get(link[0])["Location"]
    assert_ours(client, there, "Set a new password", theirs)
    done = client.post(there, NEW, follow=True).content.decode()
    assert "Your new password is set" in done
    assert [message.subject for message in mail.outbox][1:] == ["Your new password is set"]
    assert "If it was not you, set a new password now: http" in str(mail.outbox[1].body)
    assert not theirs


def test_addresses_and_orcid_are_told_in_our_words(ada: User, theirs: set[str], settings: Any) -> None:
    client = logged_in(ada)
    EmailAddress.objects.create(user=ada, email="second@example.org", verified=True)
    for action in ("action_primary", "action_send", "action_remove"):
        client.post("/accounts/email/", {"email": "second@example.org", action: "yes"})
    client.post("/accounts/email/", {"email": "third@example.org", "action_add": "yes"})
    client.post("/accounts/email/", {"email": "ada@example.org", "action_primary": "yes"})
    client.post("/accounts/email/", {"email": "third@example.org", "action_remove": "yes"})
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **NEW})
    account = connect_orcid(ada)
    with serve_openid(sub=account.uid) as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        assert "ORCID" in client.get("/accounts/3rdparty/").content.decode()
        client.post("/accounts/3rdparty/", {"account": account.pk})
        assert not SocialAccount.objects.exists()
        assert_ours(client, "/accounts/oidc/orcid/login/", "Go on to ORCID", theirs)
    assert {"Your password has been changed", "Confirm your address", "An address was removed"} <= {
        message.subject for message in mail.outbox
    }
    assert not theirs


def test_those_who_probe_are_answered_in_our_words(ada: User, theirs: set[str]) -> None:
    sign_up(Client(), ada.email)
    Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    sign_up(Client(), "new@example.org")
    assert [message.subject for message in mail.outbox] == [
        "You have an account already", "There is no account with this address", "Confirm your address",
    ]  # fmt: skip
    assert all(str(message.body).endswith(f"Questions: {site.CONTACT_EMAIL}") for message in mail.outbox)
    assert not theirs

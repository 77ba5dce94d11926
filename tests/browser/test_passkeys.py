"""A passkey in a real Chromium with a virtual authenticator: made, used to log in, used as a second factor, removed."""

import re

from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page, expect

from profiles.models import Researcher
from tests.browser.conftest import NewPage
from tests.browser.test_claims import PASSWORD, log_in
from tests.browser.test_every_page import audit
from tests.factories import make_user


def plug_in(page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """Give the browser an authenticator that says yes to everything."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def confirm(page: Page) -> None:
    """Type the password again, as everything about log-in asks."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Log out").click()


def test_a_passkey_is_made_and_logs_in_without_a_password(new_page: NewPage, greg: Researcher) -> None:
    user = make_user("greg@example.org", PASSWORD)
    page = new_page()
    devtools, authenticator = plug_in(page)
    log_in(page, user.email, "/following/")
    page.get_by_role("link", name="Passkeys and two factors").click()
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/2fa/recovery-codes/**")
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1
    log_out(page)
    page.goto(f"/accounts/login/?next={greg.get_absolute_url()}")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(re.escape(greg.get_absolute_url()) + "$"))
    expect(page.get_by_role("button", name="Follow researcher")).to_be_visible()
    assert audit(page, "/accounts/2fa/webauthn/") == []
    page.get_by_role("link", name="Remove My laptop").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
    assert not Authenticator.objects.filter(user=user, type="webauthn").exists()


def test_a_passkey_as_a_second_factor(new_page: NewPage, greg: Researcher) -> None:
    user = make_user("greg@example.org", PASSWORD)
    page = new_page(390)
    plug_in(page)
    log_in(page, user.email, "/following/")
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    page.get_by_label("Name").fill("My key")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/2fa/recovery-codes/**")
    log_out(page)
    page.goto("/accounts/login/?next=/following/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("heading", name="People you follow")).to_be_visible()


def test_without_a_passkey_it_is_said_in_words(new_page: NewPage, greg: Researcher) -> None:
    make_user("greg@example.org", PASSWORD)
    page = new_page()
    plug_in(page)
    page.goto("/accounts/login/")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    without = new_page(java_script_enabled=False)
    without.goto("/accounts/login/")
    expect(without.get_by_role("button", name="Use a passkey")).to_be_hidden()

"""Claiming in a real Chromium: by an institutional address, with an objection by another; every page of it audited."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from claims.machine import State
from claims.models import Claim, OutgoingMail
from claims.second_record import propose_merge
from profiles.models import Researcher
from tests.browser.conftest import NewPage
from tests.browser.test_every_page import audit
from tests.claims.cast import claim_by_proof, make_curator, own
from tests.factories import make_researcher, make_user

PASSWORD = "correct horse battery"


def log_in(page: Page, email: str, following: str) -> None:
    page.goto(f"/accounts/login/?next={following}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{following}")


def link_of(template: str) -> str:
    """The path of the link in the newest message of that kind."""
    url = OutgoingMail.objects.filter(template=template).latest("pk").context["url"]
    return "/" + str(url).split("/", 3)[3]


@pytest.mark.parametrize("script", [True, False])
def test_claim_by_address_then_a_curator_approves_and_another_objects(
    new_page: NewPage, greg: Researcher, script: bool
) -> None:
    user = make_user("greg@example.org", PASSWORD)
    make_user("curator@example.org", PASSWORD, is_staff=True, is_superuser=True)
    page = new_page(java_script_enabled=script)
    page.goto(greg.get_absolute_url())
    page.get_by_role("link", name="This is me").click()
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Which of these works are yours?")).to_be_visible()
    page.get_by_role("button", name="Claim this record").click()
    expect(page.get_by_text("Waiting for a decision")).to_be_visible()
    page.get_by_text("An address at your institution").click()
    page.get_by_label("Your address there").fill("greg@university.example")
    page.get_by_role("button", name="Send the link").click()
    page.goto(link_of("confirm_institution"))
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_text("so a curator looks").first).to_be_visible()

    curator = new_page()
    log_in(curator, "curator@example.org", "/admin/claims/claim/")
    curator.get_by_role("link", name="Decide").first.click()
    curator.get_by_label("Approve at L2").check()
    curator.get_by_label("Reason").fill("The department lists him.")
    curator.get_by_role("button", name="Decide").click()
    expect(curator.get_by_text("Decided.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Edit your page")).to_be_visible()

    other = new_page(390, java_script_enabled=script)
    other.goto(greg.get_absolute_url())
    other.get_by_role("link", name="Something is wrong").click()
    other.get_by_label("This page was claimed by somebody else").check()
    other.get_by_label("Anything else").fill("That is not he.")
    other.get_by_label("Your e-mail address").fill("colleague@example.org")
    other.get_by_role("button", name="Send the report").click()
    expect(other.get_by_role("heading", name="One more step")).to_be_visible()
    other.goto(link_of("confirm_report"))
    other.get_by_role("button", name="Yes, I sent it").click()
    expect(other.get_by_text("Thank you, it is confirmed.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Objected to", exact=True).first).to_be_visible()
    assert Claim.objects.get().state == State.OBJECTED


def test_an_owner_edits_sees_it_and_undoes_it(new_page: NewPage, greg: Researcher) -> None:
    user = make_user("greg@example.org", PASSWORD)
    own(user, greg, make_curator())
    page = new_page()
    log_in(page, user.email, f"{greg.get_absolute_url()}edit/")
    page.get_by_label("One line about you").fill("Scales networks.")
    page.get_by_role("button", name="Save the line").click()
    expect(page.get_by_text("Saved. It shows on your page now.")).to_be_visible()
    page.goto(greg.get_absolute_url())
    expect(page.locator(".summary")).to_have_text("Scales networks.")
    page.locator("#claim", has_text="Edit your page").click()
    page.get_by_role("button", name=re.compile("^Undo One-line summary")).click()
    expect(page.get_by_text("Undone.", exact=True)).to_be_visible()
    page.goto(greg.get_absolute_url())
    expect(page.locator(".summary")).to_contain_text("contributes to research discovery")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_of_claims_are_accessible(new_page: NewPage, greg: Researcher, width: int, scheme: str) -> None:
    user = make_user("greg@example.org", PASSWORD)
    page = new_page(width, color_scheme=scheme, reduced_motion="reduce")
    log_in(page, user.email, "/claims/")
    profile = greg.get_absolute_url()
    found = audit(page, f"{profile}claim/")
    claim_by_proof(user, greg)
    pages = [f"{profile}claim/", f"{profile}edit/", f"{profile}changes/", f"{profile}report/", profile, "/claims/",
             f"{profile}edit/second/", "/accounts/sessions/", "/accounts/3rdparty/", "/accounts/2fa/",
             "/accounts/email/", "/accounts/reauthenticate/"]  # fmt: skip
    found += [issue for path in pages for issue in audit(page, path)]
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    afresh = ["/accounts/data/", "/accounts/delete/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/",
              "/accounts/2fa/totp/activate/"]  # fmt: skip
    found += [issue for path in afresh for issue in audit(page, path)]
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    factors = ["/accounts/2fa/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/",
               "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/reauthenticate/"]  # fmt: skip
    assert found + [issue for path in factors for issue in audit(page, path)] == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_curators_pages_of_claims_are_accessible(new_page: NewPage, greg: Researcher, width: int) -> None:
    user = make_user("greg@example.org", PASSWORD)
    curator = make_user("curator@example.org", PASSWORD, is_staff=True, is_superuser=True)
    claim = own(user, greg, make_curator())
    proposal = propose_merge(user, greg, make_researcher("Greta Yang"), "I signed so once.")
    page = new_page(width)
    log_in(page, curator.email, "/admin/claims/claim/")
    pages = [f"/admin/claims/claim/{claim.pk}/decide/", f"/admin/claims/mergeproposal/{proposal.pk}/decide/"]
    for path in pages:
        page.goto(path)
        found = Axe().run(page, "#content").response["violations"]  # what is around it is Django's
        assert [issue["nodes"][0]["html"] for issue in found] == []

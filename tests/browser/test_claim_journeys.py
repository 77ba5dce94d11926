"""By ORCID to level 3 with a real worker, from owner to stranger, a second record; with script and without."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from claims.models import Claim, OutgoingMail
from profiles.models import Researcher
from tests.browser.conftest import NewPage
from tests.browser.test_claims import PASSWORD, log_in
from tests.browser.test_every_page import audit
from tests.claims.cast import ORCID, own
from tests.claims.openid_provider import serve_openid
from tests.claims.test_proofs import feed_of, pages
from tests.factories import make_user
from tests.test_worker import _empty_broker, running_worker, wait_until  # noqa: F401 - a fixture that is used by itself
from works.models import Authorship

both_ways = pytest.mark.parametrize("script", [True, False])


@pytest.fixture
def _orcid_is_on_this_machine(settings: Any) -> Iterator[None]:
    """Sign Greg Yang in, as BZPEER_ORCID_ISSUER would have it: the policy names the provider, too."""
    with serve_openid(sub=ORCID, given_name="Greg", family_name="Yang") as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"] = ["'self'", provider.url]
        settings.CONTENT_SECURITY_POLICY = policy
        yield
        assert provider.refused == []


@pytest.fixture
def _feed_lists_two_works(greg: Researcher, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ids = list(Authorship.objects.filter(researcher=greg).values_list("work__arxiv_id", flat=True)[:2])
    with pages(**{f"{ORCID}.atom2": feed_of(ids)}) as url:
        monkeypatch.setenv("BZPEER_ARXIV_FEED_URL", url)
        yield


def link_in_mail() -> str:
    link = re.search(r"http\S+/accounts/confirm-email/\S+", str(mail.outbox[-1].body))
    assert link is not None
    return link[0]


def make_account_at_orcid(page: Page, email: str) -> None:
    page.get_by_role("button", name="Continue with ORCID").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Confirm your address")).to_be_visible()
    page.goto(link_in_mail())
    page.get_by_role("button", name="Yes, confirm it").click()


@both_ways
@pytest.mark.usefixtures("_orcid_is_on_this_machine", "_feed_lists_two_works")
def test_a_newcomer_claims_by_orcid_to_level_3(new_page: NewPage, greg: Researcher, script: bool) -> None:
    with running_worker():
        page = new_page(1280 if script else 390, java_script_enabled=script)
        page.goto(greg.get_absolute_url())
        page.get_by_role("link", name="This is me").click()
        make_account_at_orcid(page, "greg@example.org")
        expect(page.get_by_role("heading", name="Which of these works are yours?")).to_be_visible()
        page.get_by_role("button", name="Claim this record").click()
        page.get_by_role("button", name="Check my arXiv author feed").click()
        wait_until(lambda: Claim.objects.get().state == "approved")
    page.reload()
    expect(page.get_by_text("The feed lists 2 of the 13 works.")).to_be_visible()
    expect(page.get_by_text("level L3")).to_be_visible()
    page.get_by_role("link", name="See your page").click()
    expect(page.get_by_role("link", name="Verification L3").first).to_be_visible()
    greg.refresh_from_db()
    assert (greg.identity_level, greg.owner) == (3, User.objects.get(email="greg@example.org"))
    wait_until(lambda: OutgoingMail.objects.filter(template="claim_step").count() >= 2)


def attributions(researcher: Researcher) -> list[tuple[int, str]]:
    return list(Authorship.objects.filter(researcher=researcher).order_by("pk").values_list("pk", "attribution"))


@both_ways
def test_a_claim_is_revoked_and_the_owner_is_a_stranger_again(
    new_page: NewPage, greg: Researcher, script: bool
) -> None:
    curator = make_user("curator@example.org", PASSWORD, is_staff=True, is_superuser=True)
    user = make_user("impostor@example.org", PASSWORD)
    before = attributions(greg)
    own(user, greg, curator)
    page = new_page(java_script_enabled=script)
    log_in(page, user.email, f"{greg.get_absolute_url()}edit/")
    page.get_by_label("One line about you").fill("Not Greg at all.")
    page.get_by_role("button", name="Save the line").click()
    page.get_by_role("button", name=re.compile("^Not mine ?: On Infinite-Width Hypernetworks")).click()
    expect(page.get_by_text("Noted. It shows on your page now.")).to_be_visible()
    page.goto(greg.get_absolute_url())
    expect(page.locator(".summary")).to_have_text("Not Greg at all.")

    desk = new_page(java_script_enabled=script)
    log_in(desk, curator.email, "/admin/claims/claim/")
    desk.get_by_role("link", name="Decide").first.click()
    desk.get_by_label("Revoke: the record").check()
    desk.get_by_label("Reason").fill("The department does not know this person.")
    desk.get_by_role("button", name="Decide").click()
    expect(desk.get_by_text("Decided.")).to_be_visible()

    page.goto(f"{greg.get_absolute_url()}edit/")
    expect(page.get_by_role("heading", name="That is not open to this account")).to_be_visible()
    page.goto(f"{greg.get_absolute_url()}claim/")
    expect(page.get_by_text("Revoked", exact=True).first).to_be_visible()
    expect(page.get_by_text("The department does not know this person.")).to_be_visible()
    visitor = new_page(java_script_enabled=script)
    visitor.goto(greg.get_absolute_url())
    expect(visitor.get_by_text("Not Greg at all.")).to_have_count(0)
    expect(visitor.get_by_text("Unclaimed author").first).to_be_visible()
    assert attributions(greg) == before
    page.get_by_label("Why the decision is wrong").fill("It has a new page since.")
    page.get_by_role("button", name="Appeal").click()
    expect(page.get_by_text("Waiting for a decision").first).to_be_visible()


@both_ways
def test_a_second_record_is_proposed_with_the_outcome_in_view(
    new_page: NewPage, greg: Researcher, script: bool
) -> None:
    curator = make_user("curator@example.org", PASSWORD, is_staff=True, is_superuser=True)
    user = make_user("greg@example.org", PASSWORD)
    own(user, greg, curator)
    second = Researcher.objects.get(display_name="Hadi Salman")
    Authorship.objects.filter(researcher=second, work__authorships__researcher=greg).update(researcher=None)
    page = new_page(390, java_script_enabled=script)
    log_in(page, user.email, f"{greg.get_absolute_url()}edit/")
    page.get_by_role("link", name="See what merging it with this one would bring").click()
    page.get_by_label("Address of the other record").fill(f"http://localhost{second.get_absolute_url()}")
    page.get_by_role("button", name="Show the outcome").click()
    expect(page.get_by_role("heading", name="What merging brings")).to_be_visible()
    if script:  # axe-core is one
        assert audit(page, page.url) == []
    page.get_by_label("Why it is yours").fill("I signed so once.")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("A curator looks, usually within a week")).to_be_visible()
    desk = new_page(java_script_enabled=script)
    log_in(desk, curator.email, "/admin/claims/mergeproposal/")
    desk.get_by_role("link", name="Decide").click()
    expect(desk.get_by_text("I signed so once.")).to_be_visible()
    expect(desk.get_by_text("redirects to Greg Yang")).to_be_visible()
    desk.get_by_label("Merge: both are of the same person").check()
    desk.get_by_label("Reason").fill("The home page says so.")
    desk.get_by_role("button", name="Decide").click()
    expect(desk.get_by_text("Decided.")).to_be_visible()
    page.goto(second.get_absolute_url())
    expect(page).to_have_url(re.compile(re.escape(greg.get_absolute_url()) + "$"))
    page.goto(f"{greg.get_absolute_url()}edit/")
    page.get_by_role("button", name=re.compile("^Undo A second record")).click()
    expect(page.get_by_text("Undone.", exact=True)).to_be_visible()
    second.refresh_from_db()
    assert second.merged_into is None

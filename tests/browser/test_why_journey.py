"""Asking why a work is on a page, with and without script, by mouse and keyboard; the curator's page in the browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from profiles.models import IdentityNotice, Researcher
from tests.browser.conftest import NewPage
from tests.browser.test_every_page import audit
from tests.browser.test_journeys import LAYOUT_SHIFTS, PASSWORD, log_in
from tests.factories import make_user

DOUBTFUL = "A formal notion of genericity"
QUEUE = "/admin/profiles/identitynotice/"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")])
def test_the_evidence_opens_in_place(new_page: NewPage, greg: Researcher, width: int, scheme: str) -> None:
    page = new_page(width, color_scheme=scheme, reduced_motion="reduce")
    page.add_init_script(LAYOUT_SHIFTS)
    page.goto(greg.get_absolute_url())
    expect(page.locator("#graph-slice").get_by_role("link", name="Hadi Salman", exact=True)).to_be_visible()
    work = page.locator("article", has_text=DOUBTFUL)
    expect(work.get_by_text("unconfirmed", exact=True)).to_be_visible()
    work.get_by_role("link", name="Why is this here?").focus()
    page.keyboard.press("Enter")
    expect(work.get_by_text("None of its co-authors wrote another work of this record.")).to_be_visible()
    expect(work.get_by_text("Unconfirmed.")).to_be_visible()
    expect(page).to_have_url(page.url.partition("#")[0])
    assert "/why/" not in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    issues = [f"{issue['id']} {issue['nodes'][0]['html']}" for issue in Axe().run(page).response["violations"]]
    assert issues == []


def test_the_evidence_is_a_page_of_its_own_without_script(new_page: NewPage, greg: Researcher) -> None:
    page = new_page(390, java_script_enabled=False)
    page.goto(greg.get_absolute_url())
    page.locator("article", has_text=DOUBTFUL).get_by_role("link", name="Why is this here?").click()
    expect(page.get_by_role("heading", name="Why is this here?", level=1)).to_be_visible()
    page.get_by_role("link", name="How sure is this page?").click()
    expect(page.get_by_text("92% stability")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_curator_moves_the_doubtful_work_and_undoes_it(new_page: NewPage, greg: Researcher, script: bool) -> None:
    user = make_user("curator@example.org", PASSWORD, is_staff=True, is_superuser=True)
    page = new_page(java_script_enabled=script)
    page.goto("/accounts/login/")
    log_in(page, user.email)
    page.goto(QUEUE)
    page.get_by_role("link", name="Move or split the works").click()
    expect(page.get_by_role("checkbox", name="2111.09570")).to_be_checked()
    page.get_by_label("Why?").fill("A string theorist of the same name.")
    page.get_by_role("button", name="Show the outcome").click()
    expect(page.get_by_role("heading", name="Outcome")).to_be_visible()
    assert greg.authorships.count() == 13
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("link", name="Undo this")).to_be_visible()
    assert greg.authorships.count() == 12
    page.get_by_role("link", name="Undo this").click()
    page.get_by_label("Why?").fill("It was his.")
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert greg.authorships.count() == 13


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")])
def test_the_curators_pages_are_fit_for_everybody(new_page: NewPage, greg: Researcher, width: int, scheme: str) -> None:
    user = make_user("curator@example.org", PASSWORD, is_staff=True, is_superuser=True)
    page = new_page(width, color_scheme=scheme)
    page.goto("/accounts/login/")
    log_in(page, user.email)
    notice = IdentityNotice.objects.get(kind="split")
    workbench = f"/admin/profiles/researcher/{greg.pk}/identity/?notice={notice.pk}"
    paths = ["/admin/", QUEUE, f"{QUEUE}{notice.pk}/change/", workbench, "/admin/profiles/identityoperation/"]
    assert [found for path in paths for found in audit(page, path)] == []

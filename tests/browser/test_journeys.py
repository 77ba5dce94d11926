"""Whole journeys: reading, following through log-in and back, a slice that fails, no script, the keyboard."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from profiles.models import Follow, Researcher
from tests.browser.conftest import NewPage
from tests.factories import make_user

PASSWORD = "correct horse battery"

LAYOUT_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


def log_in(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_slice_arrives_and_nothing_jumps(new_page: NewPage, greg: Researcher, width: int) -> None:
    page = new_page(width)
    page.add_init_script(LAYOUT_SHIFTS)
    page.goto(greg.get_absolute_url())
    slice_place = page.locator("#graph-slice")
    expect(slice_place.get_by_role("heading", name="Collaborators")).to_be_visible()
    expect(slice_place.get_by_role("link", name="Hadi Salman", exact=True)).to_be_visible()
    expect(slice_place.get_by_text("Building this graph slice")).to_have_count(0)
    page.locator("#works").scroll_into_view_if_needed()
    assert page.evaluate("window.shifts") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_visitor_follows_through_log_in_and_unfollows_in_place(new_page: NewPage, greg: Researcher) -> None:
    user = make_user("visitor@example.org", PASSWORD)
    page = new_page()
    page.goto(greg.get_absolute_url())
    page.get_by_role("link", name="Follow researcher").click()
    log_in(page, user.email)
    expect(page).to_have_url(re.compile(re.escape(greg.get_absolute_url()) + "$"))
    expect(page.get_by_role("button", name="Unfollow 1")).to_be_visible()
    expect(page.locator("#follower-figure")).to_have_text("1")
    expect(page.locator("#follower-noun")).to_have_text("follower")
    assert Follow.objects.filter(follower=user, researcher=greg).exists()
    page.get_by_role("button", name="Unfollow").click()
    expect(page.get_by_role("button", name="Follow researcher 0")).to_be_focused()
    expect(page.locator("#follower-figure")).to_have_text("0")
    assert not Follow.objects.exists()


def test_a_follow_that_fails_says_so_and_can_be_repeated(new_page: NewPage, greg: Researcher) -> None:
    user = make_user("visitor@example.org", PASSWORD)
    page = new_page()
    # Before the first address: Chromium lets requests of a page that is just arriving past a route set meanwhile.
    page.route("**/follow/", lambda route: route.abort())
    page.goto(f"/accounts/login/?next={greg.get_absolute_url()}")
    log_in(page, user.email)
    page.get_by_role("button", name="Follow researcher").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing was changed")
    page.unroute("**/follow/")
    page.get_by_role("button", name="Follow researcher").click()
    expect(page.get_by_role("button", name="Unfollow 1")).to_be_visible()


def test_a_newcomer_signs_up_confirms_and_comes_back_having_followed(new_page: NewPage, greg: Researcher) -> None:
    page = new_page(390)
    page.goto(greg.get_absolute_url())
    page.get_by_role("link", name="Follow researcher").click()
    page.get_by_role("link", name="Make one").click()
    page.get_by_label("Email").fill("newcomer@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Confirm your address")).to_be_visible()
    link = re.search(r"http\S+/accounts/confirm-email/\S+", str(mail.outbox[0].body))
    assert link is not None
    page.goto(link[0])
    page.get_by_role("button", name="Yes, confirm it").click()
    expect(page).to_have_url(re.compile(re.escape(greg.get_absolute_url()) + "$"))
    expect(page.get_by_role("button", name="Unfollow 1")).to_be_visible()


def test_a_slice_that_fails_is_loaded_again_on_request(new_page: NewPage, greg: Researcher) -> None:
    page = new_page()
    page.route("**/graph/slice/**", lambda route: route.fulfill(status=500, body="no"))
    page.goto(greg.get_absolute_url())
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This graph slice did not load")
    expect(alert.get_by_role("link")).to_have_attribute("href", f"/graph/?focus=author:{greg.public_id}")
    page.unroute("**/graph/slice/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#graph-slice").get_by_role("link", name="Hadi Salman", exact=True)).to_be_visible()


def test_everything_works_without_script(new_page: NewPage, greg: Researcher) -> None:
    user = make_user("visitor@example.org", PASSWORD)
    page = new_page(java_script_enabled=False)
    page.goto(greg.get_absolute_url())
    expect(page.get_by_text("Building this graph slice")).to_be_visible()
    page.get_by_role("link", name="see the slice on a page of its own").click()
    expect(page.get_by_role("heading", name="Around Greg Yang")).to_be_visible()
    page.go_back()
    page.locator("summary", has_text="Read abstract").first.click()
    expect(page.get_by_text("Code for our experiments can be found").first).to_be_visible()
    page.get_by_role("link", name="Follow researcher").click()
    log_in(page, user.email)
    page.get_by_role("link", name="Follow researcher 1").click()
    page.get_by_role("button", name="Unfollow 1").click()
    assert not Follow.objects.exists()
    expect(page).to_have_url(re.compile(re.escape(greg.get_absolute_url()) + "$"))


def test_a_person_and_a_work_are_found(new_page: NewPage, greg: Researcher) -> None:
    page = new_page()
    page.goto("/")
    page.get_by_role("combobox").fill("yang greg")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Greg Yang", exact=True).first.click()
    expect(page.get_by_role("heading", name="Greg Yang", level=1)).to_be_visible()
    page.get_by_role("link", name="On Infinite-Width Hypernetworks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On Infinite-Width Hypernetworks")
    page.get_by_role("link", name="Greg Yang").click()
    expect(page.get_by_text("Trust 21 - Emerging")).to_be_visible()


def test_the_keyboard_reaches_everything(new_page: NewPage, greg: Researcher) -> None:
    page = new_page()
    page.goto(greg.get_absolute_url())
    expect(page.locator("#graph-slice").get_by_role("link", name="Hadi Salman", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached = set()
    for _ in range(160):
        page.keyboard.press("Tab")
        # innerText is what shows; a link in a picture has none.
        reached.add(page.evaluate("(document.activeElement.innerText ?? document.activeElement.textContent).trim()"))
    for name in (
        "Something is wrong",
        "Trust 21 - Emerging",
        "This is me",
        "Log in to claim",
        "Open full explorer",
        "Read abstract",
    ):
        assert name in reached

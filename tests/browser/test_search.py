"""Searching in Chromium: what the box offers, by keyboard and by pointer, and whole journeys that begin there."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from profiles.models import Researcher, TopicFollow
from tests.browser.conftest import NewPage
from tests.browser.test_journeys import PASSWORD, log_in
from tests.factories import make_user
from works.models import Work


def type_in(page: Page, text: str) -> None:
    page.get_by_role("combobox").press_sequentially(text, delay=20)


def test_a_suggestion_is_followed_by_keyboard(new_page: NewPage, greg: Researcher) -> None:
    page = new_page()
    page.goto("/")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    type_in(page, "greg y")
    option = page.get_by_role("option", name="Greg Yang")
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("suggestion")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("suggestion-"))
    expect(box).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Greg Yang", level=1)).to_be_visible()


def test_escape_closes_the_suggestions_and_enter_searches(new_page: NewPage, greg: Researcher) -> None:
    page = new_page(390)
    page.goto("/search/")
    type_in(page, "yang")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_value("yang")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=yang"))


def test_a_suggestion_is_followed_by_pointer(new_page: NewPage, greg: Researcher) -> None:
    page = new_page()
    page.goto("/search/")
    type_in(page, "hypernetw")
    page.get_by_role("option", name="On Infinite-Width Hypernetworks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On Infinite-Width Hypernetworks")


@pytest.mark.parametrize("script", [True, False])
def test_a_person_is_found_by_a_misspelt_name_and_their_topic_is_followed(
    new_page: NewPage, greg: Researcher, script: bool
) -> None:
    user = make_user("visitor@example.org", PASSWORD)
    page = new_page(java_script_enabled=script)
    page.goto("/")
    page.get_by_label("Find a person").fill("Grag Yng")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("this is what comes near")).to_be_visible()
    page.get_by_role("link", name="Greg Yang").click()
    page.get_by_role("link", name=re.compile("topics$")).first.click()
    page.get_by_role("link", name="Machine Learning").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Machine Learning")
    expect(page.get_by_role("link", name="Greg Yang").first).to_be_visible()
    expect(page.get_by_role("img", name="Works by year")).to_be_visible()
    page.get_by_role("link", name="Follow topic").click()
    log_in(page, user.email)
    expect(page).to_have_url(re.compile("/topics/cs.LG/$"))
    if script:
        expect(page.get_by_role("button", name="Unfollow topic")).to_be_visible()
        assert Axe().run(page).response["violations"] == []
    page.goto("/following/")
    expect(page.get_by_role("link", name="Machine Learning")).to_be_visible()
    assert TopicFollow.objects.filter(follower=user, topic__code="cs.LG").exists()
    page.goto("/topics/cs.LG/follow/")
    page.get_by_role("button", name="Unfollow topic").click()
    if script:
        expect(page.get_by_role("button", name="Follow topic", exact=True)).to_be_visible()
    else:
        expect(page).to_have_url(re.compile("/topics/cs.LG/$"))
    assert not TopicFollow.objects.exists()


@pytest.mark.parametrize("script", [True, False])
def test_a_work_opens_from_its_doi(new_page: NewPage, greg: Researcher, script: bool) -> None:
    Work.objects.filter(arxiv_id="2205.01445").update(doi="10.5555/Some.Thing")
    page = new_page(java_script_enabled=script)
    page.goto("/")
    page.get_by_label("Find a person").fill("https://doi.org/10.5555/some.thing")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/works/2205.01445/$"))

"""Journeys of somebody who takes citations away, with and without JavaScript."""

from pathlib import Path

import pytest

from profiles.models import Researcher
from tests.browser.conftest import NewPage
from tests.browser.test_journeys import PASSWORD, log_in
from tests.exports.reading import read_raw_bib
from tests.factories import make_user


@pytest.mark.parametrize("scripts", [True, False])
def test_export_my_list_to_bibtex(new_page: NewPage, greg: Researcher, tmp_path: Path, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    page.goto(f"{greg.get_absolute_url()}?year=2021")
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX", exact=True).click()
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    assert target.name == "greg-yang-works.bib"
    assert len(read_raw_bib(target.read_text(encoding="utf-8"))) == 2


@pytest.mark.parametrize("scripts", [True, False])
def test_formatted_citations_in_place_or_on_their_own_page(new_page: NewPage, greg: Researcher, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    page.goto("/works/2205.01445/")
    page.get_by_role("link", name="Show formatted citations").click()
    page.get_by_text("Harvard").wait_for()
    assert page.url.endswith("/works/2205.01445/" if scripts else "/works/2205.01445/cite/")
    assert "@misc{ba-2205.01445," in (page.locator("pre").text_content() or "")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_member_makes_an_api_key_asks_by_it_and_revokes_it(
    new_page: NewPage, greg: Researcher, scripts: bool
) -> None:
    user = make_user("machine@example.org", PASSWORD)
    page = new_page(390 if scripts else 1280, java_script_enabled=scripts)
    page.goto("/api/")
    page.get_by_role("link", name="a key", exact=True).click()
    log_in(page, user.email)
    page.get_by_text("You have no key yet.").wait_for()
    page.get_by_label("What the key is for").fill("A reading list")
    page.get_by_role("button", name="Make a key").click()
    key = page.get_by_role("status").locator("code").text_content() or ""
    with_key = {"Authorization": f"Bearer {key}"}
    answer = page.request.get(f"/api/v1/authors/{greg.public_id}", headers=with_key)
    assert (answer.status, answer.json()["name"]) == (200, "Greg Yang")
    assert answer.headers["ratelimit-policy"].startswith('"key";')
    page.goto("/api/keys/")
    assert key not in page.content()
    page.get_by_role("button", name="Revoke A reading list").click()
    page.get_by_text("You have no key yet.").wait_for()
    assert page.request.get(f"/api/v1/authors/{greg.public_id}", headers=with_key).status == 401

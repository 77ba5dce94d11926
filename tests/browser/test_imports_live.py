"""The live page of import runs in Chromium: it changes by itself while something is on its way, and then rests."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.test_every_page import audit
from tests.factories import make_user
from works.models import ImportRun
from works.snapshot_models import SnapshotRun

LIVE = "/admin/works/importrun/live/"


def log_in(page: Page) -> None:
    make_user("curator@example.org", "correct horse battery", is_staff=True, is_superuser=True)
    page.goto(f"/accounts/login/?next={LIVE}")
    page.get_by_label("Email").fill("curator@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="How the imports go").wait_for()


def make_runs() -> ImportRun:
    endpoint = "https://oaipmh.example.org/oai"
    ImportRun.objects.create(
        endpoint=endpoint, status="failed", finished_at=timezone.now(), error="badArgument: the set is unknown"
    )
    ImportRun.objects.create(
        kind="fetch", endpoint="https://export.arxiv.example.org/api/query", asked_for='au:"Lovelace"',
        status="succeeded", metadata_prefix="atom", pages=1, created=2, rejected=1, active_seconds=1.2,
        finished_at=timezone.now(),
    )  # fmt: skip
    SnapshotRun.objects.create(
        source="/srv/arxiv/arxiv-metadata-oai-snapshot.json.gz", head_digest="x", lines=1_204_000, created=1_203_950,
        rejected=50, rejects_file="/srv/arxiv/arxiv-metadata-oai-snapshot.json.gz.rejected.jsonl",
    )  # fmt: skip
    return ImportRun.objects.create(
        endpoint=endpoint, status="running", pages=12, created=24_000, unchanged=512, rejected=3, list_size=98_000,
        active_seconds=61.5, last_datestamp=date(2019, 4, 2), set_spec="cs:cs:LG",
    )  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_it_moves_while_a_run_does_and_rests_afterwards(new_page: NewPage, width: int, scheme: str) -> None:
    run = make_runs()
    page = new_page(width, color_scheme=scheme, reduced_motion="reduce")
    log_in(page)
    page.get_by_text("24,515 of 98,000").wait_for()
    keep_picture(page, f"imports-{width}-{scheme}")
    ImportRun.objects.filter(pk=run.pk).update(created=30_000)
    page.get_by_text("30,515 of 98,000").wait_for()  # nobody reloaded
    ImportRun.objects.filter(pk=run.pk).update(status="succeeded", finished_at=timezone.now())
    page.get_by_text("Nothing is on its way.").wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(3000)
    assert asked == []
    assert audit_of_ours(page) == []


def audit_of_ours(page: Page) -> list[str]:
    """What is wrong with this page beyond the frame that Django's admin gives it."""
    page.goto(LIVE)
    return [issue for issue in audit(page, LIVE) if "import-" in issue or "too wide" in issue]


def test_a_button_pauses_a_run_with_and_without_scripts(new_page: NewPage) -> None:
    run = make_runs()
    page = new_page(java_script_enabled=False)
    log_in(page)
    page.get_by_role("button", name=f"Pause run {run.pk}").click()
    page.get_by_text(f"Import run {run.pk} is paused.").wait_for()
    page.get_by_role("button", name=f"Resume run {run.pk}").wait_for()


def keep_picture(page: Page, name: str) -> None:
    """Leave a picture where BZPEER_PICTURES asks for it, for a person to look at."""
    if folder := os.environ.get("BZPEER_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

"""Import runs as they wait: windows that follow each other, pause, resume, cancel, and arXiv that does not answer."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.works.endpoints import serve_sample
from works import runs
from works.arxiv import harvest
from works.arxiv.client import FetchLimits
from works.arxiv.errors import ArxivUnavailable
from works.arxiv.harvest import run_harvest
from works.arxiv.pages_ahead import PagesAhead, ReadPage
from works.arxiv.records import ParsedPage
from works.models import ImportRun, Work

pytestmark = pytest.mark.django_db

SOURCE: dict[str, Any] = {"endpoint": "http://127.0.0.1:1/oai", "metadata_prefix": "arXivRaw", "set_spec": ""}


def succeeded(start: str | None, newest: str | None, **fields: object) -> ImportRun:
    values = {**SOURCE, "from_date": start, "last_datestamp": newest, "status": "succeeded"}
    return ImportRun.objects.create(**{**values, "finished_at": timezone.now(), **fields})


def next_day(**source: str) -> date | None:
    return runs.next_from_date(**{**SOURCE, **source})


def test_nothing_harvested_means_from_the_beginning() -> None:
    assert next_day() is None
    succeeded(None, "2026-11-01", status="failed")
    succeeded(None, "2026-11-01", set_spec="econ")
    succeeded(None, "2026-11-01", metadata_prefix="arXiv")
    succeeded(None, "2026-11-01", kind="sweep")
    succeeded(None, None)
    assert next_day() is None


def test_the_next_window_begins_a_day_before_the_last_complete_datestamp() -> None:
    succeeded(None, "2026-11-01")
    assert next_day() == date(2026, 10, 31)
    succeeded("2026-10-31", "2026-11-03")
    assert next_day() == date(2026, 11, 2)
    succeeded("2026-11-02", None)  # nothing new
    assert next_day() == date(2026, 11, 2)


def test_a_gap_is_not_jumped() -> None:
    succeeded(None, "2026-10-01")
    succeeded("2026-11-01", "2026-11-05")
    assert next_day() == date(2026, 9, 30)
    succeeded("2026-09-30", "2026-11-02")
    assert next_day() == date(2026, 11, 4)


def test_the_run_of_one_day_after_the_other() -> None:
    with serve_sample() as endpoint:
        newest = endpoint.repository.works[-1]
        endpoint.repository.works = endpoint.repository.works[:-1]
        source = {**SOURCE, "endpoint": endpoint.url}
        run_harvest(runs.begin_run(**source).pk)
        start = runs.next_from_date(**source)
        assert start == endpoint.repository.works[-1].datestamp - timedelta(days=1)
        endpoint.repository.works = [*endpoint.repository.works, newest]
        second = runs.begin_run(**source, from_date=start)
        run_harvest(second.pk)
        second.refresh_from_db()
    assert (second.created, second.updated, Work.objects.count()) == (1, 0, 13)
    assert second.unchanged < 12


def test_a_run_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValidationError):
        runs.begin_run(from_date=date(2026, 2, 1), until_date=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        succeeded(None, None, finished_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        succeeded(None, None, status="paused")


def test_a_paused_run_stops_after_its_page_and_goes_on_when_resumed() -> None:
    run = ImportRun()

    def pause(number: int) -> None:
        if number == 2:
            runs.pause_run(run.pk)

    with serve_sample() as endpoint:
        run = runs.begin_run(endpoint=endpoint.url)
        run_then(pause, run)
        run.refresh_from_db()
        assert (run.status, run.pages, run.created) == ("paused", 2, 10)
        asked = len(endpoint.requests)
        run_harvest(run.pk)
        assert len(endpoint.requests) == asked <= 3  # nobody goes on with a paused run
        assert runs.list_due_runs() == []
        runs.resume_run(run.pk)
        assert runs.list_due_runs() == [run.pk]
        run_harvest(run.pk)
        run.refresh_from_db()
    assert (run.status, run.pages, run.created, run.unchanged) == ("succeeded", 3, 13, 0)


def test_a_failed_run_can_go_on_where_it_stood() -> None:
    with serve_sample(lambda number, _: (404, b"") if number == 3 else None) as endpoint:
        run = runs.begin_run(endpoint=endpoint.url)
        run_harvest(run.pk)
        run.refresh_from_db()
        assert (run.status, run.created) == ("failed", 10)
        runs.resume_run(run.pk)
        run_harvest(run.pk)
    run.refresh_from_db()
    assert (run.status, run.created, run.error) == ("succeeded", 13, "")


def run_then(during: Callable[[int], object], run: ImportRun) -> None:
    """Run it, doing something before the page of that number is loaded.

    Neither the server's thread nor the one that reads ahead can see this test's transaction, so the call in between is
    what is hooked.
    """
    read = PagesAhead.read
    numbers = count(1)

    def hooked(pages: PagesAhead[ParsedPage], token: str) -> ReadPage[ParsedPage]:
        during(next(numbers))
        return read(pages, token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PagesAhead, "read", hooked)
        run_harvest(run.pk)


def test_a_cancelled_run_keeps_what_it_loaded_and_is_over() -> None:
    with serve_sample() as endpoint:
        run = runs.begin_run(endpoint=endpoint.url)
        run_then(lambda number: runs.cancel_run(run.pk) if number == 2 else None, run)
        run.refresh_from_db()
        assert (run.status, run.created) == ("cancelled", 10)
        assert run.finished_at is not None
        asked = len(endpoint.requests)
        run_harvest(run.pk)
    assert len(endpoint.requests) == asked <= 3
    assert Work.objects.count() == 10


@pytest.mark.parametrize(
    ("status", "move"),
    [
        ("paused", runs.pause_run),
        ("running", runs.resume_run),
        ("queued", runs.resume_run),
        ("succeeded", runs.pause_run),
        ("succeeded", runs.resume_run),
        ("failed", runs.cancel_run),
        ("cancelled", runs.cancel_run),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(status: str, move: Callable[[int], ImportRun]) -> None:
    over = status in {"succeeded", "failed", "cancelled"}
    run = ImportRun.objects.create(**SOURCE, status=status, finished_at=timezone.now() if over else None)
    with pytest.raises(runs.RunStateError, match=f"run {run.pk} is"):
        move(run.pk)
    run.refresh_from_db()
    assert run.status == status


def test_a_run_waits_as_long_as_arxiv_asks_and_nobody_asks_before() -> None:
    with serve_sample(lambda _, __: (404, b"")) as endpoint:
        run = runs.begin_run(endpoint=endpoint.url)
        assert runs.postpone_run(run.pk, reason="HTTP 503", retry_after=900.0) == 900
        assert runs.list_due_runs() == []
        run_harvest(run.pk)
        assert endpoint.requests == []
        run.refresh_from_db()
        assert (run.status, run.failures) == ("queued", 1)
        assert "HTTP 503" in run.error
        ImportRun.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
        assert runs.list_due_runs() == [run.pk]


def test_arxiv_that_never_answers_fails_the_run_in_the_end() -> None:
    run = runs.begin_run(endpoint="http://127.0.0.1:1/oai")
    waits = [runs.postpone_run(run.pk, reason="no answer") for _ in range(8)]
    assert waits == [*runs.RETRY_SECONDS, None]
    run.refresh_from_db()
    assert run.status == "failed"
    assert "no answer" in run.error


def test_a_page_that_comes_through_forgets_the_failures() -> None:
    with serve_sample() as endpoint:
        run = runs.begin_run(endpoint=endpoint.url)
        ImportRun.objects.update(failures=5)
        run_harvest(run.pk)
    run.refresh_from_db()
    assert (run.status, run.failures) == ("succeeded", 0)
    assert run.active_seconds > 0


def test_an_endpoint_that_is_away_leaves_the_run_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvest, "FetchLimits", partial(FetchLimits, first_backoff=0.01))
    run = runs.begin_run(endpoint="http://127.0.0.1:1/oai")
    with pytest.raises(ArxivUnavailable):
        run_harvest(run.pk)
    run.refresh_from_db()
    assert run.finished_at is None

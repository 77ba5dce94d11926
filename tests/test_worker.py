"""The import as it really runs: a broker, a worker process, a kill, and the same end state."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from bzpeer.celery import app
from profiles.models import Researcher
from profiles.services import list_works_left_behind
from profiles.tasks import catch_up
from tests.factories import get_person
from tests.works.endpoints import serve_sample
from works.models import Authorship, ImportRun, Topic, Work
from works.tasks import harvest, resume_interrupted_harvests
from works.taxonomy import CATEGORIES

# serialized_rollback: the flush after each of these tests would empty the taxonomy, which a migration loaded.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROOT = Path(__file__).parent.parent


def database_url() -> str:
    """The address of the test database, which differs in name from the one in the environment."""
    values = connection.settings_dict
    host, port = quote(values["HOST"], safe=""), f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{quote(values['USER'])}:{quote(values['PASSWORD'])}@{host}{port}/{values['NAME']}"


# Seconds. A child of the pool that stops right after a task waits for up to 30 (billiard's `_ensure_messages_consumed`)
# until the main process has read its result, which stops too and may not.
STOPPED_WITHIN = 60


@contextmanager
def running_worker() -> Iterator[subprocess.Popen[bytes]]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "bzpeer",
        "worker",
        "-Q",
        "default,import,pages,processing",
        "-c",
        "2",
        "-l",
        "WARNING",
    ]
    process = subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url()},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        stop(process, signal.SIGTERM)


def stop(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the worker and its children, and wait until they are gone."""
    if process.poll() is None:
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        process.wait(STOPPED_WITHIN)


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def _empty_broker() -> Iterator[None]:
    Redis.from_url(settings.REDIS_URL).flushdb()
    yield
    app.close()
    Redis.from_url(settings.REDIS_URL).flushdb()


def has_ended(run: ImportRun) -> bool:
    run.refresh_from_db()
    return run.finished_at is not None


def is_over(run: ImportRun) -> bool:
    return has_ended(run) and not list_works_left_behind(1)


def outcome() -> tuple[list[tuple[object, ...]], ...]:
    """What was imported and resolved, without the keys that differ from run to run."""
    return (
        list(Work.objects.order_by("arxiv_id").values_list("arxiv_id", "title", "year", "current_version")),
        list(
            Authorship.objects.order_by("work__arxiv_id", "position").values_list(
                "work__arxiv_id", "position", "printed_name", "researcher__display_name"
            )
        ),
        list(
            Researcher.objects.exclude(state="merged")
            .order_by("display_name")
            .values_list("display_name", "name_variants", "trust__score")
        ),
    )


def test_a_worker_harvests_resolves_and_computes_trust() -> None:
    with serve_sample() as endpoint, running_worker():
        run = ImportRun.objects.create(endpoint=endpoint.url)
        harvest.delay(run.pk)
        wait_until(lambda: is_over(run))
    assert run.status == "succeeded", run.error
    assert run.created == 13
    assert get_person("Greg Yang").trust.score == 21


def test_a_worker_killed_half_way_loses_nothing() -> None:
    def slow(number: int, _arguments: dict[str, str]) -> None:
        if number >= 2:
            time.sleep(1.0)

    with serve_sample() as endpoint, running_worker():
        whole = ImportRun.objects.create(endpoint=endpoint.url)
        harvest.delay(whole.pk)
        wait_until(lambda: is_over(whole))
    expected = outcome()
    empty_tables()

    with serve_sample(slow) as endpoint:
        run = ImportRun.objects.create(endpoint=endpoint.url)
        with running_worker() as process:
            harvest.delay(run.pk)
            wait_until(lambda: Work.objects.count() >= 5)
            stop(process, signal.SIGKILL)
        run.refresh_from_db()
        assert run.finished_at is None
        with running_worker():
            # What beat does every few minutes: go on with the harvest, then find what lost tasks left undone.
            resume_interrupted_harvests.delay()
            wait_until(lambda: has_ended(run))
            catch_up.delay()
            wait_until(lambda: is_over(run))
    assert (run.status, run.created) == ("succeeded", 13)
    assert outcome() == expected


def empty_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE works_work, works_importrun, profiles_researcher CASCADE")


def test_the_same_task_twice_at_once_is_done_once() -> None:
    with serve_sample() as endpoint, running_worker():
        run = ImportRun.objects.create(endpoint=endpoint.url)
        for _ in range(4):
            harvest.delay(run.pk)
        wait_until(lambda: is_over(run))
    assert (run.pages, run.created, run.unchanged) == (3, 13, 0)


def test_the_taxonomy_survives_these_tests() -> None:
    assert Topic.objects.count() == len(CATEGORIES)

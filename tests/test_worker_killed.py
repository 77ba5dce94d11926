"""arXiv's own answers harvested by real workers that are killed at random instants: the rows of one left in peace."""

import signal
import time
from collections import defaultdict
from random import Random

import pytest
from django.db.models import F

from profiles.models import Researcher
from profiles.tasks import catch_up
from tests.test_worker import (
    _empty_broker,
    empty_tables,
    has_ended,
    is_over,
    running_worker,
    stop,
    wait_until,
)
from tests.works.real_endpoint import RecordedEndpoint, serving
from tests.works.shared_data import needs_shared_data
from tests.works.test_harvest_real import tables
from works.models import Authorship, ImportRun
from works.runs import begin_run
from works.tasks import harvest, resume_interrupted_harvests

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

__all__ = ["_empty_broker"]  # a fixture that runs by itself

KILLS = 6


def people() -> dict[str, object]:
    """Who wrote what, and what trust that gives, without the keys that differ from run to run."""
    written: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = Authorship.objects.filter(researcher__isnull=False).order_by("work__arxiv_id", "position")
    for researcher, work, position in rows.values_list("researcher", "work__arxiv_id", "position"):
        written[researcher or 0].append((work, position))
    trust = Researcher.objects.filter(pk__in=written).values_list("pk", "trust__score", "trust__facts")
    facts = {pk: (score, facts) for pk, score, facts in trust}
    return {
        "clusters": sorted((positions, *facts[pk]) for pk, positions in written.items()),
        "unresolved": Authorship.objects.filter(researcher=None, kind="person").count(),
    }


def finish(run: ImportRun) -> None:
    """What beat does every minute, until all is done."""
    with running_worker():
        resume_interrupted_harvests.delay()
        wait_until(lambda: has_ended(run), 120)
        catch_up.delay()
        wait_until(lambda: is_over(run), 120)


@needs_shared_data
def test_a_worker_killed_again_and_again_ends_with_the_same_rows() -> None:
    random = Random(20261125)  # noqa: S311
    endpoint = RecordedEndpoint(seconds=0.3)
    with serving(endpoint):
        whole = begin_run(endpoint.url)
        finish(whole)
        expected = tables(), people()
        empty_tables()
        run = begin_run(endpoint.url)
        pages = []
        for _ in range(KILLS):
            with running_worker() as process:
                harvest.delay(run.pk)
                catch_up.delay()
                wait_until(lambda: ImportRun.objects.filter(pk=run.pk).exclude(status="queued").exists())
                time.sleep(random.uniform(0.0, 1.2))
                stop(process, signal.SIGKILL)
            run.refresh_from_db()
            pages.append(run.pages)
        finish(run)
    assert (run.status, run.error) == ("succeeded", "")
    assert run.created + run.updated + run.unchanged >= 503
    assert pages == sorted(pages)
    assert (tables(), people()) == expected
    assert ImportRun.objects.filter(status="succeeded", finished_at__gt=F("started_at")).count() == 1

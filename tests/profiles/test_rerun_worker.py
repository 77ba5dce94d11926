"""A full re-run as it really runs: over worker processes, killed half-way, and the same end state."""

import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.identity.runs import plan_run
from profiles.models import Researcher, ResolutionRun
from profiles.tasks import resume_resolution, start_walkers
from tests.factories import import_records, make_record
from tests.test_worker import _empty_broker, running_worker, stop, wait_until  # noqa: F401 - a fixture
from works.models import Authorship

# serialized_rollback: the flush after each of these tests would empty the taxonomy, which a migration loaded.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def is_over(run: ResolutionRun) -> bool:
    run.refresh_from_db()
    return run.finished_at is not None


def chunks_done(run: ResolutionRun) -> int:
    return run.chunks.filter(status="done").count()


def test_workers_share_a_run_and_go_on_after_a_kill() -> None:
    import_records(*(make_record(authors=[f"Ada {chr(65 + n % 26)}name{chr(97 + n // 26)}"]) for n in range(60)))
    stray = Researcher.objects.create(
        display_name="Ada Anamea", slug="ada", name_key="anamea|ada", search_name="ada anamea"
    )
    twin = Researcher.objects.get(name_key="anamea|ada", display_name="Ada Anamea", tied_works=1)
    Authorship.objects.filter(researcher=twin).update(researcher=stray)
    Researcher.objects.create(display_name="Zz", slug="zz", name_key="zz|z", search_name="zz")
    run = plan_run(records_per_chunk=1)
    assert run.chunk_count == 61
    with running_worker() as process:
        start_walkers()
        wait_until(lambda: chunks_done(run) >= 5)
        stop(process, signal.SIGKILL)
    assert not is_over(run)
    before = chunks_done(run)
    # What beat does every two minutes, once a run has stood still for as long.
    ResolutionRun.objects.update(queued_at=timezone.now() - timedelta(hours=1))
    run.chunks.filter(status="done").update(finished_at=timezone.now() - timedelta(hours=1))
    with running_worker():
        resume_resolution.delay()
        wait_until(lambda: is_over(run), 120)
    assert before < chunks_done(run) == run.chunk_count
    assert Authorship.objects.filter(researcher__isnull=True).count() == 0
    assert Researcher.objects.get(pk=stray.pk).authorships.count() == 1

"""When beat starts what: the daily harvest by the clock of New York, and only where it is switched on."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab
from django.conf import settings

from bzpeer.celery import app

NEW_YORK = ZoneInfo("America/New_York")
ROOT = Path(__file__).parent.parent
READ = """
import json, django
from django.conf import settings
schedule = settings.CELERY_BEAT_SCHEDULE
print(json.dumps({name: [entry["task"], str(entry["schedule"])] for name, entry in schedule.items()}))
"""

# As a worker finds them when it starts; this process may have looked before it had imported everything.
KNOWN = """
import json
from bzpeer.celery import app
app.loader.import_default_modules()
print(json.dumps(list(app.tasks)))
"""


def known_tasks() -> set[str]:
    finished = subprocess.run(
        [sys.executable, "-c", KNOWN], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    return set(json.loads(finished.stdout))


def schedule_with(**environment: str) -> dict[str, list[str]]:
    finished = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "bzpeer.settings", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(finished.stdout)
    return found


def test_nothing_asks_arxiv_by_itself_unless_it_is_switched_on() -> None:
    assert not settings.ARXIV_HARVEST
    off, on = schedule_with(), schedule_with(BZPEER_ARXIV_HARVEST="true")
    assert set(on) - set(off) == {"daily-harvest", "weekly-sweep"}
    assert {task for task, _ in off.values()}.isdisjoint({"works.tasks.harvest_what_is_new", "works.tasks.sweep"})
    assert on["daily-harvest"][1] == str(daily())
    assert {task for task, _ in on.values()} <= known_tasks()


def daily(**options: Any) -> crontab:
    return crontab(minute=30, hour=22, day_of_week="sun-thu", app=app, **options)


def due_after(moment: datetime) -> datetime:
    """When the schedule is due next, asked at that moment."""
    return moment + daily(nowfun=lambda: moment).remaining_estimate(moment)


@pytest.mark.parametrize("around", ["2026-03-08", "2026-11-01", "2026-07-04"])  # summer time begins, ends, and is
def test_the_daily_harvest_is_at_half_past_ten_in_the_evening_of_new_york(around: str) -> None:
    start = datetime.fromisoformat(around).replace(hour=12, tzinfo=UTC) - timedelta(days=7)
    found, moment = [], start
    while moment < start + timedelta(days=14):
        moment = due_after(moment)
        found.append(moment.astimezone(NEW_YORK))
        moment += timedelta(seconds=1)
    evenings = [(start + timedelta(days=number)).replace(hour=22, minute=30, tzinfo=NEW_YORK) for number in range(16)]
    announced = [evening for evening in evenings if evening.strftime("%a") in {"Sun", "Mon", "Tue", "Wed", "Thu"}]
    assert found == announced[: len(found)]
    assert len(found) >= 10


def test_late_work_is_acknowledged_late_and_given_back() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    app.loader.import_default_modules()
    routes = {
        name: app.amqp.router.route({}, name)["queue"].name for name in app.tasks if not name.startswith("celery.")
    }
    assert routes["works.tasks.harvest"] == "import"
    assert routes["profiles.tasks.update_profiles_of_works"] == "pages"
    assert routes["profiles.tasks.catch_up"] == "processing"
    assert set(routes.values()) <= {"default", "import", "pages", "processing"}

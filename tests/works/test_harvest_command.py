"""`manage.py harvest` stores a run and puts it in the worker's queue."""

import json
from base64 import b64decode

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from redis import Redis

from works.models import ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> Redis:
    connection = Redis.from_url(settings.REDIS_URL)
    connection.delete("import")
    return connection


def test_the_run_is_stored_and_queued(broker: Redis) -> None:
    call_command("harvest", "--set=econ", "--from=2026-11-20")
    run = ImportRun.objects.get()
    assert (run.endpoint, run.set_spec, str(run.from_date), run.status) == (
        settings.ARXIV_OAI_URL,
        "econ",
        "2026-11-20",
        "queued",
    )
    (message,) = broker.lrange("import", 0, -1)
    arguments, *_ = json.loads(b64decode(json.loads(message)["body"]))
    assert arguments == [run.pk]
    broker.delete("import")


@pytest.mark.parametrize(
    "words", [["--from=yesterday"], ["--from=2026-11-20", "--until=2026-11-01"], ["--set", "x" * 99]]
)
def test_a_window_that_makes_no_sense_is_refused_in_words(broker: Redis, words: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("harvest", *words)
    assert not ImportRun.objects.exists()
    assert broker.llen("import") == 0

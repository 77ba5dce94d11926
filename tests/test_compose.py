"""The compose file without a container engine: what it promises, and each of its commands as a process."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from bzpeer.embedded.instance import CHECKOUT, pick_port
from bzpeer.embedded.processes import wait_until

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
SITE_SERVICES = ("migrate", "web", "worker", "beat")
PROGRAMS = Path(sys.executable).parent


def read_example() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))


def test_every_variable_without_a_default_stands_in_the_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (CHECKOUT / "docker-compose.yml").read_text()))
    assert asked
    assert asked <= read_example()


def test_the_example_names_nothing_that_the_file_does_not_read() -> None:
    read = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (CHECKOUT / "docker-compose.yml").read_text()))
    assert read_example() <= read


@pytest.mark.parametrize("service", SITE_SERVICES)
def test_the_settings_read_every_variable_that_a_service_gets(service: str) -> None:
    settings = (CHECKOUT / "bzpeer" / "settings.py").read_text()
    given = SERVICES[service]["environment"]
    assert [name for name in given if f'"{name}"' not in settings] == []


def test_nothing_serves_before_the_tables_are_there() -> None:
    for service in ("web", "worker", "beat"):
        conditions = {name: need["condition"] for name, need in SERVICES[service]["depends_on"].items()}
        assert conditions["migrate"] == "service_completed_successfully"
        assert conditions["postgres"] == conditions["valkey"] == "service_healthy"


def test_only_the_web_is_reachable_and_only_from_this_host() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_the_stores_keep_their_data_in_named_volumes_and_say_when_they_are_ready() -> None:
    for service in ("postgres", "valkey"):
        assert SERVICES[service]["volumes"][0].partition(":")[0] == service
        assert SERVICES[service]["healthcheck"]["test"]


def environment() -> dict[str, str]:
    """That of a service, with the stores of these tests; a queue of its own, so that no other test's jobs are in it."""
    redis, _, _ = os.environ["REDIS_URL"].rpartition("/")
    given = {"REDIS_URL": f"{redis}/1", "BZPEER_ALLOWED_HOSTS": "bzpeer.example.org"}
    return {**os.environ, **given, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}


def command_of(service: str, **replaced: str) -> list[str]:
    return [replaced.get(word, word) for word in SERVICES[service]["command"]]


@contextmanager
def started(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment(), stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def assert_ends_well(process: subprocess.Popen[bytes], log: Path) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0, log.read_text()


def assert_comes_true(condition: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    wait_until(lambda: process.poll() is not None or condition(), 60)
    assert condition(), log.read_text()


def probe(service: str, **replaced: str) -> int:
    """Run the service's own health check, as the container engine would, and return its exit code."""
    kind, *words = SERVICES[service]["healthcheck"]["test"]
    for old, new in {"$$": "$", **replaced}.items():
        words = [word.replace(old, new) for word in words]
    command = ["/bin/sh", "-c", *words] if kind == "CMD-SHELL" else words
    finished = subprocess.run(command, cwd=CHECKOUT, env=environment(), capture_output=True, check=False)
    return finished.returncode


@pytest.fixture(scope="module", autouse=True)
def _tables() -> None:
    finished = subprocess.run(
        command_of("migrate"), cwd=CHECKOUT, env=environment(), capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr


def test_web_answers_its_health_check_and_ends_when_asked(tmp_path: Path) -> None:
    port, log = str(pick_port()), tmp_path / "log"
    command = command_of("web", **{"8000": port, "0.0.0.0": "127.0.0.1"})  # noqa: S104 - replaced, not bound
    with started(command, log) as web:
        assert_comes_true(lambda: probe("web", **{":8000/": f":{port}/"}) == 0, web, log)
        assert_ends_well(web, log)


def test_worker_answers_its_health_check_and_ends_when_asked(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with started(command_of("worker"), log) as worker:
        assert_comes_true(lambda: f"celery@{socket.gethostname()} ready" in log.read_text(), worker, log)
        assert probe("worker") == 0
        assert_ends_well(worker, log)


def test_beat_keeps_a_schedule_and_ends_when_asked(tmp_path: Path) -> None:
    log = tmp_path / "log"
    schedule = next(word for word in SERVICES["beat"]["command"] if word.startswith("--schedule="))
    command = command_of("beat", **{schedule: f"--schedule={tmp_path}/schedule"})
    with started(command, log) as beat:
        assert_comes_true(lambda: "beat: Starting..." in log.read_text(), beat, log)
        assert_comes_true(lambda: any(tmp_path.glob("schedule*")), beat, log)
        assert_ends_well(beat, log)

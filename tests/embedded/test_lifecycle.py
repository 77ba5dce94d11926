"""`make demo` from its first start to its last: answered, killed in every part, started again, stopped."""

import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from bzpeer.embedded.identity import MYSELF, Identity, launched
from bzpeer.embedded.instance import CHECKOUT
from bzpeer.embedded.processes import wait_until
from tests.embedded.sites import (
    ITS_ADDRESS,
    PERSONS_PAGE,
    Supervised,
    assert_nothing_is_left,
    command,
    command_line,
    environment,
    family,
    fetch,
    owners,
    supervised,
)

PATIENCE_SECONDS = 60


@pytest.fixture
def instances() -> Iterator[Path]:
    """A folder that any user may be given: pytest's own is closed to others."""
    with tempfile.TemporaryDirectory(prefix="bzpeer-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def call(instances: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=CHECKOUT, env=environment(instances), capture_output=True, text=True, check=False
    )


def ports_of(site: Supervised) -> list[int]:
    state = site.instance.read_state()
    return [state[f"{name}_port"] for name in ("web", "postgres", "valkey")]


def comes_back(url: str) -> bool:
    return wait_until(lambda: fetch(url)[0] == 200, PATIENCE_SECONDS)


def kill(process: psutil.Process) -> None:
    process.kill()
    psutil.wait_procs([process], timeout=PATIENCE_SECONDS)


def test_a_demo_is_served_survives_kills_and_leaves_nothing(instances: Path) -> None:
    with supervised(instances, "demo") as site:
        page = site.wait_for(PERSONS_PAGE)
        status, text = fetch(page)
        assert status == 200
        assert "Greg Yang" in text
        assert "Trust 21 - Emerging" in text
        assert "13 published item(s)" in text

        again = call(instances, "demo")
        assert again.returncode == 0
        assert site.instance.read_state()["site_url"] in again.stdout
        assert "Traceback" not in again.stdout + again.stderr

        counted = call(
            instances, "manage", "shell", "-v0", "-c", "from works.models import Work; print(Work.objects.count())"
        )
        assert counted.stdout.strip() == "13", counted.stderr

        for words in (["bin/postgres", "-D"], ["celery", "worker"], ["granian"], ["valkey-server"]):
            victim = site.child(*words)
            kill(victim)
            assert wait_until(partial(revived, site, words, victim), PATIENCE_SECONDS), words
        assert comes_back(page), site.text
        assert comes_back(f"{site.instance.read_state()['site_url']}/healthz"), site.text

        site.send(signal.SIGKILL)
        assert wait_until(lambda: not family(site.instance), PATIENCE_SECONDS), family(site.instance)

    with supervised(instances, "demo") as site:
        assert site.wait_for(PERSONS_PAGE) == page
        assert "13 unchanged" in site.text
        assert fetch(page)[0] == 200
        ports = ports_of(site)
        assert site.send(signal.SIGTERM) == 0
        assert_nothing_is_left(site.instance, *ports)


def revived(site: Supervised, words: list[str], victim: psutil.Process) -> bool:
    found = [each for each in family(site.instance) if all(word in command_line(each) for word in words)]
    return any(each.create_time() > victim.create_time() for each in found) and victim not in found


def test_two_sites_run_at_once_and_each_stops_alone(instances: Path) -> None:
    (instances / "one").mkdir()
    (instances / "other").mkdir()
    with supervised(instances / "one", "run") as one, supervised(instances / "other", "run") as other:
        address, other_address = one.wait_for(ITS_ADDRESS), other.wait_for(ITS_ADDRESS)
        assert address != other_address
        assert fetch(f"{address}/healthz") == fetch(f"{other_address}/healthz") == (200, "ok\n")
        stopped = call(instances / "one", "stop")
        assert stopped.returncode == 0, stopped.stderr
        assert one.process.wait(PATIENCE_SECONDS) == 0
        assert_nothing_is_left(one.instance)
        assert fetch(f"{other_address}/healthz") == (200, "ok\n")
        assert other.send(signal.SIGINT) == 0
        assert_nothing_is_left(other.instance)


def ordinary_user() -> Identity:
    """Ourselves, or when we are root somebody who is not, with leave to reach a Python that lies in root's home."""
    if os.geteuid() != 0:
        return MYSELF
    nobody = pwd.getpwnam("nobody")
    for manner in ("user", "passage"):
        identity = Identity(manner, nobody.pw_uid, nobody.pw_gid)
        trial = launched(command("help"), death_signal=signal.SIGKILL, identity=identity)
        if subprocess.run(trial, cwd=CHECKOUT, capture_output=True, check=False).returncode == 2:
            return identity
    pytest.fail("No ordinary user can start Python here, so this test shows nothing.")


def test_an_ordinary_user_runs_it(instances: Path) -> None:
    user = ordinary_user()
    os.chown(instances, user.user, user.group)
    with supervised(instances, "run", user) as site:
        assert fetch(f"{site.wait_for(ITS_ADDRESS)}/healthz") == (200, "ok\n")
        assert owners(site.instance) == {user.user}
        assert site.send(signal.SIGHUP) == 0
        assert_nothing_is_left(site.instance)


def test_a_killed_run_of_tests_is_swept_up_by_the_next(instances: Path) -> None:
    killed = subprocess.Popen(command("exec", "sleep", "1000"), cwd=CHECKOUT, env=environment(instances))
    assert wait_until(lambda: any(instances.glob("test-*/static")), PATIENCE_SECONDS)
    (left,) = instances.glob("test-*")
    killed.kill()
    killed.wait()
    assert left.exists()
    assert call(instances, "exec", "true").returncode == 0
    assert list(instances.glob("test-*")) == []


def test_manage_and_stop_say_when_nothing_runs(instances: Path) -> None:
    managed = call(instances, "manage", "check")
    assert (managed.returncode, managed.stdout) == (1, "")
    assert "Nothing of this checkout is running" in managed.stderr
    assert call(instances, "stop").returncode == 0

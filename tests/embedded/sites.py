"""Whole sites as real processes, in folders of their own, for the tests of the supervisor."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bzpeer.embedded.identity import MYSELF, Identity, launched
from bzpeer.embedded.instance import CHECKOUT, Instance
from bzpeer.embedded.processes import OWNER_VARIABLE, wait_until

PERSONS_PAGE = re.compile(r"^(http://\S+/authors/greg-yang\S*/)$", re.MULTILINE)
ITS_ADDRESS = re.compile(r"^  Site +(http://\S+)/$", re.MULTILINE)
_PATIENCE_SECONDS = 120


@dataclass
class Supervised:
    """A started `python -m bzpeer.embedded …` and what it has printed."""

    process: subprocess.Popen[bytes]
    output: Path
    instance: Instance

    @property
    def text(self) -> str:
        return self.output.read_text()

    def wait_for(self, pattern: re.Pattern[str]) -> str:
        """Return what the pattern's group finds in the output, as soon as it is there."""
        wait_until(lambda: bool(pattern.search(self.text)) or self.process.poll() is not None, _PATIENCE_SECONDS)
        found = pattern.search(self.text)
        assert found, self.text
        return found[1]

    def send(self, number: signal.Signals) -> int:
        """Signal the supervisor and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE_SECONDS)

    def child(self, *words: str) -> psutil.Process:
        """The oldest process of this site whose command line holds all the words."""
        found = [each for each in family(self.instance) if all(word in command_line(each) for word in words)]
        assert found, words
        return min(found, key=lambda each: each.create_time())


def environment(instances: Path) -> dict[str, str]:
    """The person's own, without what the supervisor of these tests has put there."""
    ours = ("BZPEER_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"BZPEER_INSTANCES": str(instances)}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "bzpeer.embedded", *words]


@contextmanager
def supervised(instances: Path, name: str, identity: Identity = MYSELF) -> Iterator[Supervised]:
    """A demo or a run; whatever happens in the block, nothing of it is left afterwards."""
    instance = Instance(name, instances / name)
    output = instances / f"{name}.output"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            launched(command(name), death_signal=signal.SIGTERM, identity=identity),
            cwd=CHECKOUT,
            env=environment(instances),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    try:
        yield Supervised(process, output, instance)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait(_PATIENCE_SECONDS)
        for each in family(instance):
            each.kill()


def family(instance: Instance) -> list[psutil.Process]:
    """Every process that works for an instance, however it was started."""
    return [process for process in psutil.process_iter() if _belongs(process, str(instance.folder))]


def _belongs(process: psutil.Process, folder: str) -> bool:
    try:
        marked = process.environ().get(OWNER_VARIABLE) == folder
        return marked or f"{folder}/" in " ".join(process.cmdline()) or process.cwd().startswith(f"{folder}/")
    except (psutil.Error, OSError):
        return False


def owners(instance: Instance) -> set[int]:
    """The users whom the processes of an instance run as; one that ends while it is looked at has none."""
    found = set()
    for process in family(instance):
        with suppress(psutil.NoSuchProcess):
            found.add(process.uids().real)
    return found


def command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def fetch(url: str) -> tuple[int, str]:
    """The status and text of a page; 0 when nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=20) as response:  # noqa: S310 - an address that the site printed
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def assert_nothing_is_left(instance: Instance, *ports: int) -> None:
    """No process, no lock, and nobody listens."""
    connections = psutil.net_connections("tcp")
    listening = {each.laddr.port for each in connections if each.laddr and each.status == psutil.CONN_LISTEN}
    assert [command_line(process) for process in family(instance)] == []
    assert not (instance.folder / "lock").exists()
    assert not (instance.folder / "environment.json").exists()
    assert listening.isdisjoint(ports)

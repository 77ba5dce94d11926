"""Child processes: started in a group of their own, logged to a file, stopped for certain."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bzpeer.embedded.identity import MYSELF, Identity, launched
from bzpeer.embedded.instance import CHECKOUT

LOG_LIMIT_BYTES = 8 * 1024 * 1024
_POLL_SECONDS = 0.02

# In the environment of every supervised process: whose child it is. Only inheritance puts it there, so a process that
# carries it while nobody holds the instance's lock is a left-over of a supervisor that was killed.
OWNER_VARIABLE = "BZPEER_SUPERVISED_BY"


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for the condition, at most so many seconds; return whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


@dataclass
class Child:
    """One supervised program.

    `stop_signals` are sent one after the other, each with the seconds that the program gets before the next; then
    its whole group is killed.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    identity: Identity = MYSELF
    stop_signals: tuple[tuple[int, float], ...] = ((signal.SIGTERM, 5.0),)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.kill_group()  # what is left of a former start that died
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as stream:
            self._process = subprocess.Popen(
                launched(self.command, death_signal=self.stop_signals[0][0], identity=self.identity),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd=CHECKOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def begin_stop(self, number: int | None = None) -> None:
        """Send a signal (the first of `stop_signals` unless told) to the program alone: it stops its own children."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self.stop_signals[0][0] if number is None else number)

    def stop(self) -> None:
        stop_all([self])

    def kill_group(self) -> None:
        """Kill what is left of the program and of everything that it started in its group."""
        if self._process is None:
            return
        # Nothing may be left; macOS says "permission" when only a zombie is.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None


def stop_all(children: Sequence[Child]) -> None:
    """Stop several children at the same time; when this returns none of them, nor of their groups, is left."""
    for rung in range(max((len(child.stop_signals) for child in children), default=0)):
        waiting = [child for child in children if child.alive and rung < len(child.stop_signals)]
        for child in waiting:
            child.begin_stop(child.stop_signals[rung][0])
        patience = max((child.stop_signals[rung][1] for child in waiting), default=0)
        wait_until(lambda: not any(child.alive for child in children), patience)
    for child in children:
        child.kill_group()


def orphans_of(owner: Path) -> list[psutil.Process]:
    """Processes that a former supervisor of this instance left behind. Call only while holding its lock."""
    return [process for process in psutil.process_iter() if _environment(process).get(OWNER_VARIABLE) == str(owner)]


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ() if process.pid != os.getpid() else {}
    except (psutil.Error, OSError):
        return {}


def servers_in(folder: Path, program: str) -> list[psutil.Process]:
    """Processes of `program` that work in `folder`: a server's data folder is its working directory."""
    return [process for process in psutil.process_iter() if _works_in(process, folder, program)]


def _works_in(process: psutil.Process, folder: Path, program: str) -> bool:
    try:
        return Path(process.exe()).name == program and Path(process.cwd()) == folder
    except (psutil.Error, OSError):
        return False


def end_processes(processes: Iterable[psutil.Process], number: int, seconds: float) -> None:
    """Ask the processes to stop, and kill those that have not after so many seconds."""
    found = list(processes)
    # psutil refuses to signal a process whose number has passed to another one since we looked.
    for process in found:
        _signal(process, number)
    _, left = psutil.wait_procs(found, timeout=seconds)
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=5)


def _signal(process: psutil.Process, number: int) -> None:
    with suppress(psutil.NoSuchProcess):  # gone, which is what we want
        process.send_signal(number)


def log_tail(path: Path, lines: int = 20) -> str:
    try:
        with path.open(errors="replace") as stream:
            return "".join(deque(stream, lines)).rstrip()
    except FileNotFoundError:
        return "(no log)"


def bound_log(path: Path, limit: int = LOG_LIMIT_BYTES) -> None:
    """Keep a log and its predecessor within twice `limit`, while its writer has it open for appending."""
    if path.exists() and path.stat().st_size > limit:
        path.with_suffix(".log.1").write_bytes(path.read_bytes())
        os.truncate(path, 0)

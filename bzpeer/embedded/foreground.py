"""A program in the foreground, with the person's terminal: the harvest of the demo, pytest, a benchmark."""

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from bzpeer.embedded.identity import launched
from bzpeer.embedded.instance import CHECKOUT
from bzpeer.embedded.processes import wait_until

_GRACE_SECONDS = 10


@contextmanager
def in_front(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The program, for the length of a with block; it ends with the block, and with us."""
    process = subprocess.Popen(
        launched(command, death_signal=signal.SIGTERM),
        env=dict(environment),
        cwd=CHECKOUT,
    )
    try:
        yield process
    finally:
        _end(process)


def run_in_front(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the program to its end and return its exit code."""
    with in_front(command, environment) as process:
        return process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    # After a Ctrl-C the terminal has told the program as well, and pytest wants to print what it knows: give it a
    # moment before we insist.
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        if number is not None:
            process.send_signal(number)
        wait_until(lambda: process.poll() is not None, 1 if number is None else _GRACE_SECONDS)

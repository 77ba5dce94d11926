"""What the supervisor tells the person in front of the terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_STEP_WIDTH = 52


class Failure(Exception):
    """Something that a person must read; ends the supervisor with exit code 1 and no traceback."""


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what was done, and how long it took, once it is done."""
    began = time.monotonic()
    yield
    say(f"  {what:<{_STEP_WIDTH}}{time.monotonic() - began:5.1f} s")

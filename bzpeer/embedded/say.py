"""What the supervisor tells the person in front of the terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_STEP_WIDTH = 52


class Failure(Exception):
    """Something that a person must read; ends the supervisor with exit code 1 and no traceback."""


def say(text: str = "") -> None:
    _write(sys.stdout, text)


def complain(text: str) -> None:
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    # The terminal or pipe may have gone; what is left to do (stopping the servers) matters more than saying it.
    with suppress(OSError):
        stream.write(f"{text}\n")
        stream.flush()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what was done, and how long it took, once it is done."""
    began = time.monotonic()
    yield
    say(f"  {what:<{_STEP_WIDTH}}{time.monotonic() - began:5.1f} s")

"""How much memory processes hold while they run."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

LOOK_SECONDS = 0.1


@dataclass(slots=True)
class Highest:
    """The most bytes that were seen."""

    most: int = 0


@contextmanager
def highest_memory() -> Iterator[Highest]:
    """Look, ten times a second, at the resident memory of this process and its children, and keep the largest sum."""
    highest, is_over, process = Highest(), threading.Event(), psutil.Process()

    def look() -> None:
        while not is_over.wait(LOOK_SECONDS):
            highest.most = max(highest.most, resident_bytes(process))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield highest
    finally:
        is_over.set()
        looking.join()


def resident_bytes(process: psutil.Process) -> int:
    """The memory of a process and its children, shared pages counted for each."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        for member in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                total += member.memory_info().rss
    return total

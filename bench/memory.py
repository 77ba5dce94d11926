"""How much memory processes hold while they run, as the kernel says it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_SECONDS = 0.05


@dataclass(slots=True)
class Highest:
    """The most bytes that were seen."""

    most: int = 0


def resident_bytes(process: psutil.Process) -> int:
    """The memory of a process and its children, shared pages counted for each."""
    return _sum_of(process, lambda member: int(member.memory_info().rss))


def proportional_bytes(process: psutil.Process) -> int:
    """The memory of a process and its children; of what n processes share each has one n-th (PSS)."""
    return _sum_of(process, pss_of)


def pss_of(process: psutil.Process) -> int:
    """The proportional set size of one process in bytes, 0 for one that has ended but was not waited for."""
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _sum_of(process: psutil.Process, measure: Callable[[psutil.Process], int]) -> int:
    total = 0
    with suppress(psutil.NoSuchProcess):
        for member in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess, OSError):  # it has ended
                total += measure(member)
    return total


@contextmanager
def highest_memory(
    measure: Callable[[psutil.Process], int] = resident_bytes, process: psutil.Process | None = None
) -> Iterator[Highest]:
    """Look, twenty times a second, at the memory of a process (this one) and its children; keep the largest sum."""
    highest, is_over, looked_at = Highest(), threading.Event(), process or psutil.Process()

    def look() -> None:
        while True:
            highest.most = max(highest.most, measure(looked_at))
            if is_over.wait(LOOK_SECONDS):
                return

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield highest
    finally:
        is_over.set()
        looking.join()

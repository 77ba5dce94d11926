"""How much memory processes hold, each shared page counted in parts: what the kernel says, seen from outside."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bench.memory import Highest

LOOK_SECONDS = 0.05


@contextmanager
def highest_pss(process: psutil.Process) -> Iterator[Highest]:
    """Look, twenty times a second, at the memory of another process and its children, and keep the largest sum."""
    highest, is_over = Highest(), threading.Event()

    def look() -> None:
        while True:
            highest.most = max(highest.most, pss_bytes(process))
            if is_over.wait(LOOK_SECONDS):
                return

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield highest
    finally:
        is_over.set()
        looking.join()


def pss_bytes(process: psutil.Process) -> int:
    """The proportional set size of a process and its children."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        for member in [process, *process.children(recursive=True)]:
            with suppress(OSError):  # it has ended
                total += _pss_of(member.pid)
    return total


def _pss_of(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0

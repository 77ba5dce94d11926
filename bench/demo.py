"""How long `make demo` takes from a fresh clone and again, and the memory of all its processes: `make bench-demo`.

The first start makes the virtual environment, so its figure depends on what pip has cached.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.memory import pss_of

CHECKOUT = Path(__file__).resolve().parent.parent
MAKE = ["make", "--no-print-directory"]
PERSONS_PAGE = re.compile(r"^http://\S+/authors/\S+$")


@contextmanager
def demo(clone: Path) -> Iterator[float]:
    """A demo that has printed the person's address; yields the seconds which that took."""
    began = time.monotonic()
    with subprocess.Popen([*MAKE, "demo"], cwd=clone, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout or ():
                sys.stdout.write(line)
                if PERSONS_PAGE.match(line):
                    break
            else:
                sys.exit("The demo ended before it printed an address.")
            yield time.monotonic() - began
        finally:
            subprocess.run([*MAKE, "stop"], cwd=clone, check=True, stdout=subprocess.DEVNULL)


def measure_pss_mb(clone: Path) -> dict[str, float]:
    """The memory of each program once the harvest is over; what n processes share counts as 1/n in each."""
    supervisor = psutil.Process(json.loads((clone / "var/demo/state.json").read_text())["pid"])
    while any(map(is_harvest, supervisor.children())):
        time.sleep(0.1)
    used: dict[str, float] = {}
    for process in [supervisor, *supervisor.children(recursive=True)]:
        name = program_of(process)
        used[name] = used.get(name, 0) + pss_of(process) / 2**20
    return used


def is_harvest(process: psutil.Process) -> bool:
    """Whether it is the harvest, running or ended a moment ago."""
    try:
        return "demo_harvest" in process.cmdline()
    except psutil.ZombieProcess:
        return True  # until the supervisor has looked
    except psutil.NoSuchProcess:
        return False


def program_of(process: psutil.Process) -> str:
    """Which part of the site a process belongs to, by its command line."""
    line = " ".join(process.cmdline())
    names = ("valkey", "postgres", "granian", "celery --app bzpeer worker", "celery --app bzpeer beat")
    return next((name.rpartition(" ")[2] for name in names if name in line), "supervisor")


def main() -> None:
    """Start a clone twice; print the figures."""
    with tempfile.TemporaryDirectory(prefix="bzpeer-bench-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(clone)], check=True)
        with demo(clone) as first:
            pass
        with demo(clone) as second:
            used = measure_pss_mb(clone)
    for name, megabytes in sorted(used.items()):
        print(f"{name:<12}{megabytes:7.1f} MB")
    figures = {
        "first_start_s": round(first, 1),
        "second_start_s": round(second, 1),
        "pss_mb": round(sum(used.values())),
    }
    print(json.dumps({"bench": "demo", **figures}))


if __name__ == "__main__":
    main()

"""What an export of 10,000 works, the most, takes: memory while it streams, and works a second: `make bench-exports`.

A database of `bench.scaled`; every format is asked for through the whole of Django and read as a web
server reads it, piece by piece. Memory is what this process holds more than it did when the first pieces had come.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench.pages import run_inside

WORKS = 88_748
FORMATS = ("bibtex", "biblatex", "ris", "csl-json")
SETTLED = 200_000  # bytes of an answer after which caches and buffers have their size
ADDRESS = "/topics/cs.LG/export/{}/"  # more works carry the topic than an export holds


def main() -> int:
    """Measure in a process with servers of its own; or, inside, measure."""
    if sys.argv[1:2] == ["inside"]:
        return measure(int(sys.argv[2]))
    print(json.dumps({"bench": "exports", **run_inside(WORKS, "bench.exports")}))
    return 0


def measure(size: int) -> int:
    """Fill the database, unless it is full, and take the exports away."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from bench.scaled import load_scaled
    from works.models import Work

    call_command("migrate", verbosity=0)
    if not Work.objects.exists():
        load_scaled(size, size)
    figures: dict[str, float] = {}
    for word in FORMATS:
        figures |= take_away(word)
    print(json.dumps(figures))
    return 0


def take_away(word: str) -> dict[str, float]:
    """Read one export to its end; return its bytes, the growth of memory in MB, and works a second."""
    from django.test import Client

    from exports.views import MOST_WORKS

    response = Client(SERVER_NAME="127.0.0.1").get(ADDRESS.format(word))
    began, read, settled, most = time.perf_counter(), 0, 0.0, 0.0
    for piece in response:
        read += len(piece)
        most = max(most, resident())
        settled = settled if settled or read < SETTLED else resident()
    rate = MOST_WORKS / (time.perf_counter() - began)
    name = word.replace("-", "_")
    return {
        f"{name}_mb": round(read / 1e6, 2),
        f"{name}_growth_mb": round(most - settled, 1),
        f"{name}_works_per_s": round(rate),
    }


def resident() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())

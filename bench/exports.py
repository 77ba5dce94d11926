"""What an export takes out of a server that is looked at from outside: `make bench-exports`.

A database of `bench.scaled` with two more topics, of 500 and of 5,000 works. Granian serves the site as the demo does;
a client takes every format of both away, as fast as it comes and slowly. Memory is the proportional set size (PSS) of
Granian's processes, which the kernel tells, the most that is seen while an answer is read.
"""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil

from bench.memory import highest_memory, proportional_bytes
from bench.pages import run_inside, start_site
from bzpeer.embedded.instance import pick_port, port_is_free
from bzpeer.embedded.processes import wait_until
from bzpeer.embedded.site import GRANIAN

WORKS = 20_000
FEW, MANY = LENGTHS = (500, 5_000)
FORMATS = ("bibtex", "biblatex", "ris", "csl-json")
FAST, SLOW = "fast", "slow"
SLOW_BYTES_A_SECOND = 200_000  # half or less of what a quiet machine makes of any format
PIECE = 16_384
FIRST_BYTES = 7  # how often the time to the first byte is taken
START_SECONDS = 30
NEWEST = """
    INSERT INTO works_worktopic (work_id, topic_id, position, current_version_at)
    SELECT id, %s, 20 + %s, current_version_at FROM works_work ORDER BY current_version_at DESC, id DESC LIMIT %s
"""


class Taken(NamedTuple):
    """One export as its client saw it, and the most memory of the server meanwhile."""

    size: int
    seconds: float
    pss: int


def main() -> int:
    """Measure in a process with servers of its own; or, inside, measure."""
    if sys.argv[1:2] == ["inside"]:
        return measure(int(sys.argv[2]))
    print(json.dumps({"bench": "exports", **run_inside(WORKS, "bench.exports")}))
    return 0


def measure(size: int) -> int:
    """Fill the database, serve it, and take the exports away."""
    start_site()
    from django.core.management import call_command

    from bench.scaled import load_scaled

    call_command("migrate", verbosity=0)
    load_scaled(size, size)
    add_topics()
    figures: dict[str, float] = {}
    with serving() as server:
        for word in FORMATS:  # caches and buffers get their size
            take_away(server, FEW, word, FAST)
        for word in FORMATS:
            figures |= {f"{name(word)}_first_byte_ms": first_byte_ms(server.port, word)}
        for word, pace in product(FORMATS, (FAST, SLOW)):
            figures |= compare(word, pace, [take_away(server, length, word, pace) for length in LENGTHS])
    print(json.dumps(figures))
    return 0


def add_topics() -> None:
    """Make the two topics, of the newest works."""
    from django.db import connection

    from works.models import Topic

    for number, length in enumerate(LENGTHS):
        topic = Topic.objects.create(code=f"bench.{length}", name=f"{length} works", archive="bench", group="bench")
        with connection.cursor() as cursor:
            cursor.execute(NEWEST, [topic.pk, number, length])


class Server(NamedTuple):
    """A server of the site, and where it listens."""

    process: psutil.Process
    port: int


@contextmanager
def serving() -> Iterator[Server]:
    """Run the site's web server as the demo does; raise TimeoutError when nobody listens after half a minute."""
    port = pick_port()
    command = [str(Path(sys.executable).parent / "granian"), *GRANIAN.split(), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            if not wait_until(lambda: not port_is_free(port), START_SECONDS):
                raise TimeoutError("The web server does not start")
            yield Server(psutil.Process(process.pid), port)
        finally:
            process.terminate()


def ask(port: int, length: int, word: str) -> http.client.HTTPResponse:
    """Ask for an export; the client's own buffer is small, so that a slow one holds the server up."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)
    connection.sock.connect(("127.0.0.1", port))
    connection.request("GET", f"/topics/bench.{length}/export/{word}/", headers={"Connection": "close"})
    response = connection.getresponse()
    if response.status != 200:
        raise SystemExit(f"{response.status} for {word} of {length} works")
    return response


def take_away(server: Server, length: int, word: str, pace: str) -> Taken:
    """Read an export to its end."""
    began, size = time.perf_counter(), 0
    with highest_memory(proportional_bytes, server.process) as highest, ask(server.port, length, word) as response:
        while piece := response.read1(PIECE):
            size += len(piece)
            if pace == SLOW:
                time.sleep(len(piece) / SLOW_BYTES_A_SECOND)  # it is this that makes the client slow
    return Taken(size, time.perf_counter() - began, highest.most)


def first_byte_ms(port: int, word: str) -> float:
    """Return the median of the times from the request to the first byte of 5,000 works' content."""
    times: list[float] = []
    for _ in range(FIRST_BYTES):
        began = time.perf_counter()
        with ask(port, MANY, word) as response:
            response.read1(1)
            times.append(time.perf_counter() - began)
    return round(median(times) * 1000, 1)


def compare(word: str, pace: str, taken: Iterable[Taken]) -> dict[str, float]:
    """Print what the two lengths took; return it as figures."""
    few, many = taken
    print(
        f"{word:9} {pace}: {few.pss / 1e6:6.1f} MB for {FEW} works ({few.size / 1e6:.2f} MB, {few.seconds:.1f} s), "
        f"{many.pss / 1e6:6.1f} MB for {MANY} ({many.size / 1e6:.2f} MB, {many.seconds:.1f} s), "
        f"ratio {many.pss / few.pss:.3f}",
        flush=True,
    )
    of = f"{name(word)}_{pace}"
    figures = {
        f"{of}_pss_mb_{FEW}": round(few.pss / 1e6, 1),
        f"{of}_pss_mb_{MANY}": round(many.pss / 1e6, 1),
        f"{of}_pss_ratio": round(many.pss / few.pss, 3),
    }
    speed = {f"{name(word)}_mb": round(many.size / 1e6, 2), f"{of}_works_per_s": round(MANY / many.seconds)}
    return figures | speed


def name(word: str) -> str:
    """A format as a part of a metric's name."""
    return word.replace("-", "_")


if __name__ == "__main__":
    sys.exit(main())

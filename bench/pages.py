"""How long pages take on the server at 88,748 and at 1,000,000 works and people: `make bench-pages`.

Each size gets a database of its own (`bench.scaled`), and every request goes through the whole of Django in this
process: middleware, view, database, template. Only the web server's own share is not in the figures. Needs about 8 GB
of disk and half an hour; `ARGS="20000"` measures another size alone.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.questions import commonest, cut, misspell, part_of, with_initials

if TYPE_CHECKING:
    from django.test import Client

SEED = 7
SIZES = (88_748, 1_000_000)
TYPED = 1000
SEARCHED = 1000
VISITED = 200
WARM_UP = 100
NAMES = (
    "SELECT display_name FROM profiles_researcher WHERE id % (SELECT 1 + max(id) / 5000 FROM profiles_researcher) = 0"
)
INSTITUTIONS = """
    SELECT i.ror_id, i.name FROM works_institution i JOIN works_affiliationmatch m ON m.institution_id = i.id
    JOIN works_printedaffiliation p ON p.id = m.printed_affiliation_id
    JOIN works_authorship a ON a.printed_affiliation = p.text AND NOT (a.printed_affiliation = '')
    GROUP BY i.id ORDER BY count(*) DESC
"""
TITLES = "SELECT title FROM works_work WHERE id % (SELECT 1 + max(id) / 5000 FROM works_work) = 0"
SMALL, LARGE = SIZES
RATIOS = ("typeahead_p99_cpu_ms", "search_p99_cpu_ms", "profile_p99_cpu_ms", "work_p99_cpu_ms", "topic_p99_cpu_ms",
          "institution_p99_cpu_ms")  # fmt: skip


def main() -> int:
    """Measure each size in a process with servers of its own, then compare; or, inside, measure one."""
    words = sys.argv[1:]
    if words[:1] == ["inside"]:
        return measure(int(words[1]))
    figures: dict[int, dict[str, float]] = {}
    for size in [int(word) for word in words] or SIZES:
        figures[size] = run_inside(size)
    flat = {f"{name}_{label(size)}": value for size, found in figures.items() for name, value in found.items()}
    if set(figures) == set(SIZES):
        for name in RATIOS:
            flat[f"{name}_ratio"] = round(figures[LARGE][name] / figures[SMALL][name], 2)
    print(json.dumps({"bench": "pages", **flat}))
    return 0


def label(size: int) -> str:
    """How a size is called in the name of a metric."""
    return "1m" if size == LARGE else str(size)


def run_inside(size: int, module: str = "bench.pages") -> dict[str, float]:
    """Measure one size in a process of its own, showing what it prints; return its last line."""
    command = [
        sys.executable,
        "-m",
        "bzpeer.embedded",
        "exec",
        sys.executable,
        "-m",
        module,
        "inside",
        str(size),
    ]
    last = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            last = line
    if process.returncode:
        sys.exit(process.returncode)
    found: dict[str, float] = json.loads(last)
    return found


def measure(size: int) -> int:
    """Fill the database, unless it is full, and time the pages; print the figures as JSON."""
    start_site()
    from django.core.management import call_command

    from bench.scaled import load_scaled
    from works.models import Work

    call_command("migrate", verbosity=0)
    if Work.objects.count() != size:
        load_scaled(size, size)
    figures = {**time_searches(), **time_pages()}
    print(json.dumps(figures))
    return 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What questions are made of; families, given names and words are the commonest ones."""

    names: list[str]
    titles: list[str]
    families: list[str]
    given: list[str]
    words: list[str]
    institutions: list[tuple[str, str]]  # (ROR id, name), the most printed first


def start_site() -> None:
    """Have Django in this process as a web server has it."""
    import bzpeer.wsgi  # noqa: F401 - importing it does what has to be done


def time_searches() -> dict[str, float]:
    """Time what is typed and what is searched, the commonest words and the most crowded names among it."""
    chance = random.Random(SEED)
    drawn = draw()
    typed = [f"/search/suggestions/?{urlencode({'q': text})}" for text in typed_texts(chance, drawn)]
    searched = [f"/search/?{urlencode(asked)}" for asked in searches(chance, drawn)]
    return {**timed("typeahead", typed), **timed("search", searched)}


def draw() -> Drawn:
    """Read from the database what questions are made of."""
    from django.db import connection

    names, titles = sample(NAMES), sample(TITLES)
    with connection.cursor() as cursor:
        cursor.execute(INSTITUTIONS)
        institutions = cursor.fetchall()
    return Drawn(
        names,
        titles,
        commonest([name.split()[-1] for name in names], 40, shortest=2),
        commonest([name.split()[0] for name in names], 40, shortest=2),
        commonest(titles, 40),
        institutions,
    )


def sample(statement: str) -> list[str]:
    """Return values spread over a whole table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor if len(row[0].split()) >= 2]


def typed_texts(chance: random.Random, drawn: Drawn) -> Iterable[str]:
    """What stands in the box while people type: names in both orders, crowded names, titles, institutions, words."""
    for _ in range(TYPED // 11):
        for _ in range(2):
            yield cut(chance.choice(drawn.names), chance)
            yield cut(" ".join(reversed(chance.choice(drawn.names).split())), chance)
            yield cut(part_of(chance.choice(drawn.titles), chance, chance.randrange(1, 5)), chance, 3)
        yield cut(chance.choice(drawn.families), chance)
        yield cut(f"{chance.choice(drawn.families)} {chance.choice(drawn.given)}", chance)
        yield cut(chance.choice(drawn.words), chance, 3)
        yield cut(chance.choice(drawn.institutions)[1], chance, 3)
        yield misspell(chance.choice(drawn.names), chance)


def searches(chance: random.Random, drawn: Drawn) -> Iterable[dict[str, str]]:
    """What is searched: thirteen kinds in equal shares, so that the worst of them has most of the tail."""
    for _ in range(SEARCHED // 13):
        yield {"q": chance.choice(drawn.names)}
        yield {"q": chance.choice(drawn.families), "kind": "people", "page": str(chance.randrange(1, 51))}
        yield {"q": f"{chance.choice(drawn.given)} {chance.choice(drawn.families)}", "kind": "people"}
        yield {"q": misspell(chance.choice(drawn.names), chance), "kind": "people"}
        yield {"q": with_initials(chance.choice(drawn.names)), "kind": "people"}
        yield {"q": chance.choice(drawn.words), "kind": "works"}
        yield {"q": f"{chance.choice(drawn.words)} {chance.choice(drawn.words)}", "kind": "works"}
        yield {"q": part_of(chance.choice(drawn.titles), chance), "kind": "works"}
        yield {"q": misspell(part_of(chance.choice(drawn.titles), chance, 6), chance), "kind": "works"}
        yield {"q": chance.choice(drawn.words), "kind": "works", "sort": "date", "after": position(chance)}
        yield {"q": chance.choice(drawn.families), "kind": "people", "institution": some_institution(chance, drawn)}
        yield {"q": chance.choice(drawn.words), "kind": "works", "institution": some_institution(chance, drawn)}
        yield {"q": part_of(chance.choice(drawn.institutions)[1], chance, 2), "kind": "institutions"}


def some_institution(chance: random.Random, drawn: Drawn) -> str:
    """The ROR id of one of those that bylines print, every other time of the ten that they print most."""
    return chance.choice(drawn.institutions[:10] if chance.random() < 0.5 else drawn.institutions)[0]


def position(chance: random.Random) -> str:
    """A place anywhere in a list by date: the hundredth page as likely as the first."""
    return f"{chance.randrange(1_300_000_000, 1_560_000_000)}000000-1"


def timed(name: str, addresses: Sequence[str]) -> dict[str, float]:
    """Ask for every address once, after a warm-up; print the slowest, return medians and 99th percentiles in ms."""
    taken = [(*ask(address), address) for address in [*addresses[:WARM_UP], *addresses]][WARM_UP:]
    figures = {}
    for kind, values in (("", [row[0] for row in taken]), ("_cpu", [row[1] for row in taken])):
        figures[f"{name}_p99{kind}_ms"] = round(quantiles(values, n=100)[98], 1)
        figures[f"{name}{kind}_ms"] = round(median(values), 1)
    print(f"{figures}, of {len(taken)}; the slowest by processor time:")
    for spent, cpu, address in sorted(taken, key=lambda row: -row[1])[:12]:
        print(f"  {cpu:7.1f} ms ({spent:.1f} passed)  {address}")
    return figures


@cache
def browser() -> "Client":
    """One client for all requests, as each makes its own chain of middleware, which a server makes once."""
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1")


def ask(address: str) -> tuple[float, float]:
    """Ask for an address; return the milliseconds that passed, and those that processors spent on it.

    The second is what Django's process and its PostgreSQL process ran for, without what others on the machine took.
    """
    client = browser()
    client.cookies.clear()
    ran, began = ran_for(), time.perf_counter()
    status = client.get(address).status_code
    spent, ran = time.perf_counter() - began, ran_for() - ran
    if status not in {200, 302}:
        raise SystemExit(f"{address} answered {status}")
    return spent * 1000, ran * 1000


def ran_for() -> float:
    """Seconds for which this process and the database's process behind its connection have run."""
    from django.db import connection

    connection.ensure_connection()
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()
    return time.process_time() + int(schedule[0]) / 1e9


def time_pages() -> dict[str, float]:
    """Time pages of people, works, topics and institutions taken at random, and count their queries."""
    from profiles.models import Researcher
    from profiles.trust_facts import refresh_trust
    from works.models import Topic, Work

    chance, drawn = random.Random(SEED), draw()
    size = Work.objects.count()
    ids = [chance.randrange(1, size + 1) for _ in range(VISITED)]
    refresh_trust(ids)
    topics = [topic.get_absolute_url() for topic in Topic.objects.filter(topic_works__isnull=False).distinct()]
    return {
        **visit("profile", [person.get_absolute_url() for person in Researcher.objects.filter(pk__in=ids)]),
        **visit("work", [work.get_absolute_url() for work in Work.objects.filter(pk__in=ids)]),
        **visit("topic", [chance.choice(topics) for _ in range(VISITED)]),
        **visit("institution", [f"/institutions/{some_institution(chance, drawn)}/" for _ in range(VISITED)]),
    }


def visit(name: str, addresses: Sequence[str]) -> dict[str, float]:
    """Time the pages, and return their most queries besides."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask(address)
        return len(queries)

    return {**timed(name, addresses), f"{name}_queries": max(map(queries_of, addresses[:50]))}


if __name__ == "__main__":
    sys.exit(main())

"""How long the slice of the research graph takes on the server at 88,748 and at 1,000,000 works: `make bench-graph`.

Slices are read anew each time; `cached` are the same 300, ten times each, when they are kept. The databases are those
of `bench.pages`, and some works of a collaboration of 800 besides. Each request goes through the whole of Django in
this process, picture and page text included.
"""

import json
import random
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager

from bench.pages import LARGE, SIZES, SMALL, ask, label, run_inside, start_site, timed

SEED = 11
VISITED = 300
HUBS = 5
TIMES_EACH_HUB = 20
TIMES_EACH_KEPT = 10
# A collaboration's papers: so many of them, by so many people each.
LARGE_BYLINES = 60
LARGE_BYLINE = 800
RATIOS = ("slice_p99_ms", "hub_p99_ms")
BUSIEST = """
    SELECT researcher_id FROM works_authorship GROUP BY researcher_id ORDER BY count(*) DESC, researcher_id LIMIT %s
"""
ADD_LARGE_BYLINES = """
    INSERT INTO works_authorship (work_id, position, kind, printed_name, given_name, particle, family_name, suffix,
        name_key, printed_affiliation, researcher_id, attribution)
    SELECT w.id, 1000 + r.number, 'person', r.display_name, '', '', r.display_name, '', r.name_key, '', r.id,
        'automatic'
    FROM works_work w,
        (SELECT *, row_number() OVER () AS number FROM profiles_researcher ORDER BY id DESC LIMIT %(people)s) r
    WHERE w.id <= %(works)s
"""


def main() -> int:
    """Measure each size in a process with servers of its own, then compare; or, inside, measure one."""
    words = sys.argv[1:]
    if words[:1] == ["inside"]:
        return measure(int(words[1]))
    figures = {size: run_inside(size, "bench.graph") for size in [int(word) for word in words] or SIZES}
    flat = {f"{name}_{label(size)}": value for size, found in figures.items() for name, value in found.items()}
    if set(figures) == set(SIZES):
        flat |= {f"{name}_ratio": round(figures[LARGE][name] / figures[SMALL][name], 2) for name in RATIOS}
    print(json.dumps({"bench": "graph", **flat}))
    return 0


def measure(size: int) -> int:
    """Fill the database and time slices of people at random, of the busiest and of a collaboration's author."""
    start_site()
    from django.core.management import call_command

    from bench.scaled import load_scaled

    call_command("migrate", verbosity=0)
    load_scaled(size, size)
    add_large_bylines()
    anybody = slices_of(random.Random(SEED).sample(range(1, size + 1), VISITED))
    with nothing_kept():
        figures = {
            **timed("slice", anybody),
            **timed("hub", slices_of(busiest(), TIMES_EACH_HUB)),
            **timed("large_byline", slices_of([size], VISITED)),
        }
    keep(anybody)
    print(json.dumps(figures | timed("cached", anybody * TIMES_EACH_KEPT)))
    return 0


def nothing_kept() -> AbstractContextManager[object]:
    """Have every slice read, however often it was visited."""
    from django.test import override_settings

    return override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}})


def keep(addresses: Sequence[str]) -> None:
    """Visit until every slice is kept, and make sure that it is: the state of its sources takes one query."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(4):
        for address in addresses:
            ask(address)
    with CaptureQueriesContext(connection) as queries:
        for address in addresses:
            ask(address)
    if len(queries) != len(addresses):
        raise SystemExit(f"{len(queries)} queries for {len(addresses)} slices: some are not kept")


def add_large_bylines() -> None:
    """Put a collaboration's people on some works."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ADD_LARGE_BYLINES, {"works": LARGE_BYLINES, "people": LARGE_BYLINE})
        cursor.execute("VACUUM ANALYZE works_authorship")


def busiest() -> list[int]:
    """Return the people with the most works, who have thousands of co-authors."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BUSIEST, [HUBS])
        return [row[0] for row in cursor]


def slices_of(researcher_ids: Iterable[int], times: int = 1) -> list[str]:
    """Return the addresses of their slices, all of them so many times."""
    from profiles.models import Researcher

    found = Researcher.objects.in_bulk(list(researcher_ids))
    return [f"/graph/slice/{researcher.handle}/" for researcher in found.values()] * times


if __name__ == "__main__":
    sys.exit(main())

"""What tables and indexes cost on disk, measured on the real papers and projected: `make bench-sizes`.

The papers go through the site's own loader, resolution and trust into an empty database; nothing else is in it.
Each table grows with the works or with the authorships, and is projected by that.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

from bzpeer.embedded.__main__ import run_with_servers

Item = TypeVar("Item")

WORKS_AT_FULL_SIZE = 3_000_000
AUTHORSHIPS_AT_FULL_SIZE = 12_000_000
GROW_WITH_AUTHORSHIPS = ("works_authorship", "profiles_researcher", "profiles_trustsnapshot")
SHOWN_FROM_BYTES = 500_000  # smaller ones belong to the taxonomy and the accounts, or are empty
PAGE_OF_RECORDS = 2000

PARTS = """
    WITH tables AS (
        SELECT oid, relname, reltoastrelid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    )
    SELECT relname, 'heap', pg_relation_size(oid) FROM tables
    UNION ALL
    SELECT relname, 'TOAST', pg_total_relation_size(reltoastrelid) FROM tables WHERE reltoastrelid <> 0
    UNION ALL
    SELECT t.relname, x.indexrelid::regclass::text, pg_relation_size(x.indexrelid)
    FROM pg_index x JOIN tables t ON t.oid = x.indrelid
    ORDER BY 1, 3 DESC
"""
COUNTS = "SELECT (SELECT count(*) FROM works_work), (SELECT count(*) FROM works_authorship)"


class Part(NamedTuple):
    """A heap, a TOAST table or an index, in bytes."""

    table: str
    name: str
    size: int


def main() -> int:
    """Start servers of its own around itself; in there load, measure and print."""
    if sys.argv[1:] != ["inside"]:
        return run_with_servers([sys.executable, "-m", "bench.sizes", "inside"])
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    seconds = load_papers()
    works, authorships, parts = measure()
    report(works, authorships, parts, seconds)
    return 0


def load_papers() -> float:
    """Load every paper as the worker does, page by page, and let the tables settle; return the seconds."""
    from django.core.management import call_command
    from django.db import connection

    from bench.snapshot import read_snapshot
    from profiles.services import update_profiles_of_works
    from works.arxiv.load import load_records

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    for records in pages(read_snapshot(), PAGE_OF_RECORDS):
        result = load_records(records)
        update_profiles_of_works(result.work_ids, result.detached_researcher_ids)
    seconds = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return seconds


def pages(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Cut into lists of that size; the last may be shorter."""
    rest = iter(items)
    while page := list(islice(rest, size)):
        yield page


def measure() -> tuple[int, int, list[Part]]:
    """Return how many works and authorships there are, and every part of every table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        works, authorships = cursor.fetchone() or (0, 0)
        cursor.execute(PARTS)
        return works, authorships, [Part(*row) for row in cursor]


def report(works: int, authorships: int, parts: list[Part], seconds: float) -> None:
    """Print what each part has now and would have at full size, and the sums as JSON."""
    by_works = WORKS_AT_FULL_SIZE / works
    by_authorships = AUTHORSHIPS_AT_FULL_SIZE / authorships
    print(f"{works} works, {authorships} authorships, loaded and resolved in {seconds:.0f} s")
    print(f"works' tables grow {by_works:.1f} times, authorships' {by_authorships:.1f} times\n")
    projected: dict[Part, float] = {}
    for part in parts:
        factor = by_authorships if part.table in GROW_WITH_AUTHORSHIPS else by_works
        if part.size >= SHOWN_FROM_BYTES:
            projected[part] = part.size * factor / 1e9
            print(f"{part.table:<24}{part.name:<36}{part.size / 1e6:8.1f} MB{projected[part]:8.2f} GB")
    indexes = sum(size for part, size in projected.items() if part.name not in {"heap", "TOAST"})
    figures = {
        "works": works,
        "authorships": authorships,
        "all_gb_at_full_size": round(sum(projected.values()), 1),
        "indexes_gb_at_full_size": round(indexes, 1),
    }
    print(json.dumps({"bench": "sizes", **figures}))


if __name__ == "__main__":
    sys.exit(main())

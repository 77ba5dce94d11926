"""What the triggers of kept slices cost an import: `make bench-graph-triggers`. A few minutes, on the real papers.

The same papers are loaded, and then loaded with changed titles, with the triggers and without them in turns. Changed
papers are loaded twice over: while nobody's slice is watched, and while every tenth of the people is.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from typing import Any

from bench.snapshot import read_snapshot

SEED = 11
PAPERS = 4000
ROUNDS = 5
WATCHED = 10  # every so manieth person, with their company and works; and all topics
TABLES = ("works_authorship", "works_work", "works_worktopic", "profiles_researcher", "works_affiliationmatch")
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
    WHERE tgname LIKE 'graph\\_%%' AND NOT tgisinternal AND tgrelid::regclass::text = ANY(%s)
"""
# A person for each name: who wrote what makes no difference here.
NAME_PEOPLE = """
    INSERT INTO profiles_researcher (display_name, slug, name_variants, name_key, search_name, state, identity_level,
        summary, collaboration)
    SELECT min(printed_name), 'a', ARRAY[min(printed_name)], name_key, name_key, 'unclaimed', 1, '', 'open'
    FROM works_authorship WHERE kind = 'person' GROUP BY name_key
"""
TELL_APART = """
    UPDATE works_authorship a SET researcher_id = r.id FROM profiles_researcher r WHERE r.name_key = a.name_key
        AND a.kind = 'person'
"""
WATCH = """
    INSERT INTO graph_watched (kind, key)
    SELECT kind, id FROM profiles_researcher, (VALUES (1), (2)) AS kind (kind) WHERE id %% %(every)s = 0
    UNION ALL SELECT 3, id FROM works_work WHERE id %% %(every)s = 0
    UNION ALL SELECT 4, id FROM works_topic
"""


def main() -> int:
    """Measure in a process with servers of its own; or, inside, measure."""
    if sys.argv[1:2] == ["inside"]:
        return measure()
    command = [sys.executable, "-m", "bzpeer.embedded", "exec", sys.executable, "-m", "bench.graph_triggers", "inside"]
    return subprocess.call(command)


def measure() -> int:
    """Load in turns; print the medians of the processor time with triggers over that without."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    papers = list(read_snapshot(PAPERS))
    taken: dict[str, dict[bool, list[float]]] = {}
    for number in range(ROUNDS):
        for has_triggers in random.Random(SEED + number).sample([True, False], 2):
            with only_if(has_triggers):
                for name, spent in play(papers, number).items():
                    taken.setdefault(name, {True: [], False: []})[has_triggers].append(spent)
    flat: dict[str, Any] = {"bench": "graph_triggers"}
    for name, both in taken.items():
        ratios = [with_them / without for with_them, without in zip(both[True], both[False], strict=True)]
        print(f"{name:<18} {median(both[False]):6.2f} s without, ratio {[round(ratio, 3) for ratio in ratios]}")
        flat[f"{name}_with_to_without"] = round(median(ratios), 3)
    print(json.dumps(flat))
    return 0


def play(papers: Sequence[Any], number: int) -> dict[str, float]:
    """Load into an empty database, then load changes while nobody watches and while many do; processor seconds."""
    execute("TRUNCATE works_work, profiles_researcher, graph_watched, graph_change RESTART IDENTITY CASCADE")
    spent = {"first": load(papers)}
    execute(NAME_PEOPLE)
    execute(TELL_APART)
    spent["changed"] = load([replace(paper, title=f"{paper.title} {number} a") for paper in papers])
    execute(WATCH, {"every": WATCHED})
    execute("ANALYZE")
    spent["changed_watched"] = load([replace(paper, title=f"{paper.title} {number} b") for paper in papers])
    return spent


def load(papers: Sequence[Any]) -> float:
    """Load as an import does, without the profiles that follow; processor seconds of this process and the other's."""
    from bench.pages import ran_for
    from works.arxiv.load import load_records

    began = ran_for()
    for start in range(0, len(papers), 1000):
        load_records(papers[start : start + 1000])
    return ran_for() - began


@contextmanager
def only_if(has_triggers: bool) -> Iterator[None]:
    """Without the triggers, unless they are wanted."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS, [list(TABLES)])
        found = cursor.fetchall()
    if not found:
        raise SystemExit("There are no triggers to measure.")
    for table, name in found:
        execute(f"ALTER TABLE {table} {'ENABLE' if has_triggers else 'DISABLE'} TRIGGER {name}")
    yield


def execute(statement: str, values: dict[str, Any] | None = None) -> None:
    """Run a statement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


if __name__ == "__main__":
    sys.exit(main())

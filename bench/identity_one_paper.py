"""What resolving one new paper of five authors costs in a database of a million authorships.

Each new paper takes title, abstract and categories of one real paper, and the byline of another that has five authors
whose names are in the database as often as in the real papers (`bench.scaled`). It is loaded, and then its names are
resolved as the worker does it: the clustering, its namesakes, suspicions and trust.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from statistics import median, quantiles
from typing import TypeVar

from bench.pages import ran_for, run_inside
from works.arxiv.records import ParsedRecord

WORKS = 300_000  # of 3.3 authors on average
WARM_UP, PAPERS, SEED = 20, 200, 20
AUTHORS = 5
Answer = TypeVar("Answer")


def main() -> int:
    """Measure in a process with servers of its own; or, inside, measure. Another number of works can be given."""
    words = sys.argv[1:]
    if words[:1] == ["inside"]:
        return measure(int(words[1]))
    run_inside(int(words[0]) if words else WORKS, "bench.identity_one_paper")
    return 0


def measure(works: int) -> int:
    """Fill the database, unless it is full, resolve new papers one by one, and print the figures as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    import json

    from django.core.management import call_command

    from bench.scaled import load_scaled
    from works.models import Authorship, Work

    call_command("migrate", verbosity=0)
    if Work.objects.count() < works:
        load_scaled(works, works)
    figures: dict[str, float] = {"authorships": Authorship.objects.count()}
    note(figures, time_papers(make_papers(WARM_UP + PAPERS)))
    print(json.dumps({"bench": "identity_one_paper", **figures}))
    return 0


def make_papers(count: int) -> Iterator[ParsedRecord]:
    """Yield so many papers of five authors that the database does not have."""
    from bench.snapshot import read_snapshot
    from works.arxiv.byline import read_byline

    chance = random.Random(f"one paper {SEED}")
    real = list(read_snapshot())
    bylines = [record.byline for record in real if len(read_byline(record.byline).authors) == AUTHORS]
    serial = time.time_ns() // 1000 % 90_000  # a later run on the same database adds others
    for number in range(count):
        yield replace(chance.choice(real), arxiv_id=f"9901.{serial + number:05}", byline=chance.choice(bylines))


def time_papers(papers: Iterator[ParsedRecord]) -> dict[str, list[float]]:
    """Load each paper, then resolve it; return the milliseconds of processor time of each, by part."""
    from profiles import services
    from profiles.identity.services import list_researchers_on, resolve_works
    from works.arxiv.load import load_records

    taken: dict[str, list[float]] = {"resolve": [], "reunite": [], "review_and_trust": [], "wall": []}
    for paper in papers:
        ids = list(load_records([paper]).work_ids)
        began = time.perf_counter()
        touched, spent = timed(resolve_works, ids)
        taken["resolve"].append(spent)
        again, spent = timed(services.reunite_namesakes, touched)
        taken["reunite"].append(spent)
        taken["wall"].append(1000 * (time.perf_counter() - began))
        everybody = touched | again | set(list_researchers_on(ids))
        _, spent = timed(services.bring_up_to_date, everybody)
        taken["review_and_trust"].append(spent)
    return {name: spent[WARM_UP:] for name, spent in taken.items()}


def timed(work: Callable[[Iterable[int]], Answer], ids: Iterable[int]) -> tuple[Answer, float]:
    """Do it; return what it gave and the milliseconds that this process and the database's ran for."""
    before = ran_for()
    return work(ids), 1000 * (ran_for() - before)


def note(figures: dict[str, float], taken: dict[str, list[float]]) -> None:
    """Add the medians and 95th percentiles, and print them."""
    whole = [one + other for one, other in zip(taken["resolve"], taken["reunite"], strict=True)]
    for name, spent in {"resolve_and_reunite": whole, **taken}.items():
        figures[f"{name}_ms"] = round(median(spent), 1)
        figures[f"{name}_p95_ms"] = round(quantiles(spent, n=20)[-1], 1)
        print(f"{name:24}{figures[f'{name}_ms']:>8} ms median{figures[f'{name}_p95_ms']:>8} ms p95", flush=True)


if __name__ == "__main__":
    sys.exit(main())

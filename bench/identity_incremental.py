"""How far resolving papers as they come in differs from a full re-run, and what one paper costs."""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from statistics import median

from bzpeer.embedded.__main__ import run_with_servers

PAPERS, PAGE, SINGLE_PAPERS, SEED = 4000, 100, 60, 20
AUTHORS = 5
Who = dict[tuple[str, int], int]


def main() -> int:
    """Start servers of its own around itself; in there load, resolve, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=PAPERS)
    parser.add_argument("--orders", nargs="+", default=["oldest", "newest", "shuffled"])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.inside:
        return run_with_servers([sys.executable, "-m", "bench.identity_incremental", "--inside", *sys.argv[1:]])
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    figures: dict[str, float] = {}
    reference: Who = {}
    for order in options.orders:
        arrived, again = measure_order(options.papers, order, figures)
        reference = reference or again
        note_agreement(figures, f"{order}_as_it_came", arrived, reference)
        note_agreement(figures, f"{order}_full", again, reference)
    print(json.dumps({"bench": "identity_incremental"} | figures))
    return 0


def measure_order(papers: int, order: str, figures: dict[str, float]) -> tuple[Who, Who]:
    """Load the papers in an order; return whose each byline is before and after a full re-run."""
    from bench.sizes import pages
    from bench.snapshot import read_snapshot
    from profiles.identity.services import resolve_works
    from works.arxiv.byline import read_byline
    from works.arxiv.load import load_records

    records = list(read_snapshot(papers))
    if order == "newest":
        records.reverse()
    elif order == "shuffled":
        random.Random(SEED).shuffle(records)
    singles = [record for record in records if len(read_byline(record.byline).authors) == AUTHORS][-SINGLE_PAPERS:]
    ids = {record.arxiv_id for record in singles}
    empty()
    seconds = 0.0
    for page in pages([record for record in records if record.arxiv_id not in ids], PAGE):
        work_ids = load_records(page).work_ids
        started = time.perf_counter()
        resolve_works(work_ids)
        seconds += time.perf_counter() - started
    note(figures, f"{order}_ms_per_paper_of_a_page", 1000 * seconds / (len(records) - len(singles)))
    taken, worked = [], []
    for record in singles:
        work_ids = load_records([record]).work_ids
        started, at_work = time.perf_counter(), time.process_time()
        resolve_works(work_ids)
        taken.append(1000 * (time.perf_counter() - started))
        worked.append(1000 * (time.process_time() - at_work))
    note(figures, f"{order}_ms_one_paper_median", median(taken))
    note(figures, f"{order}_cpu_ms_one_paper_median", median(worked))
    note(figures, f"{order}_ms_one_paper_p95", sorted(taken)[int(len(taken) * 0.95)])
    arrived = read_who()
    for run in ("first", "second"):
        started = time.perf_counter()
        moved = rerun()
        note(figures, f"{order}_{run}_rerun_moved", moved)
        note(figures, f"{order}_{run}_rerun_s", time.perf_counter() - started)
    return arrived, read_who()


def empty() -> None:
    """Leave nothing but the taxonomy."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE works_work, profiles_researcher, works_pendingupdate, profiles_doubt CASCADE")
        cursor.execute("ANALYZE")


def rerun() -> int:
    """Do a full re-run here; return how many authorships changed hands."""
    from profiles.identity.runs import plan_run, resolve_next_chunk

    run = plan_run()
    while resolve_next_chunk():
        pass
    return sum(run.chunks.values_list("moved", flat=True))


def read_who() -> Who:
    """Return the researcher of every byline position, by arXiv id and position."""
    from works.models import Authorship

    rows = Authorship.objects.filter(kind="person").values_list("work__arxiv_id", "position", "researcher")
    return {(arxiv_id, position): researcher or 0 for arxiv_id, position, researcher in rows}


def note_agreement(figures: dict[str, float], name: str, found: Who, reference: Who) -> None:
    """Compare two clusterings of the same bylines."""
    pair_f1, b3_f1 = compare(found, reference)
    note(figures, f"{name}_pair_f1", pair_f1)
    note(figures, f"{name}_b3_f1", b3_f1)


def compare(found: Who, reference: Who) -> tuple[float, float]:
    """Return the pairwise F1 and the B-cubed F1 of one clustering against another."""
    both = Counter((found[key], reference[key]) for key in reference)
    ours, theirs = Counter(found[key] for key in reference), Counter(reference.values())

    def pairs(counts: Counter[int] | Counter[tuple[int, int]]) -> int:
        return sum(count * (count - 1) // 2 for count in counts.values())

    precision = sum(count * count / ours[one] for (one, _other), count in both.items()) / len(reference)
    recall = sum(count * count / theirs[other] for (_one, other), count in both.items()) / len(reference)
    return 2 * pairs(both) / max(1, pairs(ours) + pairs(theirs)), 2 * precision * recall / (precision + recall)


def note(figures: dict[str, float], name: str, value: float) -> None:
    """Keep a figure and print it."""
    figures[name] = round(value, 4)
    print(f"{name:42}{value:>12,.3f}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())

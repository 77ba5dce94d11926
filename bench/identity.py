"""How well labelled mentions are resolved, each block by a model that never saw it, and how fast real papers are."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import log

import numpy as np

from bench.identity_sets import GOALS, LabelledSet, read_set, read_variants, score
from bench.identity_thresholds import chances, clusters
from bench.identity_training import cross_fitted
from bench.memory import highest_memory
from bench.snapshot import read_snapshot
from profiles.identity.clusters import cluster_mentions
from profiles.identity.coauthors import name_keys
from profiles.identity.corpus import Floats
from profiles.identity.mentions import AuthorMention
from profiles.identity.scoring import read_model
from works.arxiv.byline import read_byline

SIZES = (100_000, 1_000_000)
FIGURES = ("pair_p", "pair_r", "pair_f1", "b3_p", "b3_r", "b3_f1")
CURVE = (-0.1, 0.0, 0.1, 0.2)


def main(arguments: Sequence[str]) -> int:
    """Measure quality and speed, or one of them (`quality`, `speed`); print tables and the JSON line."""
    if arguments[:1] == ["size"]:
        return measure_size(int(arguments[1]))
    figures: dict[str, float] = {}
    if "speed" not in arguments:
        figures |= measure_quality()
    if "quality" not in arguments:
        figures |= measure_speed()
    print(json.dumps({"bench": "identity"} | figures))
    return 0


def measure_quality() -> dict[str, float]:
    """Score every set, each half of its blocks by the model trained on the other half of all sets."""
    sets = [read_set(name, rows) for name, rows in read_variants().items()]
    models = cross_fitted(sets)
    figures: dict[str, float] = {}
    print(f"{'set':22}{'':22}" + "".join(f"{name:>9}" for name in FIGURES))
    for each in sets:
        chance = chances(each, models)
        for shared in (False, True) if each.name == "openreview" else (False,):
            figures |= score_set(each, chance, shared=shared)
    return figures


def score_set(labelled: LabelledSet, chance: Floats, *, shared: bool) -> dict[str, float]:
    """Print a set's scores with the curve and the baselines; return its metrics."""
    name = f"{labelled.name}_shared" if shared else labelled.name
    corpus = labelled.corpus
    forms = [corpus.forms[form] for form in corpus.form]
    baselines = {
        "exact name": [f"{form.surname}|{' '.join(form.words)}" for form in forms],
        "surname and initial": [name_keys(form)[1] for form in forms],
    }
    for label, keys in baselines.items():
        print_scores(name, label, score(labelled.rows, corpus.ids, as_numbers(keys), shared=shared))
    ours: dict[str, float] = {}
    chosen = read_model()
    for shift in CURVE:
        thresholds = (chosen.threshold + shift, chosen.threshold_crowded + shift, chosen.threshold_initials + shift)
        found_clusters = clusters(labelled, chance, thresholds)
        found = score(labelled.rows, corpus.ids, found_clusters, shared=shared)
        print_scores(name, f"threshold {shift:+.2f}" if shift else "ours", found)
        ours = ours if shift else found
    goal = GOALS[name]
    print_scores(name, "goal", {"pair_f1": goal[0], "b3_f1": goal[1]})
    return {f"{name}_{figure}": ours[figure] for figure in ("pair_f1", "b3_f1", "pair_p", "b3_p")}


def as_numbers(keys: list[str]) -> Iterable[int]:
    numbers: dict[str, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def print_scores(name: str, label: str, scores: dict[str, float]) -> None:
    print(
        f"{name:22}{label:22}" + "".join(f"{scores.get(figure, float('nan')):9.3f}" for figure in FIGURES), flush=True
    )


def measure_speed() -> dict[str, float]:
    """Cluster the real papers, and 100,000 and 1,000,000 authorships made of them, each in a process of its own."""
    real = run_size(0)
    small, large = (run_size(size) for size in SIZES)
    for each in (real, small, large):
        print("  ".join(f"{key} {value:,.1f}" for key, value in each.items()), flush=True)
    grown = log(large["cpu_s"] / small["cpu_s"]) / log(large["mentions"] / small["mentions"])
    return {
        "mentions": real["mentions"],
        "mentions_per_s": round(real["mentions"] / real["wall_s"]),
        "mentions_per_cpu_s": round(real["mentions"] / real["cpu_s"]),
        "exponent": round(grown, 3),
        "rss_mb_1m": large["rss_mb"],
    }


def run_size(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.identity", "size", str(size)]
    finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(finished.stdout.splitlines()[-1])
    return figures


def measure_size(size: int) -> int:
    """Cluster so many mentions (0: the real ones), and print what it took."""
    mentions = list(islice(multiplied(), size) if size else real_mentions())
    with highest_memory() as memory:
        wall, cpu = time.perf_counter(), time.process_time()
        clustering = cluster_mentions(hand_over(mentions), cores=os.cpu_count() or 1)
        places = sum(1 for _ in clustering.places())
        taken = time.perf_counter() - wall
    reader = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "mentions": places,
        "wall_s": taken,
        "cpu_s": time.process_time() - cpu + reader.ru_utime + reader.ru_stime,
        "pairs": len(clustering.links),
        "clusters": len(np.unique(clustering.cluster)),
        "reader_rss_mb": reader.ru_maxrss // 1024,
        "rss_mb": memory.most // 2**20,
    }
    print(json.dumps(figures))
    return 0


def hand_over(mentions: list[AuthorMention]) -> Iterator[AuthorMention]:
    """Yield the mentions and keep none, as reading them from a file would; their order makes no difference."""
    while mentions:
        yield mentions.pop()


def real_mentions() -> Iterable[AuthorMention]:
    """Yield the authorships of the real papers; texts and names of a paper are shared between them."""
    for paper in read_snapshot():
        names = tuple(author.printed_name for author in read_byline(paper.byline).authors if author.kind == "person")
        for position, name in enumerate(names):
            yield AuthorMention(
                id=f"{paper.arxiv_id}#{position}",
                work=paper.arxiv_id,
                name=name,
                coauthors=names[:position] + names[position + 1 :],
                title=paper.title,
                abstract=paper.abstract or "",
                year=paper.versions[0].submitted_at.year,
                categories=paper.categories,
            )


def multiplied() -> Iterable[AuthorMention]:
    """Yield the real authorships over and over. From the second round on everybody has another name, alike in all their
    works: given names and surnames drawn apart from those of the real ones, so that crowded names grow more crowded."""
    pool = list(dict.fromkeys(mention.name for mention in real_mentions()))
    for each in range(100):
        order = np.random.default_rng(each).permutation(len(pool))
        renamed = {
            name: f"{name.rpartition(' ')[0]} {pool[other].rpartition(' ')[2]}".strip()
            for name, other in zip(pool, order.tolist(), strict=True)
        }
        for mention in real_mentions():
            yield mention if not each else renamed_mention(mention, renamed, each)


def renamed_mention(mention: AuthorMention, renamed: dict[str, str], each: int) -> AuthorMention:
    return AuthorMention(
        id=f"{each}:{mention.id}",
        work=f"{each}:{mention.work}",
        name=renamed[mention.name],
        coauthors=tuple(renamed[name] for name in mention.coauthors),
        title=mention.title,
        abstract=mention.abstract,
        year=mention.year,
        categories=mention.categories,
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

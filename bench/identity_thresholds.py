"""Where average linkage stops: the thresholds that do best on blocks that the models have not seen."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bench.identity_sets import GOALS, LabelledSet, score
from profiles.identity.bindings import Constraints, bind
from profiles.identity.clusters import cluster_links, thresholds as least_chances
from profiles.identity.corpus import Floats
from profiles.identity.evidence import read_background
from profiles.identity.links import link_groups
from profiles.identity.scoring import Model

Thresholds = tuple[float, float, float]
# For full names that hardly anybody shares and for those that many bear; where one side has no more than initials.
FULL, CROWDED, INITIALS = (0.46, 0.50), (0.57,), (0.33, 0.35, 0.37, 0.39)
CANDIDATES: tuple[Thresholds, ...] = tuple(product(FULL, CROWDED, INITIALS))


def choose_thresholds(sets: Sequence[LabelledSet], models: tuple[Model, Model]) -> Thresholds:
    """Score the candidates over all sets, each block by the model that has not seen it; print what they reach.

    The best is the one whose worst figure is furthest above what is required of it, or the least below; of equals the
    highest, since a wrong merge costs more than a split.
    """
    scored = [(each, chances(each, models)) for each in sets]
    margins = {candidate: round(min(_margins(scored, candidate)), 4) for candidate in CANDIDATES}
    for candidate, margin in margins.items():
        print(*candidate, f"worst margin {margin:+.4f}", flush=True)
    return max(CANDIDATES, key=lambda candidate: (margins[candidate], candidate))


def _margins(scored: Sequence[tuple[LabelledSet, Floats]], thresholds: Thresholds) -> Iterator[float]:
    """How far each pairwise and B3 F1 is above its goal; names that several bear are a set of their own."""
    for labelled, chance in scored:
        cluster = clusters(labelled, chance, thresholds)
        for shared in (False, True) if labelled.name == "openreview" else (False,):
            name = f"{labelled.name}_shared" if shared else labelled.name
            figures = score(labelled.rows, labelled.corpus.ids, cluster, shared=shared)
            print(*thresholds, name, figures, flush=True)
            yield from (figures[key] - goal for key, goal in zip(("pair_f1", "b3_f1"), GOALS[name], strict=True))


def chances(labelled: LabelledSet, models: tuple[Model, Model]) -> Floats:
    """The chance of each pair, by the model that has not seen its block."""
    half: NDArray[np.int64] = labelled.half[labelled.pairs.left]
    chance = np.empty(len(half), np.float32)
    for number, model in enumerate(models):
        chance[half == number] = model.probabilities(labelled.evidence[half == number])
    return chance


def clusters(labelled: LabelledSet, chance: Floats, thresholds: Thresholds) -> list[int]:
    """The number of each mention's cluster at these thresholds."""
    corpus = labelled.corpus
    bound = bind(Constraints(), corpus)
    links = link_groups(corpus, bound, labelled.pairs, chance)
    model = Model((), *thresholds)
    least = least_chances(corpus, read_background(corpus), bound, links, model)
    found: list[int] = cluster_links(corpus, bound, links, least, model).cluster.tolist()
    return found

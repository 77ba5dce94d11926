"""Average linkage, against the definition."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings, strategies as st

from profiles.identity.clustering import NEVER, average_linkage, cluster_groups
from profiles.identity.links import Links

# Distinct sums, so that no two merges are equally good.
CHANCES = st.lists(st.one_of(st.none(), st.floats(0.01, 0.99)), min_size=21, max_size=21)


def matrix(values: list[float | None]) -> np.ndarray:
    similarity = np.full((7, 7), NEVER)
    for (one, other), value in zip(combinations(range(7), 2), values, strict=True):
        if value is not None:
            similarity[one, other] = similarity[other, one] = value - 0.5
    return similarity


def by_definition(similarity: np.ndarray) -> set[frozenset[int]]:
    clusters = [frozenset([number]) for number in range(len(similarity))]
    while True:
        averages = {
            (one, other): float(np.mean([similarity[a, b] for a in one for b in other]))
            for one, other in combinations(clusters, 2)
        }
        best = max(averages, key=averages.__getitem__, default=None)
        if best is None or averages[best] < 0:
            return set(clusters)
        clusters = [cluster for cluster in clusters if cluster not in best] + [best[0] | best[1]]


def as_sets(number: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(number == each).tolist()) for each in set(number.tolist())}


def jittered(values: list[float | None]) -> list[float | None]:
    return [None if value is None else value + 1e-5 * place**1.5 for place, value in enumerate(values)]


@settings(max_examples=150)
@given(CHANCES)
def test_it_is_average_linkage_and_parts_change_nothing(values: list[float | None]) -> None:
    similarity = matrix(jittered(values))
    expected = by_definition(similarity)
    left, right = np.nonzero(np.triu(similarity > NEVER))
    links = Links(left, right, similarity[left, right].astype(np.float32) + np.float32(0.5))
    sizes = np.ones(7, int)
    assert as_sets(average_linkage(similarity.copy(), np.ones(7))) == expected
    assert as_sets(cluster_groups(links, sizes, np.full(len(links), 0.5, np.float32))) == expected

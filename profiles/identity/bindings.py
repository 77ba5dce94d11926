"""People's decisions as they bind clustering: mentions that are one person's, and mentions that are not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from profiles.identity.corpus import Corpus, Indices


class ContradictoryDecisions(ValueError):
    """Decisions that no clustering can honour all; `pair` is a cannot-link whose sides must-links hold together."""

    def __init__(self, pair: tuple[str, str]) -> None:
        super().__init__(f"{pair[0]} and {pair[1]} must not be one person's, and must be by other decisions")
        self.pair = pair


@dataclass(frozen=True, slots=True)
class Constraints:
    """Pairs of mention ids. Ids that are not among the mentions bind nothing."""

    must: tuple[tuple[str, str], ...] = ()
    cannot: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """Constraints on one corpus: `group` numbers mentions that are one to begin with, `cannot` are pairs of groups."""

    group: Indices
    cannot: frozenset[tuple[int, int]]

    @property
    def size(self) -> int:
        return int(self.group.max(initial=-1)) + 1


def bind(constraints: Constraints, corpus: Corpus) -> Bound:
    """Contract the must-links; raises ContradictoryDecisions where a cannot-link lies inside a group."""
    number = {mention: index for index, mention in enumerate(corpus.ids)}
    must = _known(constraints.must, number)
    left, right = np.array([pair[0] for pair in must], int), np.array([pair[1] for pair in must], int)
    graph = sparse.coo_array((np.ones(len(must), np.int8), (left, right)), shape=(len(corpus), len(corpus)))
    group = sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    cannot = set()
    for one, other in _known(constraints.cannot, number):
        if group[one] == group[other]:
            raise ContradictoryDecisions((corpus.ids[one], corpus.ids[other]))
        cannot.add((int(min(group[one], group[other])), int(max(group[one], group[other]))))
    return Bound(group, frozenset(cannot))


def _known(pairs: Iterable[tuple[str, str]], number: Mapping[str, int]) -> list[tuple[int, int]]:
    return [(number[one], number[other]) for one, other in pairs if one in number and other in number]

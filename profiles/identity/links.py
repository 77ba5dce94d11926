"""Scored pairs of mentions brought together as links between groups of mentions, vetoes taken out."""

from dataclasses import dataclass

import numpy as np

from profiles.identity.bindings import Bound
from profiles.identity.blocks import Pairs
from profiles.identity.corpus import Corpus, Floats, Indices

Chances = Floats


@dataclass(frozen=True, slots=True)
class Links:
    """Links between groups (`left` < `right`, each pair once, in order), with the average chance of one person.

    Groups that no link joins must not meet: their names contradict each other, they are on one byline, or somebody
    decided so.
    """

    left: Indices
    right: Indices
    chance: Floats

    def __len__(self) -> int:
        return len(self.left)


def link_groups(corpus: Corpus, bound: Bound, pairs: Pairs, chance: Floats) -> Links:
    """Average the chances of the mentions between each two groups that may meet.

    Must-links are exempt from vetoes: a group whose members bear different names meets whoever agrees with one of them.
    """
    if bound.size == len(corpus):
        return _link_singles(bound, pairs, chance)
    left, right = bound.group[pairs.left], bound.group[pairs.right]
    keys = np.minimum(left, right) * bound.size + np.maximum(left, right)
    found, place = np.unique(keys[left != right], return_inverse=True)
    counted = np.bincount(place, minlength=len(found))
    total = np.bincount(place, chance[left != right], minlength=len(found))
    allowed = ~np.isin(found, _vetoed(corpus, bound))
    mean = (total[allowed] / counted[allowed]).astype(np.float32)
    return Links(found[allowed] // bound.size, found[allowed] % bound.size, mean)


def _link_singles(bound: Bound, pairs: Pairs, chance: Chances) -> Links:
    """The links where every group is one mention: the pairs in order, but those that somebody decided against."""
    keys = pairs.left * bound.size + pairs.right
    order = np.argsort(keys)
    if bound.cannot:
        decided = [one * bound.size + other for one, other in bound.cannot]
        order = order[~np.isin(keys[order], decided)]
    return Links(pairs.left[order], pairs.right[order], chance[order])


def _vetoed(corpus: Corpus, bound: Bound) -> Indices:
    """Keys of pairs of groups that decisions or a common byline keep apart."""
    decided = [one * bound.size + other for one, other in bound.cannot]
    return np.array(decided + _on_one_byline(corpus, bound), np.int64)


def _on_one_byline(corpus: Corpus, bound: Bound) -> list[int]:
    """Pairs of groups with mentions of one work; only groups of several can, single mentions were never paired."""
    sizes = np.bincount(bound.group, minlength=bound.size)
    several = sizes[bound.group] > 1
    works_of_several = np.unique(corpus.work[several])
    on_them = np.flatnonzero(np.isin(corpus.work, works_of_several))
    groups_of_work: dict[int, set[int]] = {}
    for mention in on_them.tolist():
        groups_of_work.setdefault(int(corpus.work[mention]), set()).add(int(bound.group[mention]))
    return [
        one * bound.size + other
        for groups in groups_of_work.values()
        for one in groups
        for other in groups
        if one < other
    ]

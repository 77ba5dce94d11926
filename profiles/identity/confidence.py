"""How sure each mention's place is, and which places are doubtful."""

from dataclasses import dataclass

import numpy as np

from profiles.identity.corpus import Floats, Indices
from profiles.identity.links import Links

# Below this an authorship shows as unconfirmed.
CONFIRMED = 0.5
# What a rival as sure as sure can be would take off; more tells right places from wrong ones less well (0012).
_RIVALRY = 0.4
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Standing:
    """For each group of mentions: the confidence in its place (0 to 1), and the next best place, NOWHERE if none."""

    confidence: Floats
    alternative: Indices
    alternative_chance: Floats


def weigh_places(links: Links, sizes: Indices, cluster: Indices, threshold: float) -> Standing:
    """Compare each group's links into its own cluster with those into the likest other that has no veto against it.

    In company: half the average chance, half the best one, less where another cluster is nearly as likely. Alone: 1
    where nobody else comes into question, down to 0 where the likest other cluster nearly does, at the threshold.
    """
    group = np.concatenate([links.left, links.right])
    other = np.concatenate([links.right, links.left])
    chance = np.concatenate([links.chance, links.chance])
    inside = cluster[group] == cluster[other]
    mean, best = _inside(group[inside], chance[inside], sizes[other[inside]], len(sizes))
    alternative, outside = _likest_other(group[~inside], other[~inside], chance[~inside], sizes, cluster)
    alone = np.bincount(cluster, minlength=len(sizes))[cluster] == 1
    accompanied = (mean + best) / 2 * (1 - _RIVALRY * outside)
    on_its_own = np.clip(1 - outside / threshold, 0, 1)
    return Standing(np.where(alone, on_its_own, accompanied).astype(np.float32), alternative, outside)


def _inside(group: Indices, chance: Floats, weight: Indices, size: int) -> tuple[Floats, Floats]:
    total = np.bincount(group, chance * weight, minlength=size)
    counted = np.bincount(group, weight, minlength=size)
    best = np.zeros(size)
    np.maximum.at(best, group, chance)
    return (total / np.maximum(1, counted)).astype(np.float32), best.astype(np.float32)


def _likest_other(
    group: Indices, other: Indices, chance: Floats, sizes: Indices, cluster: Indices
) -> tuple[Indices, Floats]:
    size = len(sizes)
    keys, place = np.unique(group * size + cluster[other], return_inverse=True)
    counted = np.bincount(place, sizes[other], minlength=len(keys))
    mean = np.bincount(place, chance * sizes[other], minlength=len(keys)) / np.maximum(1, counted)
    free = counted == np.bincount(cluster, sizes, minlength=size)[keys % size]
    keys, mean = keys[free], mean[free]
    order = np.argsort(mean, kind="stable")
    alternative, outside = np.full(size, NOWHERE), np.zeros(size, np.float32)
    alternative[keys[order] // size] = keys[order] % size
    outside[keys[order] // size] = mean[order]
    return alternative, outside

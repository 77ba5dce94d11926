"""How likely two mentions are one person's: an ensemble of small trees over the evidence, evaluated with numpy."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from profiles.identity.corpus import Floats
from profiles.identity.evidence import FEATURES

# Where merging stops: for full names that nobody shares, for those that many bear, and where a side has initials only.
THRESHOLDS = ("threshold", "threshold_crowded", "threshold_initials")
MODEL = Path(__file__).with_name("model.json")
_CHUNK = 16_384  # what one tree needs of so many pairs stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Tree:
    """A complete binary tree: inner nodes level by level, from the left; `value > at` goes to the right."""

    feature: tuple[int, ...]
    at: tuple[float, ...]
    leaves: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """Trees whose leaves sum up to the log-odds, and the thresholds at which clusters merge."""

    trees: tuple[Tree, ...]
    threshold: float
    threshold_crowded: float
    threshold_initials: float

    def probabilities(self, evidence: Floats) -> Floats:
        """Score each row of evidence: the probability of one person, between 0 and 1."""
        odds = np.zeros(len(evidence), np.float32)
        for start in range(0, len(evidence), _CHUNK):
            columns = np.ascontiguousarray(evidence[start : start + _CHUNK].T)
            for tree in self.trees:
                odds[start : start + _CHUNK] += tree.leaves[_leaf(tree, columns)]
        probabilities: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32)
        return probabilities


def _leaf(tree: Tree, columns: Floats) -> NDArray[np.intp]:
    """Walk from the leaves up: each inner node picks the place that its left or its right part found."""
    inner = len(tree.feature)
    goes_right = [columns[feature] > at for feature, at in zip(tree.feature, tree.at, strict=True)]
    first_of_last = inner // 2
    found: list[NDArray[np.int8]] = [goes_right[node].view(np.int8) for node in range(first_of_last, inner)]
    width = 2
    for level_start in _levels_up(first_of_last):
        count = len(found) // 2
        found = [
            np.where(goes_right[level_start + each], found[2 * each + 1] + np.int8(width), found[2 * each])
            for each in range(count)
        ]
        width *= 2
    return found[0].astype(np.intp)


def _levels_up(first_of_last: int) -> list[int]:
    """The numbers of the first nodes of the levels above the last, from the lowest up."""
    starts = []
    while first_of_last:
        first_of_last = (first_of_last - 1) // 2
        starts.append(first_of_last)
    return starts


@cache
def read_model(path: Path = MODEL) -> Model:
    """Read the model that comes with the code; its `about` says what it was trained on, and by which script."""
    return parse_model(json.loads(path.read_text(encoding="utf-8")))


def parse_model(stored: dict[str, Any]) -> Model:
    """Read a stored model; ValueError where it was trained on other features than the code measures."""
    if tuple(stored["features"]) != FEATURES:
        raise ValueError("the model was trained on other features")
    trees = tuple(
        Tree(tuple(tree["feature"]), tuple(tree["at"]), np.array(tree["leaves"], np.float32))
        for tree in stored["trees"]
    )
    return Model(trees, *(stored[name] for name in THRESHOLDS))

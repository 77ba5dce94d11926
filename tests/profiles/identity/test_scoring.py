"""Trees evaluated for many rows at once give what walking them row by row gives."""

import json

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from profiles.identity.evidence import FEATURES
from profiles.identity.scoring import MODEL, Tree, parse_model, read_model

STORED = json.loads(MODEL.read_text())


def walk(tree: Tree, row: np.ndarray) -> float:
    node = 0
    while node < len(tree.feature):
        node = 2 * node + 1 + int(row[tree.feature[node]] > np.float32(tree.at[node]))
    return float(tree.leaves[node - len(tree.feature)])


@settings(max_examples=30)
@given(st.lists(st.lists(st.floats(-2, 12, width=32), min_size=len(FEATURES), max_size=len(FEATURES)), min_size=1))
def test_rows_at_once_are_rows_one_by_one(rows: list[list[float]]) -> None:
    evidence = np.array(rows, np.float32)
    odds = [sum(walk(tree, row) for tree in read_model().trees) for row in evidence]
    expected = 1 / (1 + np.exp(-np.array(odds)))
    assert read_model().probabilities(evidence) == pytest.approx(expected, abs=1e-4)


def test_joint_coauthors_never_make_one_person_less_likely() -> None:
    evidence = np.tile(np.array([0, 2, 4, 1, 0, 0, 0, 0, 4, 4, 0.1, 0.1, -1, 2, -1, 1, 1], np.float32), (50, 1))
    for name in ("coauthor_weight", "coauthors_of_coauthors"):
        rising = evidence.copy()
        rising[:, FEATURES.index(name)] = np.linspace(0, 20, 50)
        chances = read_model().probabilities(rising)
        assert (np.diff(chances) >= -1e-6).all()
        assert chances[-1] > chances[0]


def test_a_model_of_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="other features"):
        parse_model(STORED | {"features": ["shoe_size"]})


def test_the_model_says_what_it_was_trained_on() -> None:
    assert "openreview-dev" in STORED["about"]

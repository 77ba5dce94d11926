"""Train the model of `profiles/identity/model.json` on all labelled sets together, and write it.

`python -m bench.identity_training` writes the model that ships, trained on everything; `cross_fitted` gives two that
were each trained on one half of the blocks, with which `make bench-identity` scores the other half.
"""

import json
from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from bench.identity_sets import LabelledSet, read_set, read_variants
from profiles.identity.evidence import FEATURES
from profiles.identity.scoring import MODEL, Model, parse_model

DEPTH = 4
TREES = 120
# Chosen once for all sets: where average linkage stops merging, for names that nobody shares and for crowded ones.
THRESHOLD, THRESHOLD_CROWDED = 0.45, 0.56
_RISING = {
    "coauthor_weight",
    "coauthor_weight_by_letter",
    "coauthor_share",
    "coauthors_of_coauthors",
    "title",
    "text",
}
_FALLING = {"surname_bearers", "expected_bearers", "first_name"}
PARAMETERS = {
    "objective": "binary",
    "max_depth": DEPTH,
    "num_leaves": 2**DEPTH,
    "learning_rate": 0.12,
    "min_data_in_leaf": 300,
    "lambda_l2": 10,
    "seed": 1,
    "deterministic": True,
    "num_threads": 2,
    "verbose": -1,
    "monotone_constraints": [(name in _RISING) - (name in _FALLING) for name in FEATURES],
    "monotone_constraints_method": "intermediate",
}
ABOUT = (
    "Gradient-boosted trees for the probability that two mentions are one person's. "
    "Trained by bench/identity_training.py on the labelled mentions of ../shared/data/identity: openreview-dev, "
    "the same with 30% of the works' names cut to initials, aminer110, medline without and with affiliations; "
    "every set with equal weight, all of their blocks."
)


def cross_fitted(sets: Sequence[LabelledSet]) -> tuple[Model, Model]:
    """Return the models for the mentions of half 0 and of half 1; neither has seen a block of its half."""
    return parse_model(train(sets, halves=(1,))), parse_model(train(sets, halves=(0,)))


def train(sets: Sequence[LabelledSet], halves: tuple[int, ...] = (0, 1)) -> dict[str, Any]:
    """Train on the blocks of those halves, and return the model as it is stored."""
    rows, same, weight = zip(*(examples(each, halves) for each in sets), strict=True)
    data = lightgbm.Dataset(
        np.concatenate(rows), np.concatenate(same), weight=np.concatenate(weight), feature_name=list(FEATURES)
    )
    booster = lightgbm.train(PARAMETERS, data, TREES)
    trees = [complete(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return {
        "about": ABOUT,
        "features": list(FEATURES),
        "threshold": THRESHOLD,
        "threshold_crowded": THRESHOLD_CROWDED,
        "trees": trees,
    }


def examples(
    labelled: LabelledSet, halves: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    """Labelled pairs of a set: evidence, whether one person's, weight. A mention counts alike in any crowd."""
    left, right = labelled.pairs.left, labelled.pairs.right
    person = labelled.person
    known = (person[left] != "") & (person[right] != "") & np.isin(labelled.half[left], halves)
    left, right = left[known], right[known]
    partners = np.bincount(np.concatenate([left, right]), minlength=len(labelled.corpus))
    weight = 1 / np.sqrt(partners[left] * partners[right])
    return labelled.evidence[known], person[left] == person[right], weight * (100_000 / weight.sum())


def complete(structure: dict[str, Any]) -> dict[str, Sequence[float]]:
    """Write a tree of LightGBM as a complete one of DEPTH levels, inner nodes level by level."""
    feature, at = [0] * (2**DEPTH - 1), [0.0] * (2**DEPTH - 1)
    leaves = [0.0] * 2**DEPTH

    def place(node: dict[str, Any], position: int, level: int) -> None:
        if level == DEPTH:
            leaves[position - len(feature)] = round(node["leaf_value"], 5)
            return
        is_inner = "split_feature" in node
        if is_inner:
            feature[position], at[position] = node["split_feature"], float(f"{node['threshold']:.6g}")
        place(node["left_child"] if is_inner else node, 2 * position + 1, level + 1)
        place(node["right_child"] if is_inner else node, 2 * position + 2, level + 1)

    place(structure, 0, 0)
    return {"feature": feature, "at": at, "leaves": leaves}


def main() -> int:
    """Train on everything and write the model."""
    sets = [read_set(name, rows) for name, rows in read_variants().items()]
    MODEL.write_text(json.dumps(train(sets), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {MODEL} ({MODEL.stat().st_size:,} bytes)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Train the model of `profiles/identity/model.json` on all labelled sets together, and write it.

`python -m bench.identity_training` writes the model that ships, trained on everything; `cross_fitted` gives two that
were each trained on half of the blocks, and have no thresholds; `make bench-identity` scores the other half by them.
"""

import json
from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from bench.identity_sets import LabelledSet, read_set, read_variants
from bench.identity_thresholds import Thresholds, choose_thresholds
from profiles.identity.evidence import FEATURES
from profiles.identity.scoring import MODEL, THRESHOLDS, Model, parse_model

DEPTH = 4
TREES = 120
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
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "seed": 1,
    "deterministic": True,
    "num_threads": 1,  # several wait for each other where other work shares the processors
    "verbose": -1,
    "monotone_constraints": [(name in _RISING) - (name in _FALLING) for name in FEATURES],
    "monotone_constraints_method": "intermediate",
}
ABOUT = (
    "Gradient-boosted trees for the probability that two mentions are one person's. "
    "Trained by bench/identity_training.py on the labelled mentions of ../shared/data/identity: openreview-dev, "
    "the same with 30% of the works' names cut to initials, aminer110, medline without and with affiliations; "
    "at most {most:,} pairs of a set, weighted {weights}, of all blocks. The thresholds are those that did best on "
    "halves of the blocks by models trained on the other halves."
)
# More pairs of the crowded names of one set would teach that set, not people.
MOST_PAIRS = 100_000
# Names that were cut say less about how others print theirs than names that were printed so.
SET_WEIGHTS = {"openreview": 1.0, "openreview_initials": 0.5, "aminer110": 1.0, "medline": 1.5, "medline_aff": 1.0}
NO_THRESHOLDS = (0.0, 0.0, 0.0)


def cross_fitted(sets: Sequence[LabelledSet]) -> tuple[Model, Model]:
    """Return the models for the mentions of half 0 and of half 1; neither has seen a block of its half."""
    return parse_model(train(sets, halves=(1,))), parse_model(train(sets, halves=(0,)))


def train(
    sets: Sequence[LabelledSet], halves: tuple[int, ...] = (0, 1), thresholds: Thresholds = NO_THRESHOLDS
) -> dict[str, Any]:
    """Train on the blocks of those halves, and return the model as it is stored."""
    rows, same, weight = zip(*(examples(each, halves) for each in sets), strict=True)
    data = lightgbm.Dataset(
        np.concatenate(rows), np.concatenate(same), weight=np.concatenate(weight), feature_name=list(FEATURES)
    )
    booster = lightgbm.train(PARAMETERS, data, TREES)
    trees = [complete(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return {
        "about": ABOUT.format(most=MOST_PAIRS, weights=", ".join(f"{w:g} {name}" for name, w in SET_WEIGHTS.items())),
        "features": list(FEATURES),
        **dict(zip(THRESHOLDS, thresholds, strict=True)),
        "trees": trees,
    }


def examples(
    labelled: LabelledSet, halves: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    """Labelled pairs of a set: evidence, whether one person's, weight. A mention counts alike in any crowd."""
    left, right = labelled.pairs.left, labelled.pairs.right
    person = labelled.person
    known = np.flatnonzero((person[left] != "") & (person[right] != "") & np.isin(labelled.half[left], halves))
    partners = np.bincount(np.concatenate([left[known], right[known]]), minlength=len(labelled.corpus))
    taken = known[np.random.default_rng(0).permutation(len(known))[:MOST_PAIRS]]
    left, right = left[taken], right[taken]
    weight = 1 / np.sqrt(partners[left] * partners[right])
    share = 100_000 * SET_WEIGHTS[labelled.name] / weight.sum()
    return labelled.evidence[taken], person[left] == person[right], weight * share


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
    """Choose the thresholds on halves, train on everything, and write the model."""
    sets = [read_set(name, rows) for name, rows in read_variants().items()]
    thresholds = choose_thresholds(sets, cross_fitted(sets))
    MODEL.write_text(json.dumps(train(sets, thresholds=thresholds), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {MODEL} ({MODEL.stat().st_size:,} bytes)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

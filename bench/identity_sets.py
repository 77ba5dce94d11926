"""The labelled mentions of ../shared/data/identity, their variants, and the scores that its own score.py defines."""

import gzip
import importlib.util
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from profiles.identity.blocks import Pairs, pair_mentions
from profiles.identity.coauthors import name_keys
from profiles.identity.corpus import Corpus, Floats, read_corpus
from profiles.identity.evidence import measure, read_background
from profiles.identity.mentions import read_mentions

FOLDER = Path(__file__).resolve().parents[2] / "shared/data/identity"
# Pairwise and B3 F1 that are required of each set; `_shared` scores only names that several labelled people bear.
GOALS = {
    "openreview": (0.95, 0.976),
    "openreview_shared": (0.77, 0.89),
    "openreview_initials": (0.89, 0.95),
    "aminer110": (0.82, 0.82),
    "medline": (0.80, 0.86),
    "medline_aff": (0.85, 0.88),
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A set of mentions with its evidence; `person` is empty where nobody knows, `half` (0, 1) goes by block."""

    name: str
    rows: list[Row]
    corpus: Corpus
    pairs: Pairs
    evidence: Floats
    person: NDArray[np.object_]
    half: NDArray[np.int64]


def read_scorer() -> ModuleType:
    """Load score.py from beside the data; exits where it is absent."""
    path = FOLDER / "score.py"
    spec = importlib.util.spec_from_file_location("identity_score", path)
    if not path.exists() or spec is None or spec.loader is None:
        raise SystemExit(f"This reads labelled mentions, and {FOLDER} is not here.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_rows(name: str) -> list[Row]:
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_variants() -> dict[str, list[Row]]:
    """The sets that are measured, by the name of their metrics."""
    scorer = read_scorer()
    openreview, medline = read_rows("openreview-dev"), read_rows("medline")
    return {
        "openreview": openreview,
        "openreview_initials": [_initialled(row, scorer) for row in openreview],
        "aminer110": read_rows("aminer110"),
        "medline": [row | {"affiliation": ""} for row in medline],
        "medline_aff": medline,
    }


def _initialled(row: Row, scorer: ModuleType) -> Row:
    """Cut given names to initials in the same 30% of the works as `score.py initials` does."""
    cut = zlib.crc32(str(row["work"]).encode()) % 1000 < 300
    return row | {"name": scorer.initials(row["name"])} if cut else row


def read_set(name: str, rows: list[Row]) -> LabelledSet:
    """Measure a set's pairs. The labels are taken from the rows before anything else sees them."""
    person = {str(row["id"]): row["person"] or "" for row in rows}
    unlabelled = (json.dumps({field: row[field] for field in row if field != "person"}) for row in rows)
    corpus = read_corpus(read_mentions(unlabelled))
    pairs = pair_mentions(corpus)
    return LabelledSet(
        name=name,
        rows=rows,
        corpus=corpus,
        pairs=pairs,
        evidence=measure(corpus, read_background(corpus), pairs),
        person=np.array([person[mention] for mention in corpus.ids], dtype=object),
        half=halves(corpus),
    )


def halves(corpus: Corpus) -> NDArray[np.int64]:
    """Half of each mention by its block (surname and letter), so that no name is in both."""
    blocks = [name_keys(form)[1] for form in corpus.forms]
    return np.array([zlib.crc32(block.encode()) % 2 for block in blocks])[corpus.form]


def score(
    rows: Sequence[Row], ids: Iterable[str], clusters: Iterable[int], *, shared: bool = False
) -> dict[str, float]:
    """Score a clustering as score.py does: pair_p, pair_r, pair_f1, b3_p, b3_r, b3_f1."""
    out = [{"id": mention, "cluster": cluster} for mention, cluster in zip(ids, clusters, strict=True)]
    figures: dict[str, float] = read_scorer().score(rows, out, shared)
    return figures

"""Printed affiliations labelled by hand, and how the matcher does on them. The benchmark reads this, too."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from works.institutions.index import InstitutionIndex, index_organisations
from works.institutions.match import match_affiliation
from works.institutions.ror import read_organisation

LABELS = Path(__file__).parent / "labels.tsv"
REGISTRY = Path(__file__).parents[4] / "shared" / "data" / "ror" / "ror_union.jsonl.gz"


@dataclass(frozen=True)
class Label:
    """One printed affiliation, and the ROR ids of the organisations that it names and the registry file holds."""

    part: str
    expected: frozenset[str]
    printed: str


@dataclass(frozen=True)
class Quality:
    """Of the organisations answered, how many were right; of those expected, how many found; how often silent."""

    precision: float
    recall: float
    abstained: float
    wrong: list[tuple[str, str]]


def read_labels(part: str | None = None) -> list[Label]:
    rows = (line.split("\t", 2) for line in LABELS.read_text("utf-8").splitlines() if not line.startswith("#"))
    labels = [Label(part, frozenset(ids.split()) - {"-"}, printed) for part, ids, printed in rows]
    return [label for label in labels if part in {None, label.part}]


def index_registry() -> InstitutionIndex:
    with gzip.open(REGISTRY, "rt", encoding="utf-8") as lines:
        return index_organisations(read_organisation(json.loads(line)) for line in lines)


def judge(labels: list[Label], index: InstitutionIndex) -> Quality:
    answers = {label: {str(m.organisation.key) for m in match_affiliation(label.printed, index)} for label in labels}
    answered = sum(map(len, answers.values()))
    right = sum(len(found & label.expected) for label, found in answers.items())
    expected = sum(len(label.expected) for label in labels)
    silent = sum(not found for found in answers.values())
    return Quality(right / answered, right / expected, silent / len(labels), list(_wrong(answers)))


def _wrong(answers: dict[Label, set[str]]) -> Iterator[tuple[str, str]]:
    for label, found in answers.items():
        yield from ((label.printed, ror_id) for ror_id in sorted(found - label.expected))

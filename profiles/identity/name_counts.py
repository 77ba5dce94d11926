"""How common names are, from a table of what is printed on papers: the same for every set of mentions."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("name_counts.json")
# What the table leaves out is rarer than its rarest, and yet somebody's.
_RARE = 3.0


class NameCounts(NamedTuple):
    """Distinct names, and in how many of them each folded surname, written-out first name and first letter occurs."""

    names: int
    surnames: Mapping[str, int]
    givens: Mapping[str, int]
    letters: Mapping[str, int]

    def surname(self, surname: str) -> float:
        return self.surnames.get(surname, 0) + _RARE

    def given(self, first: str) -> float:
        return self.givens.get(first, 0) + _RARE

    def letter(self, first: str) -> float:
        return self.letters.get(first[:1], 0) + _RARE


@cache
def read_counts() -> NameCounts:
    """Read the table that comes with the code; its `about` says what it was counted in, and by which script."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    return NameCounts(table["names"], table["surnames"], table["givens"], table["letters"])

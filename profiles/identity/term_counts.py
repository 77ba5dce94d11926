"""How common words and categories are on papers, from a table: the same for every block and every run."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("term_counts.json")


class TermCounts(NamedTuple):
    """In how many of `works` papers each term occurs, in titles, in titles and abstracts, and each category.

    `found` is how many a search for a term finds, where that is more: other words have the same stem.
    """

    works: int
    authorships: int
    titles: Mapping[str, int]
    texts: Mapping[str, int]
    found: Mapping[str, int]
    venues: Mapping[str, int]


@cache
def read_term_counts() -> TermCounts:
    """Read the table that comes with the code; its `about` says what was counted, and by which script."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    return TermCounts(**{name: table[name] for name in TermCounts._fields})

"""What a search answers, and where in it a page stands."""

from collections.abc import Sequence
from dataclasses import dataclass

# Ranking reads every candidate, so no more than this many are ranked; beyond it no count is exact.
MOST_RANKED = 1000
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ids, best first; `more` says that there were more candidates, `misspelt` that none has the words as typed."""

    ids: Sequence[int]
    more: bool = False
    misspelt: bool = False

    @property
    def count(self) -> int:
        """How many were ranked."""
        return len(self.ids)

    def page(self, number: int) -> Sequence[int]:
        """Return the ids of one page, counted from 1."""
        return self.ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-len(self.ids) // PAGE_SIZE)


def as_ranking(ids: Sequence[int], *, misspelt: bool = False) -> Ranking:
    """Cut candidates, of which one more than is ranked was asked for, to those that are."""
    return Ranking(ids[:MOST_RANKED], more=len(ids) > MOST_RANKED, misspelt=misspelt)

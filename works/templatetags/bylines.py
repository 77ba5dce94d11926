"""Showing the names of a byline without letting a long one swamp a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from works.queries import BylineName

register = template.Library()

# So many names stand open; folding fewer than three would save no room.
NAMES_SHOWN = 8
FEWEST_FOLDED = 3


@dataclass(frozen=True, slots=True)
class FoldedByline:
    """The names that stand open, and those behind "and 6 more"."""

    shown: Sequence[BylineName]
    folded: Sequence[BylineName]


@register.filter
def fold_byline(byline: Sequence[BylineName]) -> FoldedByline:
    """Keep the first names open, and this researcher's own wherever it stands."""
    if len(byline) < NAMES_SHOWN + FEWEST_FOLDED:
        return FoldedByline(byline, [])
    rest = byline[NAMES_SHOWN:]
    return FoldedByline(
        [*byline[:NAMES_SHOWN], *(name for name in rest if name.is_this)],
        [name for name in rest if not name.is_this],
    )

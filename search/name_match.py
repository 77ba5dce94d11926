"""How well a name fits what was typed: pure, the same for every viewer, and nothing but spelling counts."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from works.name_parts import CJK
from works.names import fold

MOST_WORDS = 8
_PARTS = re.compile(r"[ /'-]+")

SAME, INITIAL, BEGINS, NEAR, MISSING = 0, 1, 2, 3, 8


class Misfit(NamedTuple):
    """How far a name is from what was typed, the least first."""

    all: int  # what the typed words cost, each at its best place, and one for each further word of the name
    more: int  # words of the name that nobody typed
    order: bool  # whether the words stand in another order


def split_name(text: str) -> list[str]:
    """Fold a name and part it into words as the index does: at spaces and hyphens, each CJK letter by itself."""
    spaced = CJK.sub(lambda letter: f" {letter[0]} ", fold(text.replace("/", " ").replace(",", " ")))
    return [word for word in _PARTS.split(spaced) if word][:MOST_WORDS]


def misfit(asked: Sequence[str], names: str) -> Misfit:
    """Return the least misfit of the variants in a researcher's `search_name`."""
    return min(_misfit_of_variant(asked, variant) for variant in names.split(" / "))


def _misfit_of_variant(asked: Sequence[str], variant: str) -> Misfit:
    words = split_variant(variant)
    if "".join(asked) == "".join(words):  # `junjie` is `jun-jie`
        return Misfit(SAME, 0, order=False)
    left = list(words)
    cost = 0
    for word in sorted(asked, key=len, reverse=True):
        price, place = min(((fit(word, other), place) for place, other in enumerate(left)), default=(MISSING, -1))
        cost += price
        if price < MISSING:
            del left[place]
    return Misfit(cost + len(left), len(left), order=tuple(words[: len(asked)]) != tuple(asked))


@lru_cache(maxsize=20_000)
def split_variant(variant: str) -> tuple[str, ...]:
    """Part a name that is folded already."""
    spaced = CJK.sub(lambda letter: f" {letter[0]} ", variant)
    return tuple(word for word in _PARTS.split(spaced) if word)


def fit(asked: str, word: str) -> int:
    """Price one typed word against one word of a name; an initial stands for a name, either way round."""
    if asked == word:
        return SAME
    if len(asked) == 1 and word.startswith(asked):
        return INITIAL
    if word.startswith(asked) or (len(word) == 1 and asked.startswith(word)):
        return BEGINS
    if len(asked) > 2 and len(word) > 2 and not deletions(asked).isdisjoint(deletions(word)):
        return NEAR
    return MISSING


@lru_cache(maxsize=20_000)
def deletions(word: str) -> frozenset[str]:
    """The word, and the word without each of its letters: words one slip apart have one of these in common."""
    return frozenset([word, *(word[:place] + word[place + 1 :] for place in range(len(word)))])


def rank_names(asked: Sequence[str], found: Iterable[tuple[int, str]]) -> list[int]:
    """Order (id, search_name) by how well the name fits, then by name; return the ids."""
    keyed = [(misfit(asked, names), names, pk) for pk, names in found]
    return [pk for _misfit, _names, pk in sorted(keyed)]

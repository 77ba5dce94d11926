"""How near two texts are: the cosine of their terms by tf-idf, and which terms make it. Pure arithmetic.

A term enters by 1 + log of its count, times the logarithm of the share of works without it (G. Salton and C. Buckley,
Inf. Process. Manag. 24, 513, 1988).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import log, sqrt
from typing import NamedTuple

# A term that more of the works have says little about any of them.
LARGEST_SHARE_PER_TERM = 0.1
# What topics in common add to the cosine of the texts: the best on held-out pairs (`bench/nearness.py`).
TOPICS_COUNT = 0.2

Weights = Mapping[str, float]


class Rarity(NamedTuple):
    """What a term of the table tells, 0 for what nearly all works have, and what any other does."""

    known: Weights
    unknown: float


def measure_rarity(works: int, works_with: Mapping[str, int]) -> Rarity:
    """Weigh the terms of a table of how many works have each; what it leaves out is rarer than all of it."""
    most = LARGEST_SHARE_PER_TERM * works
    known = {term: log(works / count) if count <= most else 0.0 for term, count in works_with.items()}
    return Rarity(known, log(2 * works / min(works_with.values())))


def measure_findable(works: int, works_with: Mapping[str, int], found: Mapping[str, int]) -> Weights:
    """Weigh what a search for each term of a table finds, which may be more than the works that have the term."""
    return {term: log(works / found.get(term, count)) for term, count in works_with.items()}


def weigh(counts: Mapping[str, int], rarity: Rarity) -> Weights:
    """Weigh the terms of one text, of unit length together."""
    tells, unknown = rarity.known.get, rarity.unknown
    return make_unit({term: (1 + log(count)) * tells(term, unknown) for term, count in counts.items()})


def cosine(counts: Mapping[str, int], other: Weights, rarity: Rarity) -> float:
    """The cosine of one text with the weights of others, of unit length: what `share` of its weights adds up to."""
    tells, unknown = rarity.known.get, rarity.unknown
    both = square = 0.0
    for term, count in counts.items():
        weight = tells(term, unknown)
        if count > 1:
            weight *= 1 + log(count)
        square += weight * weight
        if term in other:
            both += weight * other[term]
    return both / sqrt(square) if both else 0.0


def add_up(texts: Iterable[Weights]) -> Weights:
    """Several texts as one, of unit length."""
    total: defaultdict[str, float] = defaultdict(float)
    for text in texts:
        for term, weight in text.items():
            total[term] += weight
    return make_unit(total)


def make_unit(weights: Weights) -> Weights:
    """The same direction, of length 1, without what weighs nothing; nothing stays nothing."""
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items() if weight}


def share(one: Weights, other: Weights) -> Weights:
    """What each term that both have adds to the cosine of the two texts."""
    return {term: weight * other[term] for term, weight in one.items() if term in other}


def overlap(shares: Mapping[int, float], keys: Iterable[int]) -> float:
    """The cosine of shares, which may be of anything, with a set of as many equal parts; 0 to 1."""
    wanted = set(keys)
    both = sum(weight for key, weight in shares.items() if key in wanted)
    return both / sqrt(len(wanted) * sum(weight * weight for weight in shares.values())) if both else 0.0

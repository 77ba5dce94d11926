"""What a text is about: its heaviest terms by tf-idf, as short rows that are stored and compared. Pure arithmetic.

A term enters by 1 + log of its count, times the logarithm of the share of works without it (G. Salton and C. Buckley,
Inf. Process. Manag. 24, 513, 1988). Terms are numbered by a checksum, so that no vocabulary has to be kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# How many terms of a work are kept; fewer find less, more find little more (bench/nearness.py).
MOST_TERMS = 32
LEAST_WORKS_PER_TERM = 2
# A term that more of the works have says little about any of them.
LARGEST_SHARE_PER_TERM = 0.1
# The largest number of a stored weight.
SCALE = 255

Ids = NDArray[np.uint32]
Floats = NDArray[np.float32]


class StoredTerms(NamedTuple):
    """The heaviest terms of one work, the heaviest first: numbers of four bytes, weights of one."""

    ids: bytes
    weights: bytes


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of the works each term stands; terms that tell nothing are left out."""

    works: int
    works_with: Mapping[int, int]

    def to_bytes(self) -> bytes:
        """Write it for `from_bytes`."""
        pairs = np.array(sorted(self.works_with.items()), dtype=np.uint32).reshape(-1, 2)
        return np.concatenate([[[self.works, 0]], pairs]).astype("<u4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Rarity":
        """Read what `to_bytes` wrote."""
        rows = np.frombuffer(data, dtype="<u4").reshape(-1, 2).tolist()
        return cls(rows[0][0], dict(rows[1:]))

    def heaviest(self, text: Mapping[int, int], most: int = MOST_TERMS) -> StoredTerms:
        """Weigh the terms of a text and keep the heaviest."""
        weighed = sorted(
            (-(1 + log(count)) * log(self.works / self.works_with[term]), term)
            for term, count in text.items()
            if term in self.works_with
        )
        weights = np.array([-weight for weight, _term in weighed], dtype=np.float32)
        # Of unit length before it is cut: what a long text leaves out makes the rest lighter.
        weights /= max(float(np.linalg.norm(weights)), 1e-9)
        kept = np.array([term for _weight, term in weighed[:most]], dtype="<u4")
        return StoredTerms(kept.tobytes(), np.rint(weights[:most] * SCALE).astype(np.uint8).tobytes())


def number_terms(counts: Mapping[str, int]) -> Counter[int]:
    """Number the terms by their checksums; of two that collide the counts add up."""
    numbered: Counter[int] = Counter()
    for term, count in counts.items():
        numbered[crc32(term.encode()) & 0x7FFFFFFF] += count
    return numbered


def count_works(texts: Iterable[Iterable[int]]) -> Rarity:
    """Count in how many texts each term stands, and leave out what is too rare or too common."""
    found: Counter[int] = Counter()
    number = 0
    for text in texts:
        found.update(text)
        number += 1
    most = max(LARGEST_SHARE_PER_TERM * number, LEAST_WORKS_PER_TERM)
    return Rarity(number, {term: works for term, works in found.items() if LEAST_WORKS_PER_TERM <= works <= most})


def add_up(texts: Sequence[StoredTerms]) -> tuple[Ids, Floats]:
    """The texts of one person as one: numbers in ascending order, with weights of unit length together."""
    ids, weights = join(texts)
    distinct, place = np.unique(ids, return_inverse=True)
    total: Floats = np.bincount(place, weights, len(distinct)).astype(np.float32)
    return distinct, total / max(float(np.linalg.norm(total)), 1e-9)


def compare(person: tuple[Ids, Floats], texts: Sequence[StoredTerms]) -> Floats:
    """The cosine of each text with a person's, 0 to 1."""
    known, known_weights = person
    if not texts or not len(known):
        return np.zeros(len(texts), dtype=np.float32)
    ids, weights = join(texts)
    rows = np.repeat(np.arange(len(texts)), [len(text.weights) for text in texts])
    place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    shared = np.where(known[place] == ids, known_weights[place] * weights, 0)
    return np.bincount(rows, shared, len(texts)).astype(np.float32)


def join(texts: Sequence[StoredTerms]) -> tuple[Ids, Floats]:
    """All terms of the texts one after another."""
    ids = np.frombuffer(b"".join(text.ids for text in texts), dtype="<u4")
    weights = np.frombuffer(b"".join(text.weights for text in texts), dtype=np.uint8)
    return ids.astype(np.uint32), np.divide(weights, SCALE, dtype=np.float32)

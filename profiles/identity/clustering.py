"""Average linkage under constraints: the best pair of clusters first, and never across a veto."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

NEVER = -np.inf
Matrix = NDArray[np.float64]


def components(size: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int32]:
    """Number the parts that pairs hold together; what has no pair is a part of its own."""
    graph = sparse.coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    number: NDArray[np.int32] = sparse.csgraph.connected_components(graph, directed=False)[1]
    return number


def average_linkage(similarity: Matrix, sizes: NDArray[np.float64], threshold: float) -> NDArray[np.int64]:
    """Merge the likest clusters while their average similarity is at least `threshold`; return a cluster number for each.

    `similarity` is symmetric and is overwritten; NEVER vetoes a pair, and with it every merge of what holds its two
    sides: an average with minus infinity stays so. Of equals, the first in order of rows goes first.
    """
    number = np.arange(len(sizes))
    np.fill_diagonal(similarity, NEVER)
    partner = similarity.argmax(axis=1)
    best = similarity[number, partner]
    while True:
        one = int(best.argmax())
        if best[one] < threshold or best[one] == NEVER:
            return number
        kept, gone = sorted((one, int(partner[one])))
        _merge(similarity, sizes, kept, gone)
        number[number == gone] = kept
        stale = np.flatnonzero((partner == kept) | (partner == gone) | (similarity[kept] > best))
        stale = np.union1d(stale, [kept])
        partner[stale] = similarity[stale].argmax(axis=1)
        best[stale] = similarity[stale, partner[stale]]
        best[gone] = NEVER


def _merge(similarity: Matrix, sizes: NDArray[np.float64], kept: int, gone: int) -> None:
    together = sizes[kept] + sizes[gone]
    row = (similarity[kept] * sizes[kept] + similarity[gone] * sizes[gone]) / together
    row[kept] = row[gone] = NEVER
    similarity[kept], similarity[:, kept] = row, row
    similarity[gone], similarity[:, gone] = NEVER, NEVER
    sizes[kept] = together

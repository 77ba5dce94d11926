"""Average linkage under constraints: the likest pair of clusters first, and never across a veto."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from profiles.identity.corpus import Floats, Indices
from profiles.identity.links import Links

NEVER = -np.inf
# Larger parts are taken apart at a higher bar first: bounded memory and time even for the most crowded names.
LARGEST_PART = 2_000
Matrix = NDArray[np.float64]


def cluster_groups(links: Links, sizes: Indices, threshold: Floats) -> Indices:
    """Merge groups of mentions (`sizes` of them) while their average chance is at least the threshold of their links.

    Returns for each group the lowest number of its cluster. Parts that no link at or above its threshold holds together
    are clustered apart, which changes nothing: an average reaches the threshold only if one of its terms does. A link's
    threshold depends on the name; chances are compared as their excess over it.
    """
    excess = links.chance.astype(np.float64) - threshold
    cluster = np.arange(len(sizes))
    for members, rows in _parts(links, excess, len(sizes)):
        if len(members) == 2:
            cluster[members] = members[0]
            continue
        similarity = np.full((len(members), len(members)), NEVER)
        one, other = np.searchsorted(members, links.left[rows]), np.searchsorted(members, links.right[rows])
        similarity[one, other] = similarity[other, one] = excess[rows]
        cluster[members] = members[average_linkage(similarity, sizes[members].astype(float))]
    return cluster


def _parts(links: Links, excess: Matrix, size: int) -> Iterator[tuple[Indices, Indices]]:
    """Yield the members of each part of two or more, and the rows of all links between them."""
    part = _bounded_components(links, excess, size)
    inside = np.flatnonzero(part[links.left] == part[links.right])
    part_of_row = part[links.left[inside]]
    rows = inside[np.argsort(part_of_row, kind="stable")]
    members = np.argsort(part, kind="stable")
    member_ends = np.cumsum(np.bincount(part))
    row_ends = np.cumsum(np.bincount(part_of_row, minlength=len(member_ends)))
    for number in np.flatnonzero(np.bincount(part) > 1).tolist():
        start, row_start = (member_ends[number - 1], row_ends[number - 1]) if number else (0, 0)
        yield members[start : member_ends[number]], rows[row_start : row_ends[number]]


def _bounded_components(links: Links, excess: Matrix, size: int) -> Indices:
    """Number the parts that links of an excess of 0 hold together, those beyond LARGEST_PART at a higher bar."""
    bar = 0.0
    rows = np.flatnonzero(excess >= bar)
    part = components(size, links.left[rows], links.right[rows])
    while np.bincount(part, minlength=1).max() > LARGEST_PART:
        bar += 0.02
        too_large = np.bincount(part) > LARGEST_PART
        rows = rows[~too_large[part[links.left[rows]]] | (excess[rows] >= bar)]
        part = components(size, links.left[rows], links.right[rows])
    return part


def components(size: int, left: Indices, right: Indices) -> Indices:
    """Number the parts that pairs hold together; what has no pair is a part of its own."""
    graph = sparse.coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    number: Indices = sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    return number


def average_linkage(similarity: Matrix, sizes: Matrix) -> Indices:
    """Merge the likest clusters while their average similarity is 0 or more; return the first member's row for each.

    `similarity` is symmetric and is overwritten, as are `sizes`. NEVER vetoes a pair, and with it every merge of what
    holds its two sides: an average with minus infinity stays so. Of equals, the first in order of rows goes first.
    """
    number = np.arange(len(sizes))
    np.fill_diagonal(similarity, NEVER)
    partner = similarity.argmax(axis=1)
    best = similarity[number, partner]
    while True:
        one = int(best.argmax())
        if best[one] < 0:
            return number
        kept, gone = sorted((one, int(partner[one])))
        _merge(similarity, sizes, kept, gone)
        number[number == gone] = kept
        # An average is no greater than the greater of its terms, so that nobody else's best can have become better.
        stale = np.flatnonzero((partner == kept) | (partner == gone))
        stale = np.union1d(stale, [kept])
        partner[stale] = similarity[stale].argmax(axis=1)
        best[stale] = similarity[stale, partner[stale]]
        best[gone] = NEVER


def _merge(similarity: Matrix, sizes: Matrix, kept: int, gone: int) -> None:
    together = sizes[kept] + sizes[gone]
    row = (similarity[kept] * sizes[kept] + similarity[gone] * sizes[gone]) / together
    row[kept] = row[gone] = NEVER
    similarity[kept], similarity[:, kept] = row, row
    similarity[gone], similarity[:, gone] = NEVER, NEVER
    sizes[kept] = together

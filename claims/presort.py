"""Works pre-sorted by evidence into mine, not mine and unsure, each with its reason. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MINE, NOT_MINE, UNSURE = "mine", "not_mine", "unsure"
LISTED = "your arXiv author feed lists it"


@dataclass(frozen=True, slots=True)
class SortedWork:
    """What is known about one work of a record: who else is on it, its archives, how sure its attribution is."""

    work_id: int
    coauthors: frozenset[int]
    archives: frozenset[str]
    attribution: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a work is put before the claimant has said anything, and why."""

    work_id: int
    mark: str
    reason: str


def presort(works: Sequence[SortedWork], listed_in_feed: Collection[int] = ()) -> list[Mark]:
    """Sort works: what the feed lists or a person confirmed is mine; what hangs together by co-authors is mine too.

    Works hang together when they share a co-author, directly or over others. The largest such group is put under
    mine; another work is when its archive is the commonest of that group; the rest is left to the claimant.
    """
    core = largest_group(works)
    archives = Counter(archive for work in works if work.work_id in core for archive in work.archives)
    usual = {archive for archive, number in archives.items() if 2 * number >= len(core)}
    return [judge(work, core, usual, listed_in_feed, alone=len(works) == 1) for work in works]


def judge(
    work: SortedWork, core: Collection[int], usual: Collection[str], listed: Collection[int], *, alone: bool
) -> Mark:
    """Put one work where the evidence says."""
    if work.work_id in listed:
        return Mark(work.work_id, MINE, LISTED)
    if work.attribution == "disputed":
        return Mark(work.work_id, NOT_MINE, "its attribution is disputed")
    if work.attribution == "confirmed":
        return Mark(work.work_id, MINE, "a person confirmed it")
    if work.attribution == "unconfirmed":
        return Mark(work.work_id, UNSURE, "its attribution is unconfirmed")
    if alone:
        return Mark(work.work_id, MINE, "the only work of this record")
    if work.work_id in core and len(core) > 1:
        return Mark(work.work_id, MINE, "shares co-authors with most of the others")
    if work.archives & set(usual):
        return Mark(work.work_id, MINE, "the same field as most of the others")
    return Mark(work.work_id, UNSURE, "neither co-authors nor field in common with most of the others")


def largest_group(works: Sequence[SortedWork]) -> set[int]:
    """Return the works of the largest group that hangs together by co-authors; of equals, the one with the first."""
    parents = {work.work_id: work.work_id for work in works}
    first_with: dict[int, int] = {}
    for work in works:
        for coauthor in sorted(work.coauthors):
            first = first_with.setdefault(coauthor, work.work_id)
            parents[find(parents, work.work_id)] = find(parents, first)
    groups: dict[int, set[int]] = {}
    for work in works:
        groups.setdefault(find(parents, work.work_id), set()).add(work.work_id)
    return max(groups.values(), key=len, default=set())


def find(parents: dict[int, int], work_id: int) -> int:
    """Return the root of a work's group, shortening the way there."""
    while parents[work_id] != work_id:
        parents[work_id] = parents[parents[work_id]]
        work_id = parents[work_id]
    return work_id

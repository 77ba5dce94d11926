"""How well the works of one record hang together: groups of works, stability, and who may be two people. Pure.

The rule is simple and says what it saw: shared co-authors, shared topics, decisions. `list_outliers` is where the
scores of a better resolution take its place.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

# A byline this long says nothing about who knows whom.
LONGEST_TELLING_BYLINE = 50
# Fewer works than this are no "rest" that another work could stand out from.
SMALLEST_CORE = 3


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """One work of a record, as far as it bears on whose it is.

    `coauthors` are researcher ids, empty for a byline that is too long to tell; `topics` arXiv categories.
    """

    authorship_id: int
    work_id: int
    arxiv_id: str
    year: int
    printed_name: str
    attribution: str
    topics: frozenset[str]
    coauthors: frozenset[int]
    byline_length: int

    @property
    def is_decided(self) -> bool:
        """Whether a person decided that it belongs here."""
        return self.attribution == "confirmed"

    @property
    def archives(self) -> frozenset[str]:
        """The archives of the topics: `cs` of `cs.LG`."""
        return frozenset(topic.partition(".")[0] for topic in self.topics)


@dataclass(frozen=True, slots=True)
class Stability:
    """How many of the works hang together with the most others, of how many."""

    tied: int
    total: int

    @property
    def percent(self) -> int | None:
        """The share, rounded; None where there is nothing to compare."""
        return round(100 * self.tied / self.total) if self.total > 1 else None


def list_groups(works: Sequence[WorkFacts]) -> list[list[WorkFacts]]:
    """Part the works into groups that share neither co-author nor topic, directly or by way of others; the core first.

    Decided works are one group: a person said that they belong to this record. The core is the group that holds
    them, else the largest, else the one with the oldest work.
    """
    group_of: dict[int, int] = {work.work_id: work.work_id for work in works}

    def root(work_id: int) -> int:
        while group_of[work_id] != work_id:
            group_of[work_id] = group_of[group_of[work_id]]
            work_id = group_of[work_id]
        return work_id

    first_with: dict[Hashable, int] = {}
    for work in works:
        for sign in signs_of(work):
            group_of[root(work.work_id)] = root(first_with.setdefault(sign, work.work_id))
    groups: dict[int, list[WorkFacts]] = defaultdict(list)
    for work in works:
        groups[root(work.work_id)].append(work)
    return sorted(groups.values(), key=weight_of_group)


def signs_of(work: WorkFacts) -> Iterable[Hashable]:
    """What ties a work to any other that has it, too."""
    yield from (("coauthor", coauthor) for coauthor in work.coauthors)
    yield from (("topic", topic) for topic in work.topics)
    if work.is_decided:
        yield "decided"


def weight_of_group(group: Sequence[WorkFacts]) -> tuple[bool, int, int, int]:
    """Sort the core to the front."""
    return (
        not any(work.is_decided for work in group),
        -len(group),
        min(work.year for work in group),
        min(work.work_id for work in group),
    )


def measure_stability(works: Sequence[WorkFacts]) -> Stability:
    """Count the works of the core among all."""
    groups = list_groups(works)
    return Stability(len(groups[0]) if groups else 0, len(works))


def list_outliers(works: Sequence[WorkFacts]) -> list[list[WorkFacts]]:
    """Return the groups that may be another person's: no co-author, no topic, not even a field in common with the core.

    Nothing stands out from a core of fewer than three works.
    """
    groups = list_groups(works)
    if not groups or len(groups[0]) < SMALLEST_CORE:
        return []
    core, *others = groups
    fields = frozenset[str]().union(*(work.archives for work in core))
    return [
        group
        for group in others
        if all(work.archives and fields.isdisjoint(work.archives) for work in group)
        # A byline too long to tell keeps no co-authors: that none are shared then says nothing.
        and all(work.byline_length <= LONGEST_TELLING_BYLINE for work in group)
    ]


def describe_outliers(group: Sequence[WorkFacts], works: Sequence[WorkFacts]) -> list[str]:
    """Say in sentences why a group stands out from the others."""
    ids = {work.work_id for work in group}
    rest = [work for work in works if work.work_id not in ids]
    which = ", ".join(work.arxiv_id for work in group)
    coauthors = "has no co-author" if all(not work.coauthors for work in group) else "shares no co-author"
    topics, others = name_some(topics_of(group)), name_some(topics_of(rest))
    return [
        f"{which} {coauthors} with the other {count_works(rest)} of this record.",
        f"Filed under {topics}, as none of the others is; they are under {others}.",
        f"Of {span_of(group)}; the others are of {span_of(rest)}.",
    ]


def topics_of(works: Iterable[WorkFacts]) -> list[str]:
    """Return the topics, the commonest first."""
    counts: dict[str, int] = defaultdict(int)
    for work in works:
        for topic in work.topics:
            counts[topic] += 1
    return sorted(counts, key=lambda topic: (-counts[topic], topic))


def name_some(names: Sequence[str], most: int = 6) -> str:
    """Write names with commas; how many more there are, where there are many."""
    text = ", ".join(names[:most])
    return f"{text} and {len(names) - most} more" if len(names) > most else text


def span_of(works: Sequence[WorkFacts]) -> str:
    """Write the years of works: `2021` or `2019–2022`."""
    first, last = min(work.year for work in works), max(work.year for work in works)
    return str(first) if first == last else f"{first}–{last}"


def count_works(works: Sequence[object]) -> str:
    """Write how many works: `1 work`, `12 works`."""
    return f"{len(works)} work" if len(works) == 1 else f"{len(works)} works"

"""What goes together to begin with, and what must not meet: decisions, records and bylines as nodes of one graph. Pure.

A node is a researcher with the mentions that are theirs already, or mentions that were decided to be one person's,
or one mention that nothing was decided about.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from profiles.identity.constraints import Constraints, Node, researcher
from profiles.identity.people import Mention


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before mentions are compared.

    `settled` is who holds those authorships that decisions speak of and that stay where they are; `taken` are
    (researcher id, work id) of all positions on the works in question that stay with somebody; `pinned` are
    authorships that have a home in the constraints though nobody decided so: their names count like any other's.
    """

    constraints: Constraints = field(default_factory=Constraints)
    settled: Mapping[int, int] = field(default_factory=dict)
    taken: frozenset[tuple[int, int]] = frozenset()
    pinned: frozenset[int] = frozenset()

    def is_decided(self, mention: Mention) -> bool:
        """Whether people said whose it is, or what it goes with."""
        first = mention.authorship_id
        if first in self.pinned:
            return False
        return self.constraints.home_of(first) is not None or len(self.constraints.mentions_with(first)) > 1


class Nodes:
    """The node of every mention, and for each node its works and its holders."""

    def __init__(self, loose: Sequence[Mention], standing: Sequence[Mention], known: Known) -> None:
        """Put standing mentions with their researchers, loose ones where decisions say."""
        self.known = known
        self.of: dict[int, Node] = {}
        self.works: dict[Node, set[int]] = defaultdict(set)
        self._settled_at: dict[Node, set[Node]] = defaultdict(set)
        for researcher_id, work_id in known.taken:
            self.works[researcher(researcher_id)].add(work_id)
        for authorship_id, researcher_id in known.settled.items():
            self._settled_at[researcher(researcher_id)].add(known.constraints.group_of(authorship_id))
        for mention in standing:
            assert mention.researcher_id is not None  # noqa: S101 - for the type: that is what standing means
            self._put([mention], researcher(mention.researcher_id))
        for group in sorted(self._groups(loose), key=self._is_homeless):
            self._put(group, self._choose(group))
        self._held_by = self._find_holders(loose)

    def _groups(self, loose: Sequence[Mention]) -> list[list[Mention]]:
        groups: dict[Node, list[Mention]] = defaultdict(list)
        for mention in loose:
            groups[self.known.constraints.group_of(mention.authorship_id)].append(mention)
        return list(groups.values())

    def _is_homeless(self, group: Sequence[Mention]) -> bool:
        return self.known.constraints.home_of(group[0].authorship_id) is None

    def _put(self, group: Sequence[Mention], node: Node) -> None:
        for mention in group:
            self.of[mention.authorship_id] = node
            self.works[node].add(mention.work_id)
        self._settled_at[node].add(self.known.constraints.group_of(group[0].authorship_id))

    def _choose(self, group: Sequence[Mention]) -> Node:
        """A decided group goes home, or stays with who has most of it now; else it is a node of its own."""
        first = group[0].authorship_id
        home = self.known.constraints.home_of(first)
        if home is not None:
            return researcher(home)
        if len(self.known.constraints.mentions_with(first)) > 1:
            holders = Counter(mention.researcher_id for mention in group if mention.researcher_id is not None)
            for holder, _count in sorted(holders.items(), key=lambda item: (-item[1], item[0])):
                if self._may_stay(group, holder):
                    return researcher(holder)
        return self.known.constraints.group_of(first)

    def _may_stay(self, group: Sequence[Mention], holder: int) -> bool:
        first, node = group[0].authorship_id, researcher(holder)
        return (
            holder not in self.known.constraints.banned_homes_of(first)
            and not self._settled_at[node] & self.known.constraints.groups_apart_from(first)
            and self.works[node].isdisjoint(mention.work_id for mention in group)
        )

    def _find_holders(self, loose: Sequence[Mention]) -> dict[int, set[Node]]:
        """Who holds what now and may keep it."""
        held: dict[int, set[Node]] = defaultdict(set)
        for mention in loose:
            banned = self.known.constraints.banned_homes_of(mention.authorship_id)
            if mention.researcher_id is not None and mention.researcher_id not in banned:
                held[mention.researcher_id].add(self.of[mention.authorship_id])
        return held

    def vetoes(self, loose: Iterable[Mention]) -> Iterator[tuple[Node, Node]]:
        """Yield the pairs of nodes that decisions keep apart."""
        for mention in loose:
            node = self.of[mention.authorship_id]
            for other in self._apart_from(mention.authorship_id):
                if other != node:
                    yield node, other

    def _apart_from(self, authorship_id: int) -> Iterator[Node]:
        for other in self.known.constraints.apart_from(authorship_id):
            if other in self.of:
                yield self.of[other]
            elif other in self.known.settled:
                yield researcher(self.known.settled[other])
        for banned in self.known.constraints.banned_homes_of(authorship_id):
            yield researcher(banned)
            # What is that researcher's now, and may stay so, must not go with it either.
            yield from self._held_by.get(banned, ())

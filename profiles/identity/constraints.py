"""What people decided about identity, as links that a resolution must keep: pure, and never at odds with itself.

Mentions and researchers are nodes. "The same person" and "belongs to" tie two nodes together for
good; "different people" and "not by" keep them apart. A newer decision overrides the older ones that
it contradicts, so whatever people decided there is always an outcome that keeps every link.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple


class Node(NamedTuple):
    """A mention, by its authorship id, or a researcher, by theirs."""

    kind: Literal["mention", "researcher"]
    key: int


@dataclass(frozen=True, slots=True)
class Link:
    """One decision: two nodes belong together, or do not."""

    decision_id: int
    together: bool
    one: Node
    other: Node


def mention(authorship_id: int) -> Node:
    """The node of an authorship."""
    return Node("mention", authorship_id)


def researcher(researcher_id: int) -> Node:
    """The node of a researcher."""
    return Node("researcher", researcher_id)


class Constraints:
    """The links in force: groups of nodes that belong together, and which groups stay apart."""

    def __init__(self, links: Iterable[Link] = ()) -> None:
        """Take the links from the newest decision to the oldest, each where it contradicts no newer one."""
        self._parent: dict[Node, Node] = {}
        self._members: dict[Node, set[Node]] = {}
        self._apart: dict[Node, set[Node]] = {}
        self.in_force: list[Link] = []
        self.overridden: list[Link] = []
        for link in sorted(links, key=lambda link: link.decision_id, reverse=True):
            taken = self._tie(link) if link.together else self._part(link)
            (self.in_force if taken else self.overridden).append(link)

    def group_of(self, authorship_id: int) -> Node:
        """Return the node that stands for everything tied to this mention; itself when nothing is."""
        return self._root(mention(authorship_id))

    def mentions_with(self, authorship_id: int) -> list[int]:
        """Return the authorships that belong together with this one, itself included, in the order of their ids."""
        root = self.group_of(authorship_id)
        return sorted(node.key for node in self._members.get(root, {root}) if node.kind == "mention")

    def home_of(self, authorship_id: int) -> int | None:
        """Return the researcher whom it was decided to belong to."""
        return self._home(self.group_of(authorship_id))

    def banned_homes_of(self, authorship_id: int) -> set[int]:
        """Return the researchers whom it was decided not to be by, also by way of what it belongs with."""
        homes = {self._home(root) for root in self.groups_apart_from(authorship_id)}
        return {home for home in homes if home is not None}

    def are_apart(self, one: int, other: int) -> bool:
        """Whether it was decided that two authorships are of different people."""
        return self._are_apart(self.group_of(one), self.group_of(other))

    def groups_apart_from(self, authorship_id: int) -> set[Node]:
        """Return the nodes that stand for what must be of somebody else."""
        return {self._root(node) for node in self._apart.get(self.group_of(authorship_id), ())}

    def apart_from(self, authorship_id: int) -> set[int]:
        """Return the authorships that must be of somebody else."""
        roots = self.groups_apart_from(authorship_id)
        return {node.key for root in roots for node in self._members.get(root, {root}) if node.kind == "mention"}

    def authorship_ids(self) -> set[int]:
        """Return every authorship that a link in force speaks of."""
        return {node.key for link in self.in_force for node in (link.one, link.other) if node.kind == "mention"}

    def _root(self, node: Node) -> Node:
        while (parent := self._parent.get(node, node)) != node:
            node = parent
        return node

    def _home(self, root: Node) -> int | None:
        return next((node.key for node in self._members.get(root, {root}) if node.kind == "researcher"), None)

    def _are_apart(self, one: Node, other: Node) -> bool:
        return any(self._root(node) == other for node in self._apart.get(one, ()))

    def _tie(self, link: Link) -> bool:
        one, other = self._root(link.one), self._root(link.other)
        if one == other:
            return True
        homes = {self._home(one), self._home(other)} - {None}
        if len(homes) > 1 or self._are_apart(one, other):
            return False
        self._parent[other] = one
        self._members[one] = self._members.get(one, {one}) | self._members.pop(other, {other})
        self._apart[one] = self._apart.get(one, set()) | self._apart.pop(other, set())
        return True

    def _part(self, link: Link) -> bool:
        one, other = self._root(link.one), self._root(link.other)
        if one == other:
            return False
        self._apart.setdefault(one, set()).add(other)
        self._apart.setdefault(other, set()).add(one)
        return True

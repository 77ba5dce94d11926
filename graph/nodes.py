"""What stands around a focus, in one form for lists, tables, pictures and exports. Plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

Kind = Literal["person", "topic", "work", "institution"]
KINDS: tuple[Kind, ...] = ("person", "topic", "work", "institution")


class Key(NamedTuple):
    """Names a node: its kind, and a public id, a topic's code, an arXiv id, a ROR id or an institution's name."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{'author' if self.kind == 'person' else self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A work that is a reason for an edge."""

    title: str
    url: str
    year: int


@dataclass(frozen=True, slots=True)
class Node:
    """One neighbour: why it is here, how near (0 far, 1 near), how heavy (0 to 1), and works that show it.

    `via` is the neighbour that was opened to bring it here; None for what stands around the focus itself. `newman` is
    a collaborator's weight, of any size; None for whatever has none.
    """

    key: Key
    label: str
    url: str
    reason: str
    nearness: float
    weight: float
    evidence: tuple[Evidence, ...] = ()
    via: Key | None = None
    newman: float | None = None

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.key.kind

    @property
    def can_be_focus(self) -> bool:
        """Whether the explorer can go on from here."""
        return bool(self.url)


@dataclass(frozen=True, slots=True)
class Link:
    """An edge beside the focus."""

    start: Key
    end: Key
    reason: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A focus and what stands around it, each kind from the nearest to the farthest."""

    focus: Key
    label: str
    url: str
    nodes: Sequence[Node]
    links: Sequence[Link]

    def heaviest(self, most: dict[Kind, int]) -> "Neighbourhood":
        """At most so many nodes of each kind, the nearest."""
        nodes = [node for kind in KINDS for node in [n for n in self.nodes if n.kind == kind][: most[kind]]]
        return self.only(nodes)

    def only(self, nodes: Sequence[Node]) -> "Neighbourhood":
        """These nodes, and the links among them."""
        keys = {node.key for node in nodes}
        links = [link for link in self.links if link.start in keys and link.end in keys]
        return replace(self, nodes=nodes, links=links)

    def joined(self, other: "Neighbourhood", room: int) -> "Neighbourhood":
        """With what stands around one of the nodes, farther away than that: at most so many nodes more.

        Raise KeyError when the other's focus is not among the nodes.
        """
        opener = {node.key: node for node in self.nodes}[other.focus]
        known = {self.focus, *(node.key for node in self.nodes)}
        new = [beyond(opener, node) for node in other.nodes if node.key not in known][:room]
        known |= {node.key for node in new}
        # What is known of a pair is said once, by whoever stands nearer.
        near = {frozenset((self.focus, node.key)) for node in self.nodes if node.via is None}
        pairs = near | {frozenset((link.start, link.end)) for link in self.links}
        spokes = [Link(other.focus, node.key, f"{other.label}: {node.reason}") for node in other.nodes]
        links = [
            link
            for link in (*spokes, *other.links)
            if {link.start, link.end} <= known and frozenset((link.start, link.end)) not in pairs
        ]
        return replace(self, nodes=[*self.nodes, *new], links=[*self.links, *links])


def beyond(opener: Node, node: Node) -> Node:
    """A node as it stands behind the one that was opened."""
    return replace(
        node,
        via=opener.key,
        reason=f"around {opener.label}: {node.reason}",
        nearness=opener.nearness * node.nearness / 2,
        weight=node.weight / 2,
    )

"""What stands around a focus, in one form for lists, tables, pictures and exports. Plain values."""

from collections.abc import Iterable, Sequence
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
    """One neighbour: why it is here, how near (0 far, 1 near), how heavy (0 to 1), and works that show it."""

    key: Key
    label: str
    url: str
    reason: str
    nearness: float
    weight: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.key.kind

    @property
    def can_be_focus(self) -> bool:
        """Whether the explorer can go on from here."""
        return self.kind != "institution"


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

    def of_kinds(self, kinds: Iterable[Kind]) -> "Neighbourhood":
        """Only the nodes of these kinds, and the links among them."""
        nodes = [node for node in self.nodes if node.kind in set(kinds)]
        return self.only(nodes)

    def heaviest(self, most: dict[Kind, int]) -> "Neighbourhood":
        """At most so many nodes of each kind, the nearest."""
        nodes = [node for kind in KINDS for node in [n for n in self.nodes if n.kind == kind][: most[kind]]]
        return self.only(nodes)

    def only(self, nodes: Sequence[Node]) -> "Neighbourhood":
        """These nodes, and the links among them."""
        keys = {node.key for node in nodes}
        links = [link for link in self.links if link.start in keys and link.end in keys]
        return replace(self, nodes=nodes, links=links)

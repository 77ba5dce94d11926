"""The picture of a slice: which nodes and edges it shows, and what each edge says. Pure; `layout` places them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from graph.layout import NARROW, WIDE, Frame, Place, Spot, bend, bulge, lay_out
from graph.queries import Slice, say_works
from works.markup.render import plain_text

Kind = Literal["person", "topic", "work", "institution"]

MOST_LABELS = {"person": 10, "topic": 5, "work": 6, "institution": 2}


@dataclass(frozen=True, slots=True)
class Node:
    """A person, topic, work or institution beside the focus; `key` names it within the picture."""

    key: tuple[Kind, object]
    label: str
    url: str
    reason: str
    nearness: float
    weight: float

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.key[0]


class Box(NamedTuple):
    """A rectangle: its upper left corner, its size, and how round it is."""

    x: float
    y: float
    width: float
    height: float
    corner: float


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node with its place."""

    node: Node
    place: Place

    @property
    def diamond(self) -> str:
        """The corners of an institution's mark."""
        x, y, r = self.place.x, self.place.y, self.place.radius
        return f"{x:g},{y - r:g} {x + r:g},{y:g} {x:g},{y + r:g} {x - r:g},{y:g}"

    @property
    def box(self) -> Box:
        """The mark of a work, a square, or of a topic, a tag."""
        half = self.place.radius
        wide, high, corner = (half * 1.25, half * 0.8, half * 0.4) if self.node.kind == "topic" else (half, half, 0)
        return Box(
            round(self.place.x - wide, 1), round(self.place.y - high, 1), round(2 * wide, 1), round(2 * high, 1), corner
        )


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """An edge: its path, its width in pixels, why it is there, and whether it starts at the focus."""

    path: str
    width: float
    reason: str
    from_focus: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing of a slice at one size."""

    name: str
    frame: Frame
    nodes: list[DrawnNode]
    edges: list[DrawnEdge]
    focus: str

    @property
    def middle(self) -> tuple[float, float]:
        """Where the focus stands."""
        return self.frame.width / 2, self.frame.height / 2

    @property
    def name_y(self) -> float:
        """The baseline of the focus's name, under its mark."""
        return self.frame.height / 2 + 26


def draw(around: Slice) -> list[Picture]:
    """Draw a slice for wide and for narrow windows; none when there is nothing around."""
    nodes = list_nodes(around)
    if not nodes:
        return []
    return [draw_at(around, nodes, name, frame) for name, frame in (("wide", WIDE), ("narrow", NARROW))]


def list_nodes(around: Slice) -> list[Node]:
    """The nodes worth a label, in the order of the list."""
    return [
        *list_people(around)[: MOST_LABELS["person"]],
        *list_topics(around)[: MOST_LABELS["topic"]],
        *list_works(around)[: MOST_LABELS["work"]],
        *list_institutions(around)[: MOST_LABELS["institution"]],
    ]


def list_people(around: Slice) -> list[Node]:
    """Collaborators: near by Newman's weight, heavy by joint works."""
    most = max((edge.joint_works for edge in around.collaborators), default=1)
    return [
        Node(
            ("person", edge.researcher.pk),
            edge.researcher.display_name,
            edge.researcher.get_absolute_url(),
            say_works(edge.joint_works, "joint work"),
            min(edge.weight, 1.0),
            edge.joint_works / most,
        )
        for edge in around.collaborators
    ]


def list_topics(around: Slice) -> list[Node]:
    """Topics: near and heavy by their share of the works."""
    return [
        Node(
            ("topic", edge.topic.pk),
            f"{edge.topic.code} {edge.topic.name}",
            edge.topic.get_absolute_url(),
            f"{edge.share}% of the works, {edge.years}",
            edge.share / 100,
            edge.share / 100,
        )
        for edge in around.topics
    ]


def list_works(around: Slice) -> list[Node]:
    """Nearby works, the nearest first."""
    count = len(around.nearby_works)
    return [
        Node(
            ("work", near.work.pk),
            plain_text(near.work.title),
            near.work.get_absolute_url(),
            near.reason,
            0.5 * (1 - rank / count),
            0.2,
        )
        for rank, near in enumerate(around.nearby_works)
    ]


def list_institutions(around: Slice) -> list[Node]:
    """Institutions, the current one first."""
    return [
        Node(("institution", edge.name), edge.name, edge.url, edge.reason, 0.6, 0.4) for edge in around.institutions
    ]


def draw_at(around: Slice, nodes: Sequence[Node], name: str, frame: Frame) -> Picture:
    """Place the nodes and run the edges in one frame."""
    spots = [Spot("left" if n.kind == "person" else "right", n.nearness, n.weight, n.label) for n in nodes]
    drawn = [DrawnNode(node, place) for node, place in zip(nodes, lay_out(spots, frame), strict=True)]
    middle = frame.width / 2, frame.height / 2
    spokes = [
        DrawnEdge(bend(middle, (d.place.x, d.place.y)), round(1 + 3 * d.node.weight, 1), d.node.reason, True)
        for d in drawn
    ]
    by_key = {d.node.key: d for d in drawn}
    return Picture(name, frame, drawn, [*draw_links(around, by_key, frame), *spokes], around.focus.display_name)


def draw_links(around: Slice, by_key: dict[tuple[Kind, object], DrawnNode], frame: Frame) -> Iterable[DrawnEdge]:
    """Edges that do not start at the focus: between collaborators, and from a nearby work to its authors."""
    for link in around.links:
        start, end = by_key.get(("person", link.person_id)), by_key.get(link.other)
        if start and end:
            yield DrawnEdge(path_between(start.place, end.place, frame), 1, link.reason, False)


def path_between(start: Place, end: Place, frame: Frame) -> str:
    """A path that keeps clear of the labels, which are on the outside."""
    ends = (start.x, start.y), (end.x, end.y)
    return bulge(*ends, towards=frame.width / 2) if start.anchor == end.anchor else bend(*ends)

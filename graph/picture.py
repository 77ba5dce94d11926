"""The picture of a neighbourhood: which nodes and edges it shows, what each edge says. Pure; `layout` places them."""

from dataclasses import dataclass
from typing import NamedTuple

from graph.layout import NARROW, WIDE, Frame, Place, Spot, bend, bulge, cut_to, lay_out, shorten
from graph.nodes import Kind, Neighbourhood, Node

MOST_LABELS: dict[Kind, int] = {"person": 10, "topic": 5, "work": 6, "institution": 2}


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


def draw(around: Neighbourhood) -> list[Picture]:
    """Draw for wide and for narrow windows what is worth a label; nothing when there is nothing around."""
    shown = around.heaviest(MOST_LABELS)
    if not shown.nodes:
        return []
    return [draw_at(shown, name, frame) for name, frame in (("wide", WIDE), ("narrow", NARROW))]


def draw_at(around: Neighbourhood, name: str, frame: Frame) -> Picture:
    """Place the nodes and run the edges in one frame."""
    spots = [Spot("left" if n.kind == "person" else "right", n.nearness, n.weight, n.label) for n in around.nodes]
    frame = cut_to(frame, spots)
    drawn = [DrawnNode(node, place) for node, place in zip(around.nodes, lay_out(spots, frame), strict=True)]
    middle = frame.width / 2, frame.height / 2
    spokes = [
        DrawnEdge(bend(middle, (d.place.x, d.place.y)), round(1 + 3 * d.node.weight, 1), d.node.reason, True)
        for d in drawn
        if d.node.via is None
    ]
    places = {d.node.key: d.place for d in drawn}
    between = [
        DrawnEdge(path_between(places[link.start], places[link.end], frame), 1, link.reason, False)
        for link in around.links
    ]
    return Picture(name, frame, drawn, [*between, *spokes], shorten(around.label, 1.5 * frame.reach, frame.type_size))


def path_between(start: Place, end: Place, frame: Frame) -> str:
    """A path that keeps clear of the labels, which are on the outside."""
    ends = (start.x, start.y), (end.x, end.y)
    return bulge(*ends, towards=frame.width / 2) if start.anchor == end.anchor else bend(*ends)

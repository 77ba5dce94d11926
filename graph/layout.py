"""Where the parts of a slice's picture stand: pure arithmetic, the same input gives the same picture.

People stand on the left of the focus, everything else on the right. Each has a row of its own, so labels
cannot overlap; rows are spread over the height, and a node stands the nearer to the focus the nearer it is.
One node more or less moves its neighbours by a part of a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

Side = Literal["left", "right"]

MARGIN = 14.0  # above the first and below the last row
TALLEST_ROW = 46.0  # a few rows stay together in the middle
LOWEST = 100.0  # a picture, with room for the focus and its name
CHARACTER_WIDTH = 0.62  # of the type size: names with wide letters are wider than running text
LABEL_GAP = 5.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a picture, in pixels at its natural width; `reach` is how far a far node stands from the middle."""

    width: float
    height: float
    reach: float
    type_size: float


WIDE = Frame(width=680, height=360, reach=150, type_size=13)
NARROW = Frame(width=340, height=440, reach=52, type_size=12)


@dataclass(frozen=True, slots=True)
class Spot:
    """A node to place: on which side, how near to the focus (0 far, 1 near), how heavy (0 to 1), what it says."""

    side: Side
    nearness: float
    weight: float
    label: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands, its half width, and where its label begins or ends, cut to the room that there is."""

    x: float
    y: float
    radius: float
    label: str
    label_x: float
    anchor: Literal["start", "end"]


def lay_out(spots: Sequence[Spot], frame: Frame) -> list[Place]:
    """Place the spots; the answer has their order."""
    rows = {side: [i for i, spot in enumerate(spots) if spot.side == side] for side in ("left", "right")}
    places: dict[int, Place] = {}
    for indexes in rows.values():
        heights = spread(len(indexes), frame)
        places |= {i: place(spots[i], y, frame) for i, y in zip(indexes, heights, strict=True)}
    return [places[i] for i in range(len(spots))]


def cut_to(frame: Frame, spots: Sequence[Spot]) -> Frame:
    """The frame, no higher than the longer side of the spots needs: nothing is blank above the first row."""
    lefts = sum(spot.side == "left" for spot in spots)
    rows = max(lefts, len(spots) - lefts)
    return replace(frame, height=min(frame.height, max(LOWEST, 2 * MARGIN + TALLEST_ROW * (rows - 1))))


def spread(count: int, frame: Frame) -> list[float]:
    """The heights of so many rows, evenly, around the middle."""
    step = min(TALLEST_ROW, (frame.height - 2 * MARGIN) / max(count - 1, 1))
    top = frame.height / 2 - step * (count - 1) / 2
    return [round(top + step * row, 1) for row in range(count)]


def place(spot: Spot, y: float, frame: Frame) -> Place:
    """Place one spot in its row: on an ellipse around the focus that is the narrower, the nearer it is."""
    sign = -1 if spot.side == "left" else 1
    bow = sqrt(max(0.0, 1 - ((y - frame.height / 2) / frame.height) ** 2 * 1.6))
    x = frame.width / 2 + sign * frame.reach * (1 - 0.3 * spot.nearness) * bow
    radius = 3.5 + 4.5 * sqrt(spot.weight)
    label_x = x + sign * (radius + LABEL_GAP)
    room = label_x if sign < 0 else frame.width - label_x
    return Place(
        x=round(x, 1),
        y=y,
        radius=round(radius, 1),
        label=shorten(spot.label, room, frame.type_size),
        label_x=round(label_x, 1),
        anchor="end" if sign < 0 else "start",
    )


def shorten(label: str, room: float, type_size: float) -> str:
    """Cut a label to a width, in pixels; wide characters (CJK) count as one type size."""
    left = room
    for at, character in enumerate(label):
        left -= type_size if ord(character) >= 0x2E80 else type_size * CHARACTER_WIDTH
        if left < 0:
            return label[: max(at - 1, 1)].rstrip(" ,") + "…"
    return label


def bend(start: tuple[float, float], end: tuple[float, float]) -> str:
    """The path of an edge, as SVG: it leaves and arrives level."""
    (x1, y1), (x2, y2) = start, end
    middle = round((x1 + x2) / 2, 1)
    return f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"


def bulge(start: tuple[float, float], end: tuple[float, float], towards: float) -> str:
    """The path of an edge between two nodes of one side, bent towards x so that it does not run along the labels."""
    (x1, y1), (x2, y2) = start, end
    control = round((x1 + x2) / 2 + (towards - (x1 + x2) / 2) * 0.45, 1)
    return f"M{x1:g} {y1:g}Q{control:g} {round((y1 + y2) / 2, 1):g} {x2:g} {y2:g}"

"""Works by year as bars: pure, from counts to the places of rectangles in an SVG."""

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH = 640
HEIGHT = 120
LABEL_ROOM = 18  # below the bars
GAP = 0.2  # of a bar's place
WIDEST_BAR = 40
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One year; places and sizes in units of the view box, rounded to a tenth."""

    year: int
    works: int
    x: float
    y: float
    width: float
    height: float
    label_x: float
    labelled: bool


@dataclass(frozen=True, slots=True)
class YearChart:
    """The bars, and the size of the view box that they stand in."""

    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT
    baseline: int = HEIGHT - LABEL_ROOM


def draw_years(counts: Mapping[int, int]) -> YearChart | None:
    """Draw every year from the first to the last, those without works too; None for fewer than two years."""
    if len(counts) < 2:
        return None
    years = range(min(counts), max(counts) + 1)
    most = max(counts.values())
    step = WIDTH / len(years)
    every = -(-len(years) // MOST_LABELS)
    bars = [
        draw_bar(year, counts.get(year, 0), most, step * place, step, labelled=(place % every == 0))
        for place, year in enumerate(years)
    ]
    return YearChart(bars)


def draw_bar(year: int, works: int, most: int, left: float, step: float, *, labelled: bool) -> Bar:
    """Place one bar; a year with any works is at least one unit high."""
    width = min(step * (1 - GAP), WIDEST_BAR)
    room = HEIGHT - LABEL_ROOM
    height = max(room * works / most, 1) if works else 0
    middle = left + step / 2
    return Bar(
        year, works, round(middle - width / 2, 1), round(room - height, 1), round(width, 1), round(height, 1),
        round(middle, 1), labelled,
    )  # fmt: skip

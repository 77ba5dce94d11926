"""What the explorer shows, as its address says it: back, bookmarks and shared links work by themselves."""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from django.http import QueryDict

from graph.nodes import KINDS, Key, Kind
from works.addresses import read_year

FOCUS_KINDS: dict[str, Kind] = {"author": "person", "work": "work", "topic": "topic", "institution": "institution"}
LATEST_YEAR = 9999
# How the picture that a reader can move is laid out: around the focus, by forces, or a column for each kind.
Layout = Literal["rings", "forces", "columns"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
DEEPEST = 2
# Each opened neighbour costs what the focus costs.
MOST_OPENED = 24


@dataclass(frozen=True, slots=True)
class ExplorerState:
    """Focus, filters, which neighbours are opened, and layout; None and 0 mean that nothing is filtered."""

    focus: Key | None = None
    kinds: tuple[Kind, ...] = KINDS
    first_year: int | None = None
    last_year: int | None = None
    minimum_weight: float = 0.0
    depth: int = 1
    opened: tuple[Key, ...] = ()
    layout: Layout = "rings"

    @property
    def years(self) -> tuple[int, int]:
        """The years that count, both included."""
        return self.first_year or 0, self.last_year or LATEST_YEAR

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered."""
        return replace(self, depth=1, opened=(), layout="rings") != ExplorerState(self.focus)

    @property
    def query(self) -> str:
        """The query string that leads here."""
        return urlencode([(name, value) for name, value in self._pairs() if value])

    def focused_on(self, key: Key) -> str:
        """The query string with the same filters around another focus; nothing is opened there."""
        return replace(self, focus=key, opened=()).query

    def toggled(self, key: Key, opened: tuple[Key, ...]) -> str:
        """The query string that opens a neighbour or closes it, when these are open whatever the depth says."""
        others = tuple(each for each in opened if each != key)
        return replace(self, depth=1, opened=others if key in opened else (*others, key)).query

    def with_depth(self, depth: int) -> str:
        """The query string that opens what is nearest, or nothing."""
        return replace(self, depth=depth, opened=()).query

    def laid_out(self, layout: Layout) -> str:
        """The query string with another layout."""
        return replace(self, layout=layout).query

    def _pairs(self) -> list[tuple[str, Any]]:
        kinds = [("kind", kind) for kind in self.kinds] if self.kinds != KINDS else []
        return [
            ("focus", self.focus and str(self.focus)),
            *kinds,
            ("from", self.first_year),
            ("to", self.last_year),
            ("weight", self.minimum_weight and f"{self.minimum_weight:g}"),
            ("depth", self.depth if self.depth > 1 else None),
            *(("open", str(key)) for key in self.opened),
            ("layout", self.layout if self.layout != LAYOUTS[0] else None),
        ]


def read_state(parameters: QueryDict) -> ExplorerState:
    """Read an address; what makes no sense is as if it were not there.

    Raise LookupError for a kind of focus that there is not.
    """
    wanted = parameters.getlist("kind")
    kinds = tuple(kind for kind in KINDS if kind in wanted) or KINDS
    first, last = read_year(parameters.get("from", "")), read_year(parameters.get("to", ""))
    if first and last and first > last:
        first, last = last, first
    return ExplorerState(
        read_focus(parameters.get("focus", "")),
        kinds,
        first,
        last,
        read_weight(parameters),
        DEEPEST if parameters.get("depth") == str(DEEPEST) else 1,
        read_opened(parameters.getlist("open")),
        next((layout for layout in LAYOUTS if layout == parameters.get("layout")), LAYOUTS[0]),
    )


def read_focus(text: str) -> Key | None:
    """Read `author:7kq2m9c`, `work:2011.14522` or `topic:cs.LG`."""
    kind, _colon, name = text.partition(":")
    if not kind:
        return None
    if kind not in FOCUS_KINDS:
        raise LookupError(f"The explorer knows no focus {kind}")
    return Key(FOCUS_KINDS[kind], name)


def read_opened(texts: list[str]) -> tuple[Key, ...]:
    """Read what is opened, each once, at most as many as may be; what cannot be a focus is left out."""
    keys = []
    for text in texts[:MOST_OPENED]:
        kind, _colon, name = text.partition(":")
        if kind in FOCUS_KINDS and name:
            keys.append(Key(FOCUS_KINDS[kind], name))
    return tuple(dict.fromkeys(keys))


def read_weight(parameters: QueryDict) -> float:
    """Read the least weight of a collaborator, 0 to 9 with up to three decimals."""
    text = parameters.get("weight", "")
    whole, _point, decimals = text.partition(".")
    digits = whole + decimals
    if not (digits.isascii() and digits.isdigit() and len(whole) == 1 and len(decimals) <= len("123")):
        return 0.0
    return float(text)

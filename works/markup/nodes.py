"""What a scanned paragraph consists of. Plain data: no module that makes or shows these is named here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Characters to be shown as they are."""

    value: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula; `raw` is the source with its delimiters, for when the formula cannot be read."""

    source: str
    raw: str
    display: bool


@dataclass(frozen=True, slots=True)
class Code:
    """A verbatim fragment, as between backticks."""

    value: str


@dataclass(frozen=True, slots=True)
class Link:
    """A web address and the words that lead to it."""

    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Command:
    r"""A TeX command of text mode that waits for its argument; `space` is the white space that followed it."""

    name: str
    space: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A delimiter whose partner is still to be found: a brace or asterisks."""

    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """What stood between a pair of braces."""

    children: "list[Node]"


@dataclass(frozen=True, slots=True)
class Styled:
    """A run of nodes in an HTML element, with an optional class."""

    element: str
    children: "list[Node]"
    css_class: str = ""


Node = Text | Formula | Code | Link | Command | Mark | Group | Styled

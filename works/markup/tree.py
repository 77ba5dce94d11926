"""Match braces and asterisks, and give TeX's text commands their arguments: a flat list becomes a tree."""

from typing import Final, NamedTuple

from works.markup.accents import LETTERS, symbol
from works.markup.nodes import Command, Formula, Group, Mark, Node, Styled, Text

# Deeper braces than any author sets stay visible, which bounds every recursion over the tree.
_MAXIMUM_DEPTH: Final = 12
_LONGEST_EMPHASIS: Final = 40  # nodes between two asterisks
_LONGEST_SCRIPT: Final = 24  # characters in a raised or lowered group outside a formula


class _Style(NamedTuple):
    element: str  # "" for a command that changes nothing worth showing
    css_class: str = ""


_PLAIN: Final = _Style("")
_WITH_ARGUMENT: Final = {
    "emph": _Style("em"), "textit": _Style("em"), "textsl": _Style("em"), "textbf": _Style("strong"),
    "texttt": _Style("code"), "textsc": _Style("span", "small-caps"), "underline": _Style("span", "underline"),
    "uline": _Style("span", "underline"), "textsuperscript": _Style("sup"), "textsubscript": _Style("sub"),
    "textrm": _PLAIN, "textsf": _PLAIN, "textup": _PLAIN, "textnormal": _PLAIN, "textmd": _PLAIN, "text": _PLAIN,
    "mbox": _PLAIN, "hbox": _PLAIN, "mathrm": _PLAIN, "enquote": _PLAIN, "title": _PLAIN,
}  # fmt: skip
_DECLARATIONS: Final = {
    "em": _Style("em"), "it": _Style("em"), "sl": _Style("em"), "itshape": _Style("em"), "slshape": _Style("em"),
    "bf": _Style("strong"), "bfseries": _Style("strong"), "tt": _Style("code"), "ttfamily": _Style("code"),
    "sc": _Style("span", "small-caps"), "scshape": _Style("span", "small-caps"), "rm": _PLAIN, "sf": _PLAIN,
    "small": _PLAIN, "large": _PLAIN, "Large": _PLAIN, "normalfont": _PLAIN, "rmfamily": _PLAIN, "sffamily": _PLAIN,
    "footnotesize": _PLAIN, "normalsize": _PLAIN, "upshape": _PLAIN,
}  # fmt: skip
_WITHOUT_EFFECT: Final = frozenset(
    {"noindent", "protect", "xspace", "centering", "sloppy", "null", "relax", "smallskip"}
)


def build_tree(nodes: list[Node]) -> list[Node]:
    """Turn what `scan` found into text, formulas, code, links and styled runs; nothing the author wrote is lost."""
    return _resolved(_grouped(nodes), inside_group=False)


def _grouped(nodes: list[Node]) -> list[Node]:
    """Put what stands between matching braces into groups; a brace without partner is text."""
    partners = _matching_braces(nodes)
    levels: list[list[Node]] = [[]]
    for index, node in enumerate(nodes):
        if not isinstance(node, Mark) or node.value not in "{}":
            levels[-1].append(node)
        elif index not in partners:
            levels[-1].append(Text(node.value))
        elif node.value == "{":
            levels.append([])
        else:
            group = Group(levels.pop())
            levels[-1].append(group)
    return levels[0]


def _matching_braces(nodes: list[Node]) -> set[int]:
    matched: set[int] = set()
    opened: list[int] = []
    for index, node in enumerate(nodes):
        if isinstance(node, Mark) and node.value == "{":
            opened.append(index)
        elif isinstance(node, Mark) and node.value == "}" and opened:
            opening = opened.pop()
            if len(opened) < _MAXIMUM_DEPTH:
                matched |= {opening, index}
    return matched


def _resolved(nodes: list[Node], *, inside_group: bool) -> list[Node]:
    """Resolve one level of siblings: commands with their arguments first, then asterisks."""
    result: list[Node] = []
    index = 0
    while index < len(nodes):
        node = nodes[index]
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        if isinstance(node, Command):
            if inside_group and node.name in _DECLARATIONS:
                rest = _resolved(nodes[index + 1 :], inside_group=False)
                result += _styled(_DECLARATIONS[node.name], rest)
                break
            index += _take_command(node, following, result)
        elif isinstance(node, Group):
            _take_bare_group(node, following, result)
        else:
            result.append(node)
        index += 1
    return _emphasised(result)


def _take_command(command: Command, following: Node | None, result: list[Node]) -> int:
    """Append what a command means, and say how many nodes after it are used up."""
    style = _WITH_ARGUMENT.get(command.name) or _DECLARATIONS.get(command.name)
    if style and isinstance(following, Group):
        result += _styled(style, _resolved(following.children, inside_group=True))
        return 1
    if command.name in {"footnote", "thanks"} and isinstance(following, Group):
        result += [Text(" ("), *_resolved(following.children, inside_group=True), Text(")")]
        return 1
    if command.name in {"begin", "end"} and isinstance(following, Group) and _is_layout(following):
        return 1
    result += _word_for(command)
    if symbol(command.name) is None and isinstance(following, Group) and not style:
        # an unknown command keeps its source, so its argument keeps its braces
        result += [Text("{"), *_resolved(following.children, inside_group=False), Text("}")]
        return 1
    return 0


def _is_layout(group: Group) -> bool:
    names = {"abstract", "itemize", "enumerate", "center", "quote", "quotation", "document", "description"}
    return len(group.children) == 1 and isinstance(group.children[0], Text) and group.children[0].value in names


def _word_for(command: Command) -> list[Node]:
    if command.name in _DECLARATIONS or command.name in _WITHOUT_EFFECT:
        return []
    character = symbol(command.name)
    if character is None:
        return [Text(f"\\{command.name}{command.space}")]
    return [Text(character if command.name in LETTERS else character + command.space)]


def _styled(style: _Style, children: list[Node]) -> list[Node]:
    if not style.element or not children:
        return children
    return [Styled(style.element, children, style.css_class)]


def _take_bare_group(group: Group, following: Node | None, result: list[Node]) -> None:
    """Append a group that no command asked for: braces invisible where they are TeX's, visible where a set's."""
    children = _resolved(group.children, inside_group=True)
    before = result[-1] if result else None
    if isinstance(before, Text) and before.value[-1:] in {"^", "_"} and _is_script(children):
        result[-1] = Text(before.value[:-1])
        result.append(Styled("sup" if before.value.endswith("^") else "sub", children))
    elif not children or _is_tex(group) or _touches_word(before, following):
        result += children
    else:
        result += [Text("{"), *children, Text("}")]


def _is_script(children: list[Node]) -> bool:
    return (
        0
        < sum(len(child.value) if isinstance(child, Text) else _LONGEST_SCRIPT for child in children)
        < _LONGEST_SCRIPT
    )


def _is_tex(group: Group) -> bool:
    return isinstance(group.children[0], Command | Group | Formula | Styled)


def _touches_word(before: Node | None, following: Node | None) -> bool:
    glued_before = isinstance(before, Text) and before.value[-1:].isalpha()
    return glued_before or (isinstance(following, Text) and following.value[:1].isalpha())


def _emphasised(nodes: list[Node]) -> list[Node]:
    """Pair each opening run of asterisks with the next one, if that closes; leave the others as text."""
    result: list[Node] = []
    opening = -1
    for node in nodes:
        if isinstance(node, Mark):
            asterisks = node.value[:-1]
            if opening >= 0 and node.value == f"{asterisks}>" and _closes(result, opening, asterisks):
                children = result[opening + 1 :]
                del result[opening:]
                result.append(Styled("em" if asterisks == "*" else "strong", children))
                opening = -1
                continue
            opening = len(result) if node.value.endswith("<") else -1
            result.append(Text(asterisks))
        else:
            result.append(node)
    return result


def _closes(result: list[Node], opening: int, asterisks: str) -> bool:
    return result[opening] == Text(asterisks) and 0 < len(result) - opening - 1 <= _LONGEST_EMPHASIS

r"""Text that a TeX engine and a BibTeX parser may both be given: nothing in it closes a field or runs a command.

A formula stays TeX where every command in it is on an allow-list of LaTeX with the AMS packages; `\input` is not on
it, and neither are authors' own macros, which the reader's TeX would not know. Such a formula becomes readable text.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from pylatexenc.latexencode import UnicodeToLatexEncoder

from exports.citations.records import one_line
from works.markup.accents import symbol
from works.markup.nodes import Code, Command, Formula, Group, Link, Mark, Node, Styled, Text
from works.markup.readable import readable_formula
from works.markup.scan import scan
from works.markup.tree import build_tree

# No brace stands alone, escaped or not: BibTeX counts braces without minding the backslash.
_SPECIALS: Final = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "%": r"\%", "&": r"\&", "#": r"\#",
    "_": r"\_", "$": r"\$", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", '"': "{''}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
_STRUCTURE: Final = frozenset(
    """
    frac dfrac tfrac cfrac binom dbinom tbinom sqrt left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl
    biggr Biggl Biggr hat widehat tilde widetilde bar overline underline vec dot ddot check breve acute grave mathring
    overbrace underbrace overset underset stackrel mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr
    mathnormal boldsymbol bm operatorname text textrm textbf textit textsf texttt mbox limits nolimits displaystyle
    textstyle scriptstyle rm bf it cal mod bmod pmod pod quad qquad begin end not prime substack lbrace rbrace lvert
    rvert lVert rVert langle rangle lfloor rfloor lceil rceil overrightarrow overleftarrow
    xrightarrow xleftarrow phantom Bbb hom heartsuit
    """.split()
)
_ENVIRONMENTS: Final = frozenset(
    "matrix pmatrix bmatrix vmatrix Vmatrix Bmatrix smallmatrix cases array aligned gathered split".split()
)
_COMMAND: Final = re.compile(r"\\([A-Za-z]+|[\s\S]|\Z)")
_CONTROL_SYMBOLS: Final = frozenset(",;:!> |\\{}%#&_$")
_ENVIRONMENT: Final = re.compile(r"\\(?:begin|end)\s*\{([^{}]*)\}")
_BRACE: Final = re.compile(r"\\([{}])")
_PERCENT: Final = re.compile(r"(?<!\\)([%#])")
_WORD: Final = re.compile(r"[^\W_](?:[\w'’-]*[^\W_])?")
_LONG_WORD: Final = 4

Escape = Callable[[str], str]


def escape_unicode(text: str) -> str:
    """Escape what TeX reads as commands, and leave letters outside ASCII as they are (for BibLaTeX)."""
    return "".join(_SPECIALS.get(character, character) for character in text)


@lru_cache(maxsize=4096)
def escape_ascii(text: str) -> str:
    r"""Escape what TeX reads as commands, and write letters outside ASCII as TeX (`{\"o}`) where it has a command."""
    escaped = escape_unicode(text)
    return escaped if escaped.isascii() else str(_encoder().unicode_to_latex(escaped))


def title_to_tex(title: str, escape: Escape) -> str:
    """Write a title as TeX: formulas kept, and braces around what a style must not put into lower case."""
    text = one_line(title)
    protect = _protector(text)
    return _nodes_to_tex(build_tree(scan(text)), lambda words: _protected(words, protect, escape)).strip()


def text_to_tex(text: str, escape: Escape) -> str:
    """Write other imported text (an abstract, a comment) as TeX, formulas kept."""
    return _nodes_to_tex(build_tree(scan(one_line(text))), escape).strip()


def _nodes_to_tex(nodes: list[Node], escape: Escape) -> str:
    return "".join(_node_to_tex(node, escape) for node in nodes)


def _node_to_tex(node: Node, escape: Escape) -> str:
    match node:
        case Text(value) | Code(value) | Mark(value):
            return escape(value)
        case Formula(source):
            kept = _safe_formula(source)
            return f"{{${kept}$}}" if kept else escape(readable_formula(source))
        case Link(_, label):
            return escape(label)
        case Styled(_, children) | Group(children):
            return _nodes_to_tex(children, escape)
        case Command(name, space):
            return escape(f"\\{name}{space}")


def _safe_formula(source: str) -> str | None:
    """The formula as it may stand between dollars in a field, or None when it must become text."""
    source = _PERCENT.sub(r"\\\1", source.strip())
    commands = _COMMAND.findall(source)
    if not all(map(_is_known, commands)) or "^^" in source or not set(_ENVIRONMENT.findall(source)) <= _ENVIRONMENTS:
        return None
    if sum(command in {"begin", "end"} for command in commands) != len(_ENVIRONMENT.findall(source)):
        return None
    source = _BRACE.sub(lambda found: r"\lbrace " if found[1] == "{" else r"\rbrace ", source)
    bare = _COMMAND.sub("", source)
    return source if source and "$" not in bare and _is_balanced(source) else None


def _is_known(command: str) -> bool:
    if not command.isalpha() or not command.isascii():
        return command in _CONTROL_SYMBOLS and command != ""
    return command in _STRUCTURE or symbol(command) is not None


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _protector(title: str) -> Callable[[str], bool]:
    """Decide which words keep their capitals: in a title in sentence case, every capitalised one but the first.

    In a title where most long words are capitalised that says nothing, and only inner capitals (`LaTeX`, `LHCb`) do.
    """
    words = _WORD.findall(title)
    telling = [word for word in words[1:] if len(word) >= _LONG_WORD and not _has_inner_capitals(word)]
    in_sentence_case = sum(word[0].isupper() for word in telling) * 2 <= len(telling)

    def keeps_capitals(word: str) -> bool:
        return _has_inner_capitals(word) or (in_sentence_case and word[0].isupper() and word != words[0])

    return keeps_capitals


def _has_inner_capitals(word: str) -> bool:
    return any(character.isupper() for character in word[1:])


def _protected(text: str, keeps_capitals: Callable[[str], bool], escape: Escape) -> str:
    result, position = [], 0
    for found in _WORD.finditer(text):
        word = escape(found[0])
        result += [escape(text[position : found.start()]), f"{{{word}}}" if keeps_capitals(found[0]) else word]
        position = found.end()
    return "".join([*result, escape(text[position:])])


@cache
def _encoder() -> UnicodeToLatexEncoder:
    return UnicodeToLatexEncoder(
        non_ascii_only=True,
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )

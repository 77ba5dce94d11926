"""TeX formulas to MathML, through math-core."""

import re
from functools import cache, lru_cache
from html import escape
from typing import Final, NamedTuple

from math_core import LatexError, LatexToMathML

from works.markup.macros import MACROS

# The longest formula among 99,000 of arXiv's is 635 characters, and the one with the most braces and
# commands together has 95 of them. math-core descends once for each of these and ends the *process* (not
# just the call) when the stack is used up: at 166 levels in a thread with 512 KiB of stack, 703 with 2 MiB.
MAXIMUM_LENGTH: Final = 2_000
MAXIMUM_NESTING: Final = 150
# For an opening bracket without its closing one math-core 0.9 tries everything behind it twice: 24 of them take
# a second, 40 a day. Which are closed cannot be told from outside (in `(\\hat)` it is not), so all are counted;
# four formulas among 99,342 have more. The list: every word and sign of math-core's that doubles its time.
MAXIMUM_OPENINGS: Final = 10
_OPENING: Final = re.compile(
    r"[(\[⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼]|\\\{|\\(?:[bB]igg?l|mathopen|ulcorner|l(?:Angle|Brace|Vert|ang|angle|brace|brack"
    r"|ceil|floor|group|langle|lbracket|lcorner|lparenthesis|moustache|paren|vert))(?![A-Za-z])"
)
# An author's definition could nest deeper than its own length, and would be one formula's private language.
_DEFINITION: Final = re.compile(
    r"\\(?:[egx]?def|let|futurelet|(?:re)?newcommand|providecommand|DeclareMathOperator|newenvironment)(?![A-Za-z])"
)
_ANNOTATION: Final = '<annotation encoding="application/x-tex">'
_UNKNOWN: Final = 'merror class="math-core-unknown-cmd"'

# `%` would start a comment and lose the rest: after a number it is meant; before a space, it is a line end
# of the author's file that some converter joined.
_PERCENT_MEANT: Final = re.compile(r"(?<!\\)%(?!\s)|(?<=\d)%")
_PERCENT_OF_A_LINE_END: Final = re.compile(r"(?<!\\)%\s+")
# math-core numbers the lines of these, and knows the third only by the first one's name. A number that the
# author's paper does not have would be an invention.
_NUMBERED: Final = re.compile(r"\\(begin|end)\s?\{(?:(align|gather|multline)|eqnarray)\*?\}")
# What authors write that math-core refuses; applied only to a formula that it has refused.
_REPAIRS: Final = (
    (re.compile(r"(?<!\\)#"), r"\\#"),
    (re.compile(r"\\(?:nolimits|protect|displaystyle\s*\\limits|noindent|nonumber)(?![A-Za-z])"), ""),
    (re.compile(r"\\mathop\s*\{\s*\\lim\s*\}\s*\\limits(?![A-Za-z])"), r"\\lim\\limits"),
    (re.compile(r"\\(left|right|[bB]igg?[lr]?)\s*<"), r"\\\1\\langle "),
    (re.compile(r"\\(left|right|[bB]igg?[lr]?)\s*>"), r"\\\1\\rangle "),
    (re.compile(r"&(?:amp;|;)?lt;?"), "<"),
    (re.compile(r"&(?:amp;|;)?gt;?"), ">"),
    (re.compile(r"\^(?=')"), ""),
    (re.compile(r"\\(?=\.\.)"), ""),
    (re.compile(r"\\(begin|end)\s+\{"), r"\\\1{"),
    (re.compile(r"\{smallmatrix\}"), "{matrix}"),
    (re.compile(r"\\(?:label|tag)\s*\{[^{}]*\}"), ""),
    (re.compile(r"\\operatorname\*?\s*\{(?=[^{}]*[\\_^{])"), r"\\mathrm{"),
    (
        re.compile(
            r"\\(?:text|mbox|hbox)\s*\{\s*\\(?:bf|it|rm|small|em|tiny|scriptsize|footnotesize|normalsize)(?![A-Za-z])\s*"
        ),
        r"\\text{",
    ),
)


class _Attempt(NamedTuple):
    repaired: bool
    strict: bool
    with_macros: bool = True


# Without the macros at last: one that wants an argument may be another author's letter (`\\bs` alone).
_ATTEMPTS: Final = (
    _Attempt(repaired=False, strict=True),
    _Attempt(repaired=True, strict=True),
    _Attempt(repaired=True, strict=False),
    _Attempt(repaired=True, strict=False, with_macros=False),
)


class MathML(NamedTuple):
    """A formula as MathML; `understood` is False where a command in it is shown by its name."""

    markup: str
    understood: bool


@lru_cache(maxsize=4096)
def to_mathml(source: str, *, display: bool = False) -> MathML | None:
    """Convert a TeX formula (without its delimiters), or answer None where it cannot be read.

    The markup carries the author's own source as an annotation. A source beyond the bounds on its length,
    nesting and opening brackets is not read: within them the time taken is bounded.
    """
    if not _is_fit_to_read(source):
        return None
    prepared = _prepared(source)
    for attempt in _ATTEMPTS:
        candidate = _repaired(prepared) if attempt.repaired else prepared
        converter = _converter(strict=attempt.strict, with_macros=attempt.with_macros)
        try:
            markup = converter.convert_with_local_state(candidate, displaystyle=display)
        except LatexError:
            continue
        return MathML(_annotated(markup, source), attempt.strict)
    return None


def _is_fit_to_read(source: str) -> bool:
    if not source.strip() or len(source) > MAXIMUM_LENGTH:
        return False
    if source.count("{") + source.count("\\") > MAXIMUM_NESTING:
        return False
    if len(_OPENING.findall(source)) > MAXIMUM_OPENINGS:
        return False
    return not _DEFINITION.search(source)


def _prepared(source: str) -> str:
    if "%" in source:
        source = _PERCENT_OF_A_LINE_END.sub("", _PERCENT_MEANT.sub(r"\\%", source))
    if "\\begin" in source:
        source = _NUMBERED.sub(lambda found: rf"\{found[1]}{{{found[2] or 'align'}*}}", source)
    return source


def _repaired(source: str) -> str:
    for pattern, replacement in _REPAIRS:
        source = pattern.sub(replacement, source)
    return source


@cache
def _converter(*, strict: bool, with_macros: bool) -> LatexToMathML:
    # One for all threads: the conversions that keep no global state only read it (tests/works/test_markup_safety.py).
    return LatexToMathML(
        macros=MACROS if with_macros else {},
        ignore_unknown_commands=not strict,
        allow_unreliable_rendering=True,
        annotation=True,
        fancy_error=False,
    )


def _annotated(markup: str, source: str) -> str:
    """Put the author's source where math-core put the one that was prepared for it."""
    body, _, _ = markup.rpartition(_ANNOTATION)
    body = body.replace(_UNKNOWN, 'merror class="unknown-command"')
    return f"{body}{_ANNOTATION}{escape(source, quote=False)}</annotation></semantics></math>"

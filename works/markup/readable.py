"""Formulas as readable characters, where Unicode has them: for search, page titles and exports."""

import re
from functools import lru_cache
from typing import Final

from works.markup.accents import symbol

_COMMAND: Final = re.compile(r"\\(?P<name>[A-Za-z]+)(?P<space>\s*)")
_ALPHABET: Final = re.compile(r"\\(?:mathbb|Bbb)\s?(?:\{\s?([A-Za-z])\s?\}|\s([A-Za-z]))")
_FONT: Final = re.compile(
    r"\\(?:math(?:rm|bf|it|sf|tt|cal|scr|frak|normal)|text(?:rm|bf|it|sf|up)?|mbox|boldsymbol|bm|operatorname\*?)\s?"
    r"\{([^{}\\$]{0,80})\}"
)
_SWITCH: Final = re.compile(r"\\(?:rm|bf|it|cal|left|right|displaystyle|limits)(?![A-Za-z])\s?")
_SPACING: Final = re.compile(r"\\[,;:!>]|(?<!\\)~")
# Not behind a letter or another group: there it is the argument of a command that stays, as in `\\frac{a}{b}`.
_LONE_GROUP: Final = re.compile(r"(?<![A-Za-z}])\{([^{}\\])\}|(?<!\\)\{\}")
_RELATIONS: Final = frozenset("≤≥≪≫≲≳≈≃≅∼≡≠∝→←↔⇒⇐⇔↦∈∉∋⊂⊃⊆⊇")
_DOUBLE_STRUCK: Final = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))


@lru_cache(maxsize=4096)
def readable_formula(source: str) -> str:
    r"""Replace the commands of a formula that a character stands for (`\alpha`, `\leq`, `\mathbb{R}`), keep others."""
    source = _ALPHABET.sub(lambda found: _double_struck(found[1] or found[2]), source)
    source = _FONT.sub(r"\1", source)
    source = _SWITCH.sub("", source)
    source = _COMMAND.sub(_character, _SPACING.sub(" ", source))
    source = re.sub(r" {2,}", " ", _LONE_GROUP.sub(r"\1", source))
    return source.replace(r"\{", "{").replace(r"\}", "}").replace(r"\%", "%").strip()


def _double_struck(letter: str) -> str:
    return _DOUBLE_STRUCK.get(letter, letter)


def _character(found: re.Match[str]) -> str:
    character = symbol(found["name"])
    if character is None:
        return found[0]
    if character[-1:].isascii() and character[-1:].isalnum():  # a function's name, as `log`
        return f"{character} " if found["space"] else character
    # A space after a letter only ends the command's name; around a relation it helps to read.
    if character in _RELATIONS and found["space"]:
        return f" {character} "
    return character if character.isalpha() else character + found["space"]

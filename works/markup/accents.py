"""Accented letters and named symbols of TeX's text mode, as Unicode, from pylatexenc's tables."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

# An accent command and the one letter it sits on, braced or not.
ACCENT: Final = (
    r"""\\(?:["'^`~=.]|[vcuHkrbdt](?![A-Za-z]))\s?(?:\{\s?(?:\\[ij]|[^\W\d_])?\s?\}|\\[ij](?![A-Za-z])\s?|[^\W\d_])"""
)
# Letters that are commands of their own: TeX joins them to what follows.
LETTERS: Final = frozenset({"o", "O", "l", "L", "ss", "ae", "AE", "oe", "OE", "aa", "AA", "i", "j"})

_OTHER_SYMBOLS: Final = {
    "S": "§", "P": "¶", "LaTeX": "LaTeX", "TeX": "TeX", "copyright": "©", "textless": "<", "textgreater": ">",
    "degree": "°", "textdegree": "°", "TM": "™", "texttrademark": "™", "euro": "€", "pounds": "£", "slash": "/",
    "checkmark": "✓", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textbar": "|",
    "textunderscore": "_", "ldots": "…", "dots": "…", "aleph": "ℵ", "beth": "ℶ", "quad": "\u2003",
    "qquad": "\u2003", "ie": "i.e.", "eg": "e.g.", "etal": "et al.", "textbullet": "•", "item": " • ",
    "textregistered": "®", "BibTeX": "BibTeX", "lbrace": "{", "rbrace": "}", "par": " ", "newline": " ",
    "linebreak": " ", "textquotesingle": "'", "prime": "′", "thinspace": "\u202f", "enspace": " ", "space": " ",
}  # fmt: skip

# pylatexenc puts a mark of its own in the place of a reference ("<cit.>"), and the day of the run for this one.
_NO_CHARACTER: Final = re.compile(r"<\w+\.?>")
_NO_SYMBOLS: Final = frozenset({"today"})

_to_text: Final = LatexNodes2Text(keep_comments=True)
_symbols: Final = get_default_latex_context_db()


@lru_cache(maxsize=2048)
def accented(source: str) -> str:
    r"""Give the letter that an accent command such as `\"o` or `\v{c}` makes, or the source where it makes none."""
    letter = unicodedata.normalize("NFC", _to_text.latex_to_text(source).strip())
    return letter if letter and not unicodedata.combining(letter[0]) else source


@lru_cache(maxsize=2048)
def symbol(name: str) -> str | None:
    r"""Give the character that a command without arguments stands for (`alpha`, `leq`, `ss`), None if there is none."""
    if name in _OTHER_SYMBOLS:
        return _OTHER_SYMBOLS[name]
    specification = _symbols.get_macro_spec(name)
    replacement = getattr(specification, "simplify_repl", None)
    if not isinstance(replacement, str) or "%" in replacement or not replacement.strip():
        return None
    if name in _NO_SYMBOLS or _NO_CHARACTER.search(replacement):
        return None
    return replacement

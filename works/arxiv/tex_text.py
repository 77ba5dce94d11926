"""TeX accents and special letters in names, turned into Unicode; what is not understood loses only its mark-up."""

import re
import unicodedata

_COMBINING = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "r": "\u030a", "k": "\u0328", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "i": "ı", "j": "ȷ", "l": "ł", "L": "Ł", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ",
    "oe": "œ", "OE": "Œ", "ss": "ß", "SS": "ẞ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ",
    "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip

# Runs of backslashes count as one: arXiv's own test database holds names escaped twice (`P\\\"otz`).
_LETTER_COMMAND = re.compile(
    r"\\+(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?![A-Za-z])(?:\{\}|[ \t]+(?=[^\W\d_]))?"
)
_BASE = r"[^\W\d_][\u0300-\u036f]*"
_ACCENT = re.compile(
    rf"\\+(?:(?P<sign>['`^\"~=.])\s*|(?P<word>[cvuHrkdb])(?:\s+|(?=\{{)))(?:\{{\s*(?P<braced>{_BASE})\s*\}}|(?P<bare>{_BASE}))"
)
_MARK = re.compile(r"[\\{}~]")
_DOTLESS = str.maketrans("ıȷ", "ij")
_COMMAND_SPACE = re.compile(r"\\+(?:[ ,;!/]|$)|~")
_ACCENTS_ON_ACCENTS = 3


def decode_tex(text: str) -> str:
    r"""Decode `P\'erez`, `{\L}ukasz`, `\v{S}`, `\c c`, `\'{\i}`, `~`; braces and stray backslashes go. Linear time."""
    if _MARK.search(text) is None:
        return text
    decoded = _LETTER_COMMAND.sub(lambda found: _LETTERS[found[1]], text)
    for _ in range(_ACCENTS_ON_ACCENTS):
        accented = _ACCENT.sub(_accented, decoded)
        if accented == decoded:
            break
        decoded = accented
    decoded = _COMMAND_SPACE.sub(" ", decoded)
    return unicodedata.normalize("NFC", re.sub(r"[\\{}]", "", decoded))


def _accented(found: re.Match[str]) -> str:
    base = (found["braced"] or found["bare"]).translate(_DOTLESS)
    return unicodedata.normalize("NFC", base + _COMBINING[found["sign"] or found["word"]])

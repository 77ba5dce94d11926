"""The outer structure of an author line: items between separators, what stands in parentheses, the legend."""

import re
from dataclasses import dataclass, field

from works.arxiv.tex_text import decode_tex

_FOOTNOTE = re.compile(
    r"\$\s*\^\s*(?:\{([^{}$]*)\}|([^{}$\s]))\s*\$|\\textsuperscript\{([^{}]*)\}|\^\{([^{}^]*)\}|\^(\d+)"
)
_SUPERSCRIPTS = re.compile("[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+")
_PUNCTUATION = str.maketrans(
    {"，": ",", "、": ",", "；": ";", "：": ":", "（": "(", "）": ")", "[": "(", "]": ")", "\u00a0": " "}
)
_SPACES = re.compile(r"\s+")
_TOKEN = re.compile(r"[(),;:&]|(?<![\w'.-])(?:and|AND)(?![\w'.-])")
_MARK = re.compile(r"\d{1,3}|[a-zA-Z]|[ivx]{1,4}|[*†‡§¶#+∗⋆]{1,4}")
_RANGE = re.compile(r"(\d{1,2})\s*[-–]\s*(\d{1,2})")
_BETWEEN_MARKS = re.compile(r"[\s,;&]+|\band\b")
_BRACKETED_MARK = re.compile(r"\(\s*(\d{1,3}|[a-zA-Z]|[ivx]{1,4}|[*†‡§¶#+∗⋆]{1,4})\s*\)")
_PLAIN_KEY = re.compile(r"(?:^|[,;.]\s*)(\d{1,2}|[a-z](?=[:=)]))\s*[:.)=-]?\s*(?=[^\W\d_])")
_FIRST_MARKS = (["1"], ["a"], ["A"], ["i"], ["*"])
_NICKNAME = re.compile(r"[^\W\d_][a-zé]+")


@dataclass(slots=True)
class LineItem:
    """What stands between two separators: a name, its parentheses, and the separator before it."""

    text: str
    separator: str
    groups: list[str] = field(default_factory=list)


@dataclass(slots=True)
class LineStructure:
    """The items of a line and its legend, from footnote mark to affiliation."""

    items: list[LineItem]
    legend: dict[str, str]


def read_structure(line: str) -> LineStructure:
    """Take a line apart at its separators outside parentheses; never raises, linear time."""
    text = _prepared(line)
    reader = _Reader(text)
    reader.read()
    legend: dict[str, str] = {}
    for item in reader.items:
        legends = [group for group in item.groups if _BRACKETED_MARK.match(group)]
        item.groups = [group for group in item.groups if group not in legends]
        for group in legends:
            legend |= read_legend(group)
    legend |= read_legend(reader.legend_text)
    _take_plain_legend(reader.items, legend)
    return LineStructure(reader.items, legend)


def marks_in(text: str) -> list[str] | None:
    """The footnote marks when text is nothing but marks ("1", "1 and 2", "1,2", "1-3", "a,*"), otherwise None."""
    tokens = [token for token in _BETWEEN_MARKS.split(text) if token]
    if not tokens:
        return None
    marks: list[str] = []
    for token in tokens:
        span = _RANGE.fullmatch(token)
        if span is not None and int(span[1]) < int(span[2]):
            marks.extend(str(number) for number in range(int(span[1]), int(span[2]) + 1))
        elif _MARK.fullmatch(token):
            marks.append(token)
        else:
            return None
    return marks


def read_legend(text: str) -> dict[str, str]:
    """Affiliations by mark in `(1) MIT, (2) CERN`."""
    return _by_key(text, list(_BRACKETED_MARK.finditer(text)))


def _prepared(line: str) -> str:
    text = line.translate(_PUNCTUATION)
    text = _FOOTNOTE.sub(lambda found: f" ({next(filter(None, found.groups()), '')}) ", text)
    text = _SUPERSCRIPTS.sub(_plain_digits, decode_tex(text)).replace("$", " ")
    return _SPACES.sub(" ", text).strip()


def _plain_digits(found: re.Match[str]) -> str:
    digits = "".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(digit)) for digit in found[0])
    return f" ({digits}) "


class _Reader:
    """One pass over the tokens of a line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.items: list[LineItem] = []
        self.legend_text = ""
        self._closing = _matching_parentheses(text)
        self._current = LineItem("", "")
        self._is_loose = False  # inside a parenthesis that is never closed: up to the next separator

    def read(self) -> None:
        position = 0
        while position < len(self.text):
            token = _TOKEN.search(self.text, position)
            end = len(self.text) if token is None else token.start()
            if self._add_text(self.text[position:end].strip(), position):
                return
            if token is None:
                break
            position = self._take(token)
        self._finish("")

    def _take(self, token: re.Match[str]) -> int:
        if token[0] == "(":
            closing = self._closing.get(token.start())
            if closing is None and _BRACKETED_MARK.match(self.text, token.end()):
                # A legend that is never closed, as where a line was cut off.
                self.legend_text = self.text[token.end() :]
                return len(self.text)
            if closing is None:
                self._is_loose = True
                return token.end()
            self._current.groups.append(self.text[token.end() : closing].strip())
            return closing + 1
        if token[0] != ")":
            self._finish(token[0].lower())
        return token.end()

    def _add_text(self, text: str, position: int) -> bool:
        """Put text where it belongs; True when it begins a legend that runs to the end of the line."""
        if not text:
            return False
        if self._is_loose:
            self._current.groups.append(text)
        elif not self._current.groups:
            self._current.text = f"{self._current.text} {text}".strip()
        elif self._legend_begins():
            self.legend_text = f"({self._current.groups.pop()}) {self.text[position:]}"
            self._finish("")
            return True
        elif self._is_nickname():
            self._current.text += f" ({self._current.groups.pop()}) {text}"
        else:
            self._finish("")
            self._current.text = text
        return False

    def _legend_begins(self) -> bool:
        """Whether the last parenthesis was the first mark of a legend, with or without a comma before it."""
        marks = [marks_in(group) for group in self._current.groups[-2:]]
        if marks[-1] is None:
            return False
        no_name = not self._current.text and bool(self.items)
        return no_name or (len(marks) == 2 and marks[0] is not None and marks[-1] in _FIRST_MARKS)

    def _is_nickname(self) -> bool:
        """Whether "William (Bill) Smith" goes on after its parenthesis: so far there is a given name only."""
        item = self._current
        return len(item.groups) == 1 and " " not in item.text and _NICKNAME.fullmatch(item.groups[0]) is not None

    def _finish(self, separator: str) -> None:
        if self._current.text or self._current.groups:
            self.items.append(self._current)
            self._current = LineItem("", separator)
        else:
            # "Uno, and Due": the word says more than the comma before it.
            self._current.separator = separator
        self._is_loose = False


def _matching_parentheses(text: str) -> dict[int, int]:
    matches: dict[int, int] = {}
    opened: list[int] = []
    for found in re.finditer(r"[()]", text):
        if found[0] == "(":
            opened.append(found.start())
        elif opened:
            matches[opened.pop()] = found.start()
    return matches


def _take_plain_legend(items: list[LineItem], legend: dict[str, str]) -> None:
    """Read `(1 MIT, 2 CERN)`, a legend without inner parentheses, when names carry the mark it begins with."""
    used = {mark for item in items for group in item.groups for mark in marks_in(group) or ()}
    for item in items:
        for group in list(item.groups):
            keys = [] if marks_in(group) else list(_PLAIN_KEY.finditer(group))
            if keys and keys[0].start() == 0 and keys[0][1] in used:
                legend |= _by_key(group, keys)
                item.groups.remove(group)


def _by_key(text: str, keys: list[re.Match[str]]) -> dict[str, str]:
    ends = [*(key.start() for key in keys[1:]), len(text)][: len(keys)]
    found = {}
    for key, end in zip(keys, ends, strict=True):
        affiliation = re.sub(r"(?:[\s,;]|\sand)+$", "", text[key.end() : end]).strip(" ,;:")
        if affiliation:
            found[key[1]] = affiliation
    return found

"""One unparsed author line of arXiv, taken apart: names, affiliations, footnote marks and collaborations.

Pure, total (any text gives an answer) and linear in the length of the line.
"""

import re
from dataclasses import dataclass, field

from works.arxiv.collaboration import (
    is_bracketed_collaboration,
    is_collaboration,
    is_note,
    joins_next,
    split_collaboration,
    strip_contribution,
    without_article,
)
from works.arxiv.line_items import LineItem, marks_in, read_structure
from works.arxiv.records import AuthorLine, ParsedAuthor
from works.arxiv.tex_text import decode_tex
from works.names import fold, is_suffix, normalize_given, normalize_suffix, parse_name, split_particle

_ET_AL = re.compile(
    r"(?:^|[\s,])(?:et\.?\s*al(?:ii|ia|\.|\b)|(?:and\s+)?(?:many\s+)?others|\.{3,}|…)\W*$", re.IGNORECASE
)
_MARKS_BEFORE = re.compile(r"^[\W\d_]+")
_MARKS_AFTER = re.compile(r"(?:(?<=[^\WA-Z\d_])\d{1,2}|[*†‡§¶#+∗⋆^_~;:/|\\-]|\s)+$")
_FOOTNOTE_TEXT = re.compile(r"[*†‡∗]\s*[^\W\d_]\w*(?:\s+\w+){2}")
_DIGIT_WITHIN = re.compile(r"(?<=[^\WA-Z\d_])\d{1,2}\s+(?=[^\W\d_])")
_ALL_AT = re.compile(r"(?:all|both)\s+(?:at|from|of)\s+", re.IGNORECASE)
_LONG_BYLINE = 20  # names; whoever gives affiliations in a shorter one gives a good part of them
_SURNAME = re.compile(r"[^\W\d_][^\W\d_]+(?:[-'][^\W\d_]+)?")
_INITIALS_ONLY = re.compile(r"(?:[^\W\d_]\.?[\s-]*){1,4}")


def parse_author_line(line: str) -> AuthorLine:
    """Take apart one author line such as `A. Uno (1), B. Due (1 and 2) ((1) MIT, (2) CERN)`; never raises."""
    structure = read_structure(line)
    byline = _Byline(structure.legend)
    for item in _given_names_first(_joined_collaborations(structure.items)):
        byline.add(item)
    return byline.result()


def parse_keyname_author(
    forenames: str, keyname: str, suffix: str = "", affiliation: str = ""
) -> tuple[ParsedAuthor, ...]:
    """An author of the `arXiv` format, whose family name is known; two when it is "A. Uno for the X Team"."""
    given, family = decode_tex(forenames).strip(" ,"), decode_tex(keyname).strip(" ,")
    whole = " ".join(part for part in (given, family, suffix) if part)
    if is_collaboration(whole):
        person, collaborations = split_collaboration(whole)
        people = (_person(person, affiliation),) if person else ()
        return (*people, *(_collaboration(name, affiliation) for name in collaborations))
    if not family:
        return (_person(given, affiliation),) if given else ()
    particle, surname = split_particle(family)
    return (
        ParsedAuthor(whole, normalize_given(given), particle, surname, normalize_suffix(suffix), affiliation, "person"),
    )


@dataclass(slots=True)
class _Draft:
    """An author while its line is still being read."""

    text: str
    collaboration: bool = False
    suffix: str = ""
    affiliations: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


class _Byline:
    def __init__(self, legend: dict[str, str]) -> None:
        self._legend = legend
        self._drafts: list[_Draft] = []
        self._collaborations: set[str] = set()
        self._and_others = False

    def add(self, item: LineItem) -> None:
        text = self._without_et_al(_without_footnote_text(item.text))
        leading = marks_in(item.text)
        if leading is not None and self._drafts and not _has_name(text):
            self._drafts[-1].marks.extend(leading)
        elif is_suffix(text) and self._drafts and not self._drafts[-1].collaboration:
            self._drafts[-1].suffix = text.strip()
        elif _has_name(text) and not is_note(strip_contribution(text)):
            self._add_named(text)
        self._add_groups(item.groups)

    def result(self) -> AuthorLine:
        self._forget_former_surnames()
        return AuthorLine(tuple(self._finished(draft) for draft in self._drafts), self._and_others)

    def _forget_former_surnames(self) -> None:
        """In the bylines of collaborations a lone word in parentheses is a name given up: `C. Pauna (Chiojdeanu)`."""
        affiliated = [draft for draft in self._drafts if draft.affiliations or draft.marks]
        if len(self._drafts) >= _LONG_BYLINE and len(affiliated) * 10 < len(self._drafts):
            for draft in affiliated:
                draft.affiliations = [each for each in draft.affiliations if not _SURNAME.fullmatch(each)]

    def _without_et_al(self, text: str) -> str:
        found = _ET_AL.search(text)
        if found is None:
            return text
        self._and_others = True
        return text[: found.start()]

    def _add_named(self, text: str) -> None:
        person, collaborations = split_collaboration(text)
        for piece in _DIGIT_WITHIN.split(person):
            name = _MARKS_AFTER.sub("", _MARKS_BEFORE.sub("", strip_contribution(piece)))
            if _has_name(name):
                self._drafts.append(_Draft(name))
        for name in collaborations:
            self._add_collaboration(name)

    def _add_collaboration(self, name: str) -> None:
        key = fold(without_article(name))
        if key and key not in self._collaborations:
            self._collaborations.add(key)
            self._drafts.append(_Draft(name, collaboration=True))

    def _add_groups(self, groups: list[str]) -> None:
        """Parentheses belong to the name before them; a collaboration in them becomes a name of its own."""
        owner = self._drafts[-1] if self._drafts else None
        for group in groups:
            marks = marks_in(group)
            if is_bracketed_collaboration(group):
                for name in split_collaboration(group)[1]:
                    self._add_collaboration(name)
            elif _ET_AL.search(group):
                self._and_others = True
            elif owner is not None and marks is not None:
                owner.marks.extend(marks)
            elif owner is None or not _has_name(group) or is_note(group):
                continue
            else:
                self._add_affiliation(owner, group)

    def _add_affiliation(self, owner: _Draft, group: str) -> None:
        """Give a name what stands in parentheses after it; "all at MIT" is said of those before it, too."""
        shared = _ALL_AT.match(group)
        for draft in self._drafts if shared else [owner]:
            if draft is owner or not (draft.affiliations or draft.marks or draft.collaboration):
                draft.affiliations.append(group[shared.end() :] if shared else group)

    def _finished(self, draft: _Draft) -> ParsedAuthor:
        by_mark = [self._legend[mark] for mark in draft.marks if mark in self._legend]
        affiliation = "; ".join(dict.fromkeys([*draft.affiliations, *by_mark]))
        if draft.collaboration:
            return _collaboration(draft.text, affiliation)
        return _person(draft.text, affiliation, draft.suffix)


def _person(text: str, affiliation: str, suffix: str = "") -> ParsedAuthor:
    name = parse_name(text)
    printed = f"{text}, {suffix}" if suffix else text
    return ParsedAuthor(
        printed,
        name.given,
        name.particle,
        name.family,
        normalize_suffix(suffix) or name.suffix,
        affiliation,
        "person",
    )


def _collaboration(name: str, affiliation: str) -> ParsedAuthor:
    return ParsedAuthor(name, "", "", without_article(name), "", affiliation, "collaboration")


def _has_name(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _without_footnote_text(text: str) -> str:
    """Cut "*These authors contributed equally" off the last name."""
    found = _FOOTNOTE_TEXT.search(text)
    return text if found is None else text[: found.start()]


def _joined_collaborations(items: list[LineItem]) -> list[LineItem]:
    """Undo separators inside one phrase: "for the RBC and UKQCD Collaborations"."""
    joined: list[LineItem] = []
    for item in reversed(items):
        if joined and joined[-1].separator in {"and", "&", ","} and not item.groups:
            following = joined[-1]
            if joins_next(item.text, following.text):
                text = f"{item.text} and {following.text}"
                joined[-1] = LineItem(text, item.separator, following.groups)
                continue
        joined.append(item)
    return joined[::-1]


def _given_names_first(items: list[LineItem]) -> list[LineItem]:
    """Join "Uno, A.; Due, B." to names with a comma, when the whole line is printed that way."""
    names, givens = items[0::2], items[1::2]
    if len(names) != len(givens) or any(name.groups for name in names):
        return items
    if not all(given.separator == "," and " " not in name.text for name, given in zip(names, givens, strict=True)):
        return items
    separators = {name.separator for name in names[1:]}
    by_semicolon = bool(separators) and separators <= {";", "and", "&"}
    by_initials = all(
        _is_initials_only(given.text) and not _is_initials_only(name.text)
        for name, given in zip(names, givens, strict=True)
    )
    if not (by_semicolon or by_initials) or any(is_suffix(given.text) for given in givens):
        return items
    return [
        LineItem(f"{name.text}, {given.text}", name.separator, given.groups)
        for name, given in zip(names, givens, strict=True)
    ]


def _is_initials_only(text: str) -> bool:
    return _INITIALS_ONLY.fullmatch(text) is not None and not re.search(r"[^\W\d_]{2}", text)

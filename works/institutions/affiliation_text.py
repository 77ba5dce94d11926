"""A printed affiliation as words in segments, with the countries and cities that it names. Pure and linear."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from works.institutions.places import CODES_IN_CAPITALS, COUNTRY_BY_STATE, COUNTRY_BY_WORDS
from works.institutions.words import canonical, is_joining, join_initials
from works.names import fold

LONGEST_TEXT = 1_500  # characters looked at; the longest real one has about 600
_PIECES = re.compile(r"\s*[;|+]\s*|\s+/\s+")
_TOKEN = re.compile(r"[^\W_]+|[,()/:&]|\s[-–—]\s|[-–—](?=\s)")
_MAIL = re.compile(r"\S+@\S+|https?://\S+")
_NUMBER = re.compile(r"\d{3,}|[a-z]{0,2}\d{3,}[a-z]{0,2}|\d+[a-z]{1,2}\d*[a-z]*")


class Word(NamedTuple):
    """A word that says something; `opens` when a segment or an "and" stands right before it."""

    printed: str
    text: str
    segment: int
    opens: bool


class Place(NamedTuple):
    """A country named at the end of a segment: its code, and the words from `start` up to `end` that name it."""

    code: str
    start: int
    end: int


@dataclass(slots=True)
class AffiliationText:
    """One affiliation, taken apart."""

    words: list[Word] = field(default_factory=list)
    countries: list[Place] = field(default_factory=list)

    def segments(self) -> Iterator[tuple[int, int]]:
        """Yield where each segment's words begin and end."""
        start = 0
        for position in range(1, len(self.words) + 1):
            if position == len(self.words) or self.words[position].segment != self.words[start].segment:
                yield start, position
                start = position


def split_pieces(printed: str) -> list[str]:
    """The affiliations of one author that were printed, or joined, with semicolons."""
    return [piece for piece in _PIECES.split(printed[:LONGEST_TEXT]) if piece]


def read_affiliation(piece: str) -> AffiliationText:
    """Take one affiliation apart; never raises."""
    text = AffiliationText(list(_words(join_initials(_MAIL.sub(" ", piece)))))
    for start, end in text.segments():
        text.countries.extend(_country_at_end(text.words, start, end))
    return text


def is_number(word: str) -> bool:
    """Whether a word is a postal code, a house number or the like, which no name needs."""
    return _NUMBER.fullmatch(word) is not None


def _words(piece: str) -> Iterator[Word]:
    segment, opens = 0, True
    for token in _TOKEN.findall(piece):
        folded = fold(token)
        if not token.strip()[:1].isalnum():
            segment += token != "&"  # noqa: S105 - a character of the text
            opens = True
        elif folded in {"and", "und", "et", "y", "e"}:
            opens = True
        elif not is_joining(folded):
            for part in folded.split():
                yield Word(token, canonical(part), segment, opens)
                opens = False


def _country_at_end(words: list[Word], start: int, end: int) -> Iterator[Place]:
    """The country, or else the state, that the segment ends in, postal codes aside."""
    while end > start and is_number(words[end - 1].text):
        end -= 1
    for length in range(min(4, end - start), 0, -1):
        spelled = tuple(word.text for word in words[end - length : end])
        code = COUNTRY_BY_WORDS.get(spelled) or COUNTRY_BY_STATE.get(spelled)
        if code:
            yield Place(code, end - length, end)
            return
    if end > start and (code := CODES_IN_CAPITALS.get(words[end - 1].printed)):
        yield Place(code, end - 1, end)

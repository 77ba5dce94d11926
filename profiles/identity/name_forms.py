"""A printed name taken apart for comparison, once for each distinct name."""

import re
from dataclasses import dataclass

from works.name_parts import CJK, LOWER_PARTICLES, TITLES, UPPER_PARTICLES, VIETNAMESE_SURNAMES
from works.names import PersonName, block_key, fold, initials, is_suffix, name_key, parse_name

# The commonest shapes by far, `Given M. Family` and `G. M. Family` in plain letters, need no general parser.
_PLAIN = re.compile(r"((?:[A-Z]\.|[A-Z][a-z]{2,})(?: ?[A-Z]\.)*) ([A-Z][a-z]{2,})")
_PARTICLES = {word.lower() for word in LOWER_PARTICLES | UPPER_PARTICLES}
# `Agarwal RK`: the order in which medical indexes print names; nobody else ends a name in bare capitals.
_INDEXED = re.compile(r"(\S+(?: \S+)*) ([A-Z]{1,3})")


@dataclass(frozen=True, slots=True)
class NameForm:
    """What comparison needs of a name: `words` are given names folded, hyphens closed, each initial on its own.

    `letters` are the initials of all given names, also of the parts that a hyphen joins: `Jean-Pierre A.` has the words
    `jeanpierre`, `a` and the letters `jpa`.
    """

    surname: str
    words: tuple[str, ...]
    letters: str
    suffix: str = ""

    @property
    def first(self) -> str:
        """The given name that a person goes by, as far as it shows: `edward` of `J. Edward`, `j` of `J.`."""
        if len(self.words) > 1 and len(self.words[0]) == 1 and len(self.words[1]) > 1:
            return self.words[1]
        return self.words[0] if self.words else ""

    @property
    def joined(self) -> str:
        """All given names as one word where none is an initial, so that `Jun Jie` is `junjie`; else empty."""
        return "".join(self.words) if all(len(word) > 1 for word in self.words) else ""

    @property
    def is_full(self) -> bool:
        return len(self.first) > 1 or bool(CJK.search(self.first))


def read_form(printed: str) -> NameForm:
    """Take a printed name apart; never raises, and an unreadable one is a surname with nothing before it."""
    plain = _PLAIN.fullmatch(printed)
    if plain:
        words = tuple(plain[1].replace(".", " ").lower().split())
        if not _needs_care(words[0], plain[2]):
            return NameForm(plain[2].lower(), words, "".join(word[0] for word in words))
    return _form_of(_parse_either_order(printed))


def _needs_care(given: str, surname: str) -> bool:
    return (
        given in _PARTICLES
        or surname.lower() in _PARTICLES
        or f"{given}." in TITLES
        or is_suffix(surname)
        or given in VIETNAMESE_SURNAMES
    )


def _parse_either_order(printed: str) -> PersonName:
    indexed = _INDEXED.fullmatch(printed.strip())
    if indexed and not is_suffix(indexed[2]) and not indexed[1].isupper():
        return parse_name(f"{indexed[1]}, {'. '.join(indexed[2])}.")
    return parse_name(printed)


def _form_of(name: PersonName) -> NameForm:
    surname = block_key(name).rpartition("|")[0]
    words: list[str] = []
    for word in name.given.split():
        # The key of one given word alone: a run of initials comes apart, a hyphenated name is closed.
        words += name_key(PersonName(word, "", "x", "")).partition("|")[2].split()
    return NameForm(surname, tuple(words), initials(name).lower(), fold(name.suffix))

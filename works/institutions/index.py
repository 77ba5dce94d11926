"""The registry's names as an index in memory: from the words of a name to the organisations that bear it.

Pure. It holds the names once and grows with the registry only, never with what is matched.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from works.institutions.places import COUNTRY_BY_WORDS
from works.institutions.ror import Organisation, looks_like_acronym
from works.institutions.words import name_words
from works.names import fold

LONGEST_NAME = 14  # words; longer names are found by no span of a text
_UNIVERSITY_OF = ("University of ", "The University of ")
_COUNTRY_IN_NAME = re.compile(r"\s*\(([^()]*)\)$")


@dataclass(slots=True)
class IndexedOrganisation:
    """What speaks for or against an organisation; `key` is a primary key or a ROR id."""

    key: int | str
    name: str
    country_code: str
    city: tuple[str, ...]
    is_active: bool
    parents: frozenset[int | str]


class IndexedName(NamedTuple):
    """One name of one organisation; `strength` is name, alias, acronym, family (a name less its country) or turned."""

    organisation: IndexedOrganisation
    strength: str
    value: str


@dataclass(slots=True)
class InstitutionIndex:
    """Names by their words joined by spaces, the longest name by its first word, and the cities."""

    names: dict[str, tuple[IndexedName, ...]] = field(default_factory=dict)
    longest_by_first_word: dict[str, int] = field(default_factory=dict)
    cities: set[tuple[str, ...]] = field(default_factory=set)
    organisations: int = 0

    def add(self, organisation: IndexedOrganisation, names: Iterable[tuple[str, str]]) -> None:
        """Add an organisation with its names, pairs of kind and text as the registry has them."""
        self.organisations += 1
        if organisation.city:
            self.cities.add(organisation.city)
        for kind, value in names:
            if kind == "acronym" or looks_like_acronym(value):
                if name_words(value) == (fold(value),):  # `SCI` would be found in every `Sci.`
                    self._add_name(IndexedName(organisation, "acronym", value), value)
                continue
            self._add_name(IndexedName(organisation, "name" if kind in {"name", "label"} else "alias", value), value)
            if value.startswith(_UNIVERSITY_OF):
                turned = f"{value.partition(' of ')[2]} University"
                self._add_name(IndexedName(organisation, "turned", value), turned)
            in_country = _COUNTRY_IN_NAME.search(value)
            if in_country is not None and name_words(in_country[1]) in COUNTRY_BY_WORDS:
                self._add_name(IndexedName(organisation, "family", value), value[: in_country.start()])

    def _add_name(self, name: IndexedName, text: str) -> None:
        words = name_words(text)
        if not words or len(words) > LONGEST_NAME or max(map(len, words)) < 2:
            return
        key = " ".join(words)
        known = self.names.get(key, ())
        if all(other.organisation is not name.organisation for other in known):
            self.names[key] = (*known, name)
            self.longest_by_first_word[words[0]] = max(len(words), self.longest_by_first_word.get(words[0], 0))


def index_organisations(organisations: Iterable[Organisation]) -> InstitutionIndex:
    """Index what a dump holds, by ROR id."""
    index = InstitutionIndex()
    for each in organisations:
        index.add(
            IndexedOrganisation(
                key=each.ror_id,
                name=each.name,
                country_code=each.country_code,
                city=name_words(each.city),
                is_active=each.status == "active",
                parents=frozenset(other for kind, other in each.relations if kind == "parent"),
            ),
            each.names,
        )
    return index

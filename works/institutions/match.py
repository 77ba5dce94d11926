"""Which organisations a printed affiliation means: scored, explained, and silent when unsure. Pure.

A name of the registry has to stand in the text word for word (folded, abbreviations written out). What else the
text says speaks for or against it: the country, the city, whether the name fills its segment, whether others
bear it too. See docs/decisions/0010-affiliation-matcher.md for the weights.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from works.institutions.affiliation_text import AffiliationText, is_number, read_affiliation, split_pieces
from works.institutions.index import LONGEST_NAME, IndexedName, IndexedOrganisation, InstitutionIndex
from works.institutions.places import SAME_COUNTRY
from works.institutions.words import name_words

MATCHER_VERSION = 1
THRESHOLD = 80  # of 100; below it there is no answer
LEAD = 5  # by how much the best of several organisations of one name has to lead

NAME, ALIAS, FAMILY, TURNED, ONE_WORD, ACRONYM = 75, 70, 65, 60, 55, 40
FILLS_SEGMENT, SAME_PLACE, SAME_CITY = 10, 15, 15
WHOLE_AND_ONLY = 15
NOT_ACTIVE, COMMON_WORDS, PART_OF_LONGER, OTHER_CITY, OTHER_COUNTRY, A_SYSTEM = -20, -30, -40, -25, -60, -40

# Words with which a part of an organisation begins; a name may stand beside such a part without being another.
_PARTS = frozenset(
    "department school faculty division section laboratory center institute group chair unit program programme "
    "graduate clinic office team key state undergraduate postgraduate lehrstuhl subdepartment college".split()
)
# A name of nothing but these is borne by many: `Institute of Physics`, `Medical School`.
_COMMON = frozenset(
    "university institute college school science technology technical research national center medical medicine "
    "physics chemistry mathematics engineering computer academy department faculty laboratory health public "
    "applied theoretical nuclear high energy space biology molecular international hospital general state federal "
    "ministry agency information advanced studies study management business economics education arts law "
    "polytechnic group theory astronomy astrophysics observatory materials nature environment life sciences "
    "systems computing statistics nursing foundation society council association central graduate social "
    "development agriculture agricultural electronics electrical mechanical civil communication communications "
    "software data analysis industry industrial informatics city provincial people first second new division unit "
    "section team".split()
)


@dataclass(frozen=True, slots=True)
class Match:
    """One organisation that a text means, or might: from word `start` up to `end`; `reasons` in words.

    `weight` is the sum of the evidence, `score` the same within 0 and 100.
    """

    organisation: IndexedOrganisation
    name: str
    weight: int
    reasons: tuple[str, ...]
    start: int
    end: int
    is_doubtful: bool

    @property
    def score(self) -> int:
        return max(0, min(100, self.weight))


@dataclass(slots=True)
class _Weighing:
    """A score while it is being summed, with its reasons."""

    weight: int = 0
    reasons: list[str] = field(default_factory=list)
    names_place: bool = False

    def add(self, points: int, reason: str) -> None:
        self.weight += points
        self.reasons.append(f"{reason} ({points:+d})")


def match_affiliation(printed: str, index: InstitutionIndex) -> list[Match]:
    """The organisations that a printed affiliation means, in the order it names them; none when unsure."""
    found: dict[int | str, Match] = {}
    for piece in split_pieces(printed):
        for match in match_piece(piece, index):
            found.setdefault(match.organisation.key, match)
    parents = {parent for match in found.values() for parent in match.organisation.parents}
    return [match for key, match in found.items() if key not in parents]


def match_piece(piece: str, index: InstitutionIndex) -> list[Match]:
    """The organisations of one affiliation; a name within a longer name that was found does not count."""
    text = read_affiliation(piece)
    taken: list[tuple[int, int]] = []
    answers = []
    for start, end, names in sorted(_names_in(text, index), key=lambda hit: hit[0] - hit[1]):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        best = _best(text, start, end, names, index)
        if best is not None and best.weight >= THRESHOLD:
            answers.append(best)
    return sorted(_without_doubtful(answers), key=lambda match: match.start)


def _without_doubtful(answers: list[Match]) -> list[Match]:
    """Leave out what is doubtful beside an organisation that is not its parent: it is a part of that one."""
    keys = {match.organisation.key for match in answers}
    sure = [match for match in answers if not match.is_doubtful]
    return [match for match in answers if not match.is_doubtful or not sure or match.organisation.parents & keys]


def _names_in(text: AffiliationText, index: InstitutionIndex) -> Iterator[tuple[int, int, tuple[IndexedName, ...]]]:
    words = [word.text for word in text.words]
    for start, first in enumerate(words):
        longest = min(index.longest_by_first_word.get(first, 0), LONGEST_NAME, len(words) - start)
        for end in range(start + 1, start + longest + 1):
            # Over a comma only from where a segment begins: `Yale University, New Haven` is not the one of New Haven.
            if text.words[end - 1].segment != text.words[start].segment and not text.words[start].opens:
                break
            names = index.names.get(" ".join(words[start:end]))
            if names is None or any(place.start <= start and end <= place.end for place in text.countries):
                continue
            if end - start > 1 or (first,) not in index.cities:  # `Lyon` is a city before it is a university
                yield start, end, names


def _best(
    text: AffiliationText, start: int, end: int, names: tuple[IndexedName, ...], index: InstitutionIndex
) -> Match | None:
    """The organisation that the text speaks for, when it leads the others of its name."""
    matches = sorted((_weigh(text, start, end, name, names, index) for name in names), key=lambda match: -match.weight)
    if len(matches) == 1 or matches[0].weight >= matches[1].weight + LEAD:
        return matches[0]
    level = [match for match in matches if match.weight > matches[0].weight - LEAD]
    for match in level:  # the parent of all the others, as the registry makes a company that of its branches
        if all(match is other or match.organisation.key in other.organisation.parents for other in level):
            return match
    return None


def _weigh(
    text: AffiliationText,
    start: int,
    end: int,
    name: IndexedName,
    names: tuple[IndexedName, ...],
    index: InstitutionIndex,
) -> Match:
    weighing = _Weighing()
    _weigh_name(weighing, text, start, end, name)
    _weigh_surroundings(weighing, text, start, end, name.organisation)
    _weigh_country(weighing, text, start, end, name.organisation)
    _weigh_city(weighing, text, start, end, name.organisation, index)
    if end - start == len(text.words) and len(names) == 1 and end - start == 1 and len(text.words[0].printed) >= 4:
        weighing.add(WHOLE_AND_ONLY, "nothing else stands there and nobody else is called so")
    if name.organisation.name.endswith((" System", " Systems")) and "system" not in (word.text for word in text.words):
        weighing.add(A_SYSTEM, "it is a system of several universities or hospitals, of which the text may mean one")
    if not name.organisation.is_active:
        weighing.add(NOT_ACTIVE, "it is no longer active")
    is_doubtful = (
        name.strength == "acronym"
        or _is_common(text, start, end)
        # `Institute for Physiology, Universität Bern`: any university may have one.
        or (text.words[start].text in _PARTS and not weighing.names_place)
    )
    return Match(name.organisation, name.value, weighing.weight, tuple(weighing.reasons), start, end, is_doubtful)


def _weigh_name(weighing: _Weighing, text: AffiliationText, start: int, end: int, name: IndexedName) -> None:
    words = [word.text for word in text.words[start:end]]
    if name.strength == "acronym":
        in_capitals = text.words[start].printed.upper() == text.words[start].printed
        weighing.add(ACRONYM if in_capitals else 0, f"its acronym “{name.value}” stands there")
    elif len(words) == 1:
        weighing.add(ONE_WORD, f"its name “{name.value}”, of one word, stands there")
    elif name.strength == "family":
        weighing.add(FAMILY, f"its name “{name.value}”, but for the country, stands there")
    elif name.strength == "turned":
        weighing.add(TURNED, f"its name “{name.value}”, with “University” at the end, stands there")
    elif name.strength == "alias":
        weighing.add(ALIAS, f"“{name.value}”, another of its names, stands there")
    else:
        weighing.add(NAME, f"its name “{name.value}” stands there")
    if _is_common(text, start, end):
        weighing.add(COMMON_WORDS, "the name is made of common words")


def _is_common(text: AffiliationText, start: int, end: int) -> bool:
    return all(word.text in _COMMON or word.text.isdigit() for word in text.words[start:end])


def _weigh_surroundings(
    weighing: _Weighing, text: AffiliationText, start: int, end: int, organisation: IndexedOrganisation
) -> None:
    before = _rest_before(text, start, over_and=False)
    if before and before[0] not in _PARTS:
        before = _rest_before(text, start, over_and=True)
    after = _rest_after(text, end, organisation)
    if not before and not after:
        weighing.add(FILLS_SEGMENT, "nothing else stands between the commas")
    elif _is_a_part(before, text, start) and _begins_a_part(after):
        weighing.add(FILLS_SEGMENT, "only a part of an organisation stands beside it")
    else:
        weighing.add(PART_OF_LONGER, f"it may be part of a longer name, beside “{' '.join(before + after)}”")


def _rest_before(text: AffiliationText, start: int, *, over_and: bool) -> list[str]:
    """The words from where the segment, or what follows its last "and", begins."""
    rest: list[str] = []
    position = start
    while position > 0 and text.words[position - 1].segment == text.words[start].segment:
        if text.words[position].opens and not (over_and and rest):
            break
        position -= 1
        rest.insert(0, text.words[position].text)
    return [word for word in rest if not is_number(word)]


def _rest_after(text: AffiliationText, end: int, organisation: IndexedOrganisation) -> list[str]:
    """The words up to the end of the segment, without the country, the city and numbers."""
    stop = end
    while stop < len(text.words) and not text.words[stop].opens:
        stop += 1
    places = {position for place in text.countries for position in range(place.start, place.end)}
    rest = [text.words[position].text for position in range(end, stop) if position not in places]
    return [word for word in rest if not is_number(word) and word not in organisation.city]


def _is_a_part(before: list[str], text: AffiliationText, start: int) -> bool:
    """`Department of Physics` before a name; after an institute the name has to begin as a university's."""
    if not before:
        return True
    if before[0] not in _PARTS:
        return False
    return before[0] in {"department", "school", "faculty", "division"} or text.words[start].text in {
        "university",
        "polytechnic",
    }


def _begins_a_part(after: list[str]) -> bool:
    """`School of Medicine`, also one with a name of its own (`Miller School of Medicine`), after a name."""
    if not after:
        return True
    begins = after[0] in _PARTS - {"institute", "state", "center", "office"} or after[1:2] == ["school"]
    return begins and len(after) > 1


def _weigh_country(
    weighing: _Weighing, text: AffiliationText, start: int, end: int, organisation: IndexedOrganisation
) -> None:
    said = {place.code for place in text.countries if place.end <= start or place.start >= end}
    if not said or not organisation.country_code:
        return
    if organisation.country_code in said:
        weighing.add(SAME_PLACE, f"the text names its country, {organisation.country_code}")
        weighing.names_place = True
    elif any(frozenset({organisation.country_code, code}) in SAME_COUNTRY for code in said):
        weighing.reasons.append("the text names a country that the registry counts otherwise (+0)")
    else:
        weighing.add(OTHER_COUNTRY, f"the text names {', '.join(sorted(said))}, it is in {organisation.country_code}")


def _weigh_city(
    weighing: _Weighing,
    text: AffiliationText,
    start: int,
    end: int,
    organisation: IndexedOrganisation,
    index: InstitutionIndex,
) -> None:
    words = [word.text for word in text.words]
    if _contains(words[:start], organisation.city) or _contains(words[end:], organisation.city):
        weighing.add(SAME_CITY, "the text names its city")
        weighing.names_place = True
    elif not _contains(words[start:end], organisation.city):
        own = {*organisation.city, *name_words(organisation.name)}
        other = next((city for city in _cities_in(text, end, index) if own.isdisjoint(city)), None)
        if other is not None:
            weighing.add(OTHER_CITY, f"the text names another city, {' '.join(other).title()}")


def _cities_in(text: AffiliationText, after: int, index: InstitutionIndex) -> Iterator[tuple[str, ...]]:
    """Segments after a name that are a city of the registry and nothing else, numbers and countries aside."""
    places = {position for place in text.countries for position in range(place.start, place.end)}
    for start, end in text.segments():
        if start >= after:
            inside = (at for at in range(start, end) if at not in places and not is_number(text.words[at].text))
            words = tuple(text.words[at].text for at in inside)
            if words in index.cities:
                yield words


def _contains(words: list[str], sought: tuple[str, ...]) -> bool:
    length = len(sought)
    return bool(sought) and any(tuple(words[at : at + length]) == sought for at in range(len(words) - length + 1))

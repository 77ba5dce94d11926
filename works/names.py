"""Personal names: taking them apart, folding them for comparison, and writing them for people and addresses.

Nothing here guesses what a bare name does not say: which of two Spanish surnames belong together, or whether
`Yang Liu` is printed family-first, is not decided.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from works.name_parts import (
    CJK,
    COMPOUND_SURNAMES,
    JOINING_WORDS,
    LOWER_PARTICLES,
    TITLES,
    UPPER_PARTICLES,
    VIETNAMESE_SURNAMES,
)

SLUG_LENGTH = 60
_SLUG_FALLBACK = "researcher"
_REMEMBERED_NAMES = 20_000  # of the 284,792 names in the real papers, in their order, 31% are found among these

_SPACES = re.compile(r"\s+")
_HYPHENS = re.compile("[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("[`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u2018\u2019\u201b\u2032\uff07]")
_PERIODS = re.compile("[.\u00b7\u2024\u2027\u30fb\uff0e]")
# Only the general combining marks: the voicing marks of kana (U+3099) belong to the letter.
_DIACRITICS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ȷ": "j",
        "ħ": "h",
        "ŋ": "n",
    }
)
_NICKNAME_BEGINS = frozenset('"“(')
_NICKNAME = re.compile(r"\s*(?:\"[^\"]*\"|“[^”]*”|\([^()]*\))\s*")
_SUFFIX = re.compile(r"(?:(jr|jnr|sr|snr)\.?|(ii|iii|iv))", re.IGNORECASE)
_HYPHENATED_SUFFIX = re.compile(r"(?<=\w)-(?=(?:jr|sr)\.?$)", re.IGNORECASE)
_INITIAL_THEN_LETTER = re.compile(r"\.(?=[^\W\d_])")
_CAPITALS_FAMILY = re.compile(r"(?:[^\W\d_]{4,}|[^\W\d_AEIOUY][AEIOUY][^\W\d_])(?:-[^\W\d_]+)*")
_ABBREVIATIONS = frozenset({"md", "mohd"})


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in parts; `family` is never empty unless all of it is. `particle` ("van der") belongs to the surname."""

    given: str
    particle: str
    family: str
    suffix: str


@lru_cache(_REMEMBERED_NAMES)
def parse_name(printed: str) -> PersonName:
    """Take a printed name apart, given-first ("Bart J. van Wees") or "van Wees, Bart J."; never raises."""
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", printed)).strip(" ,;")
    if not _NICKNAME_BEGINS.isdisjoint(text):
        text = _NICKNAME.sub(" ", text).strip() or text
    if CJK.search(text):
        return _parse_cjk(text)
    before, comma, after = (part.strip() for part in text.partition(","))
    if comma and before and after:
        return _parse_inverted(before, after)
    words, suffix = _without_suffix(_words(text))
    given, particle, family = _split_words(words)
    return _soften_capitals(PersonName(given, particle, family, suffix))


def split_particle(surname: str) -> tuple[str, str]:
    """Part a surname given as such ("van der Meer") into its leading particles and the rest."""
    words = surname.split()
    count = 0
    while count < len(words) - 1 and _is_particle(words[count]):
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def normalize_given(given: str) -> str:
    """Given names with initials set apart: "P.G." becomes "P. G.", "Y. -C." becomes "Y.-C."."""
    return " ".join(_words(given))


def normalize_suffix(suffix: str) -> str:
    """ "jr" and "Jr" become "Jr.", numerals are in capitals; anything else is answered as it is."""
    found = _SUFFIX.fullmatch(suffix.strip(" ,"))
    if found is None:
        return suffix.strip(" ,")
    if found[2]:
        return found[2].upper()
    return "Jr." if found[1].lower().startswith("j") else "Sr."


def is_suffix(text: str) -> bool:
    return _SUFFIX.fullmatch(text.strip()) is not None


def fold(text: str) -> str:
    """Text for comparison: no case, no diacritics, one kind of hyphen and apostrophe, periods as spaces.

    Han, kana and Hangul are kept; Latin letters without a decomposition (ø, ł, đ, æ, ı) get their plain form.
    """
    if text.isascii():  # four of five names, by a shorter way to the same
        return " ".join(text.lower().replace("`", "'").replace(".", " ").split())
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    folded = _HYPHENS.sub("-", _APOSTROPHES.sub("'", _DIACRITICS.sub("", folded)))
    folded = _PERIODS.sub(" ", folded.translate(_LETTERS))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", folded)).strip()


def name_key(name: PersonName | str) -> str:
    """`family|given` folded, with `|suffix` when there is one; equal keys mean the same printed name.

    Particles count with the surname, written without spaces, hyphens and apostrophes. Given names are alike
    hyphenated, joined or spaced (`Jun-Jie`, `Jun Jie`, `Junjie`), while an initial stays apart, so that
    `Paul A. Smith` is not `Paula Smith`.
    """
    parts = _as_name(name)
    key = f"{_surname_key(parts)}|{_given_key(parts.given)}"
    return f"{key}|{fold(parts.suffix)}" if parts.suffix else key


def block_key(name: PersonName | str) -> str:
    """`surname|first initial`, folded: names that may belong to one person share it (`vanwees|b`)."""
    parts = _as_name(name)
    return f"{_surname_key(parts)}|{initials(parts)[:1].casefold()}"


def initials(name: PersonName | str) -> str:
    """The initials of the given names in capitals, without diacritics: `Jean-Pierre A.` gives `JPA`."""
    return "".join(
        token.upper() if _is_initials(token) else fold(token)[:1].upper()
        for token in _given_tokens(_as_name(name).given)
    )


def has_full_given_name(name: PersonName | str) -> bool:
    """Whether at least one given name is written out, and not only initials or abbreviations (`Yu.`, `Md`)."""
    given = _as_name(name).given
    if CJK.search(given):
        return True
    return any(_is_written_out(token) for token in re.split(r"[\s-]+", given))


def display_name(name: PersonName) -> str:
    """The name as a person would write it: given names first, CJK script family first and unspaced."""
    if CJK.search(name.family) and CJK.search(name.given):
        return name.family + name.given
    return " ".join(part for part in (name.given, name.particle, name.family, name.suffix) if part)


def slugify_name(text: str) -> str:
    """An ASCII slug for addresses, at most 60 characters, never empty: the id beside it decides, not the slug."""
    letters = fold(text).replace("'", "").encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    if len(slug) > SLUG_LENGTH:
        cut = slug[: SLUG_LENGTH + 1]
        slug = cut[: cut.rfind("-")] if "-" in cut else cut[:SLUG_LENGTH]
    return slug or _SLUG_FALLBACK


def _as_name(name: PersonName | str) -> PersonName:
    return parse_name(name) if isinstance(name, str) else name


def _words(text: str) -> list[str]:
    """Words with initials set apart; a hyphen that lost its neighbour ("Y. -C.") finds it again."""
    spaced = re.sub(r"\s+(?=[-‐][^\W\d_])", "", _INITIAL_THEN_LETTER.sub(". ", text))
    return spaced.split()


def _without_suffix(words: list[str]) -> tuple[list[str], str]:
    if words:
        words = [*words[:-1], *_HYPHENATED_SUFFIX.sub(" ", words[-1]).split()]
    while words and words[0].casefold() in TITLES and len(words) > 1:
        words = words[1:]
    if len(words) > 1 and is_suffix(words[-1].strip(",")):
        return [*words[:-2], words[-2].rstrip(",")], normalize_suffix(words[-1])
    return words, ""


def _parse_inverted(before: str, after: str) -> PersonName:
    """A name with a comma: "Family, Given", "Family, Jr., Given" or "Given Family, Jr."."""
    if is_suffix(after):
        name = parse_name(before)
        return PersonName(name.given, name.particle, name.family, normalize_suffix(after))
    pieces = [piece.strip() for piece in after.split(",") if piece.strip()]
    suffix = " ".join(normalize_suffix(piece) for piece in pieces if is_suffix(piece))
    words, trailing = _without_suffix(_words(before))
    particle, family = split_particle(" ".join(words))
    given_words = _words(" ".join(piece for piece in pieces if not is_suffix(piece)))
    count = len(given_words)
    while count > 1 and given_words[count - 1] in LOWER_PARTICLES:
        count -= 1
    particle = " ".join([*given_words[count:], particle]).strip()
    return _soften_capitals(PersonName(" ".join(given_words[:count]), particle, family, suffix or trailing))


def _split_words(words: list[str]) -> tuple[str, str, str]:
    """Given names, particle and family of words in printed order."""
    if _is_family_first_in_capitals(words):
        return " ".join(words[1:]), "", words[0]
    if not words or (len(words) > 1 and words[0] in LOWER_PARTICLES):
        return ("", *split_particle(" ".join(words)))
    family_start = len(words) - 1
    if family_start > 2 and words[family_start - 1] in JOINING_WORDS:
        family_start -= 2
    start = family_start
    while start > 1 and _is_particle(words[start - 1]) and not _is_vietnamese(words):
        start -= 1
    if start > 1 and words[start - 1] in LOWER_PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:family_start]), " ".join(words[family_start:])


def _is_particle(word: str) -> bool:
    return word in LOWER_PARTICLES or word in UPPER_PARTICLES or word.casefold() in {"d'", "d’", "'t", "’t"}


def _is_vietnamese(words: list[str]) -> bool:
    """Whether capitalised `Van` and `Le` are likelier Vietnamese given names than Dutch or French particles."""
    surnames = {fold(words[0]), fold(words[-1])}
    return bool(surnames & VIETNAMESE_SURNAMES)


def _is_family_first_in_capitals(words: list[str]) -> bool:
    if len(words) < 2:
        return False
    first, *others = words
    is_capitals = first.isupper() and _CAPITALS_FAMILY.fullmatch(first) is not None
    return (
        is_capitals
        and all(not word.isupper() or len(word) <= 2 for word in others)
        and any(word[1:].islower() and len(word) > 1 for word in others)
    )


def _soften_capitals(name: PersonName) -> PersonName:
    """Names printed in capitals get capitals at the start of each part only; initials stay."""
    if not (name.family.isupper() and len(name.family) > 2):
        return name
    given = name.given
    if given.isupper():
        given = " ".join(word if _is_initials(word) else _capitalized(word) for word in given.split())
    return PersonName(given, name.particle, _capitalized(name.family), name.suffix)


def _capitalized(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0][:1] + word[0][1:].lower(), text)


def _parse_cjk(text: str) -> PersonName:
    """A name with Han, kana or Hangul letters: family first; a space or comma in it parts family and given."""
    family, _, given = re.sub(r"[,\s\u30fb\u00b7]+", " ", text).strip().partition(" ")
    if given:
        return PersonName(given, "", family, "")
    length = 2 if family[:2] in COMPOUND_SURNAMES and len(family) > 2 else 1
    return PersonName(family[length:], "", family[:length], "")


def _surname_key(name: PersonName) -> str:
    return re.sub(r"[\s'-]+", "", fold(f"{name.particle} {name.family}"))


def _given_key(given: str) -> str:
    """Written-out names joined, initials apart from them and from each other: `paul a`, `junjie`, `j m`."""
    pieces: list[str] = []
    joinable = False
    for token in _given_tokens(given):
        letters = fold(token).replace("'", "").replace(" ", "")
        is_initial = len(letters) <= 1 and not CJK.search(letters)
        if _is_initials(token):
            pieces.extend(letters)
            joinable = False
        elif joinable and not is_initial:
            pieces[-1] += letters
        elif letters:
            pieces.append(letters)
            joinable = not is_initial
    return " ".join(pieces)


def _given_tokens(given: str) -> list[str]:
    unified = given if given.isascii() else _HYPHENS.sub("-", given)
    return [token for token in re.split(r"[\s.-]+", unified) if token]


def _is_initials(word: str) -> bool:
    """Whether a word is a run of initials such as `J`, `JM` or `J.-M.`: capitals that read as no name."""
    letters = re.sub(r"[.-]", "", word)
    return (
        letters.isascii()
        and letters.isupper()
        and len(letters) <= 3
        and (len(letters) == 1 or "." in word or len(word) == 2 or not re.search("[AEIOUY]", letters))
    )


def _is_written_out(token: str) -> bool:
    letters = token.rstrip(".")
    return (
        len(letters) > 1
        and not token.endswith(".")
        and not _is_initials(token)
        and letters.casefold() not in _ABBREVIATIONS
    )

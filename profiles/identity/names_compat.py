"""Whether two printed names may be one person's, and how well they agree."""

from dataclasses import dataclass
from enum import IntEnum

from profiles.identity.name_forms import NameForm
from profiles.identity.nicknames import are_related


class First(IntEnum):
    """How the first given names agree, best first."""

    SAME = 0
    RELATED = 1
    BY_MIDDLE = 2
    INITIAL = 3
    BOTH_INITIAL = 4


class Middle(IntEnum):
    """How the other given names agree, best first."""

    SAME = 0
    LETTER = 1
    BOTH_ABSENT = 2
    ONE_ABSENT = 3


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two names that may be one person's agree."""

    first: First
    middle: Middle


def compare(one: NameForm, other: NameForm) -> Agreement | None:
    """Say how the given names of two forms of one surname agree; None where they contradict each other."""
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return None
    if not one.words or not other.words:
        return Agreement(First.BOTH_INITIAL, Middle.BOTH_ABSENT) if one.words == other.words else None
    if one.joined and one.joined == other.joined:
        are_several = min(len(one.words), len(other.words)) > 1
        return Agreement(First.SAME, Middle.SAME if are_several else Middle.BOTH_ABSENT)
    return _in_order(one, other) or _by_middle(one, other) or _by_middle(other, one)


def _in_order(one: NameForm, other: NameForm) -> Agreement | None:
    first = _first_words(one.words[0], other.words[0])
    if first is None:
        return None
    middle = _middle_words(one, other)
    return None if middle is None else Agreement(first, middle)


def _first_words(one: str, other: str) -> First | None:
    if len(one) > 1 and len(other) > 1:
        if one == other:
            return First.SAME
        return First.RELATED if are_related(one, other) else None
    if one[0] != other[0]:
        return None
    return First.BOTH_INITIAL if len(one) == len(other) == 1 else First.INITIAL


def _middle_words(one: NameForm, other: NameForm) -> Middle | None:
    if len(one.words) > 1 and len(other.words) > 1:
        return _same_word(one.words[1], other.words[1])
    # A hyphenated name has letters of its own to offer: `Jun-Jie` and `J. J.`.
    letters, others = one.letters[1:2], other.letters[1:2]
    if letters and others:
        return Middle.LETTER if letters == others else None
    return Middle.ONE_ABSENT if letters or others else Middle.BOTH_ABSENT


def _same_word(one: str, other: str) -> Middle | None:
    if len(one) > 1 and len(other) > 1:
        return Middle.SAME if one == other or are_related(one, other) else None
    return Middle.LETTER if one[0] == other[0] else None


def _by_middle(one: NameForm, other: NameForm) -> Agreement | None:
    """The case that `one` leads with an initial and goes by the name after it: `J. Edward` and `Edward J.`."""
    if len(one.words) < 2 or len(one.words[0]) > 1 or len(one.words[1]) == 1:
        return None
    if _first_words(one.words[1], other.words[0]) is None:
        return None
    other_letter = other.letters[1:2]
    if other_letter and other_letter != one.letters[:1]:
        return None
    return Agreement(First.BY_MIDDLE, Middle.LETTER if other_letter else Middle.ONE_ABSENT)

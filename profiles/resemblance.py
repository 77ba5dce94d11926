"""Whether two records may be of one person: names that agree and people in common. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

MINIMUM_SHARED_COAUTHORS = 2


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Two records of one surname: their names and folded keys, whom both wrote with, what both wrote about.

    `coauthors` are names, `topics` arXiv categories, `joint_works` how many bylines name both.
    """

    names: tuple[str, str]
    keys: tuple[str, str]
    coauthors: Sequence[str]
    topics: Sequence[str]
    joint_works: int


def describe_resemblance(facts: PairFacts) -> list[str]:
    """Say in sentences why the two may be one; nothing where they may not.

    Two co-authors in common are enough, or one and a topic. Nobody holds two positions of one byline.
    """
    enough = len(facts.coauthors) >= MINIMUM_SHARED_COAUTHORS or (facts.coauthors and facts.topics)
    if facts.joint_works or not enough or not names_agree(*facts.keys):
        return []
    sentences = [
        f"“{facts.names[0]}” and “{facts.names[1]}” may be one name.",
        f"Both wrote with {', '.join(facts.coauthors[:6])}.",
    ]
    if facts.topics:
        sentences.append(f"Both wrote about {', '.join(facts.topics[:6])}.")
    return sentences


def names_agree(one: str, other: str) -> bool:
    """Whether two folded names (`surname|given`) may be one: each given name or initial of the shorter fits the longer.

    In any order: `J. Edward Hu` is `Edward J. Hu`. Of two equal names nothing is said, so they agree.
    """
    surnames, givens, suffixes = zip(*(split_key(key) for key in (one, other)), strict=True)
    if surnames[0] != surnames[1] or (all(suffixes) and suffixes[0] != suffixes[1]):
        return False
    shorter, longer = sorted((given.split() for given in givens), key=len)
    if not shorter:
        return False
    left = list(longer)
    # Written-out names first, so that an initial does not take the name that another needs.
    for part in sorted(shorter, key=len, reverse=True):
        fit = next((each for each in sorted(left, key=len, reverse=True) if parts_agree(part, each)), None)
        if fit is None:
            return False
        left.remove(fit)
    return True


def split_key(key: str) -> tuple[str, str, str]:
    """Take a name key apart: surname, given names, suffix."""
    surname, _, rest = key.partition("|")
    given, _, suffix = rest.partition("|")
    return surname, given, suffix


def parts_agree(one: str, other: str) -> bool:
    """Whether two given names are equal, or one is the initial of the other."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])

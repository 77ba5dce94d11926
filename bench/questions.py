"""Questions for the search benchmarks, made from what is in the database; every one follows from the seed."""

import random
from collections import Counter
from collections.abc import Sequence

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misspell(text: str, chance: random.Random) -> str:
    """Make one slip in one of the longer words: a letter left out, put in, replaced, or two exchanged."""
    words = text.split()
    long = [place for place, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return text
    place = chance.choice(long)
    word, at = words[place], chance.randrange(1, len(words[place]) - 1)
    letter = chance.choice(LETTERS)
    slips = [
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ]
    words[place] = chance.choice(slips)
    return " ".join(words)


def with_initials(name: str) -> str:
    """Shorten all but the last word: `Greg Yang` becomes `G. Yang`."""
    *given, family = name.split()
    return " ".join([*(f"{word[0]}." for word in given), family])


def part_of(title: str, chance: random.Random, words: int = 4) -> str:
    """Take some words that stand together in a title."""
    split = title.split()
    start = chance.randrange(max(len(split) - words, 0) + 1)
    return " ".join(split[start : start + words])


def commonest(texts: Sequence[str], number: int, shortest: int = 4) -> list[str]:
    """Return the words that stand in most of the texts."""
    counts = Counter(word for text in texts for word in {word.lower() for word in text.split() if word.isalpha()})
    return [word for word, _count in counts.most_common() if len(word) >= shortest][:number]


def cut(text: str, chance: random.Random, shortest: int = 2) -> str:
    """Cut off a text as it is while somebody types it."""
    return text[: chance.randrange(min(shortest, len(text)), len(text) + 1)]

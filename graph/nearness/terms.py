"""The terms of a work's title and abstract: what texts are compared by, and how they are written. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

SHORTEST = 3
LETTERS = rf"[^\W\d_]{{{SHORTEST},}}"
LOWER_LETTERS = {code: chr(code).lower() if chr(code).isalpha() else " " for code in range(128)}
# Runs of letters, as `profiles.identity.term_counts` counts them; numbers, and commands of TeX, say little.
WORD = re.compile(rf"(?<![^\W\d_])(?<!\\){LETTERS}")
# Two words with nothing but a space between them; the second may be the first of the next pair.
PAIR = re.compile(rf"(?<![^\W\d_])(?<!\\)({LETTERS}) (?=({LETTERS}))")
# A title says more per word than an abstract.
TITLE_COUNTS = 2


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """The term of a word in lower case: its singular, by the ending alone, as the table of counts has it."""
    return word[:-1] if word[-1] == "s" and word[-2] != "s" else word


def count_terms(title: str, abstract: str) -> Mapping[str, int]:
    """Count the terms; those of the title count double."""
    counts: defaultdict[str, int] = defaultdict(int)
    for word, count in Counter(list_words(abstract) + list_words(title) * TITLE_COUNTS).items():
        counts[fold(word)] += count
    return counts


def list_words(text: str) -> list[str]:
    """The words in lower case; of a text in ASCII by a shorter way, which takes commands of TeX for words."""
    if text.isascii():
        return [word for word in text.translate(LOWER_LETTERS).split() if len(word) >= SHORTEST]
    return WORD.findall(text.lower())


def list_written(title: str, abstract: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each term, and each two side by side, as they are written here, capitals included."""
    for text in (title, abstract):
        for word in WORD.findall(text):
            yield (fold(word.lower()),), word
        for first, second in PAIR.findall(text):
            yield (fold(first.lower()), fold(second.lower())), f"{first} {second}"

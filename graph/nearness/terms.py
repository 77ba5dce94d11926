"""The terms of a work's title and abstract: what texts are compared by. Pure."""

import re
from collections import Counter

# Letters and hyphens only: numbers and formulas say little about a subject.
WORD = re.compile(r"[a-z][a-z-]{2,38}[a-z]")
# A title says more per word than an abstract.
TITLE_COUNTS = 2


def count_terms(title: str, abstract: str) -> Counter[str]:
    """Count the terms; those of the title count double."""
    counts = Counter(map(singular, WORD.findall(abstract.lower())))
    for word in WORD.findall(title.lower()):
        counts[singular(word)] += TITLE_COUNTS
    return counts


def singular(word: str) -> str:
    """Fold the commonest plurals: `networks`, `theories`, `classes`; `analysis` and `stress` stay."""
    if word.endswith("ies") and len(word) > len("xxies"):
        return f"{word[:-3]}y"
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word

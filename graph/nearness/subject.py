"""What a person writes about, by the texts of some works, and what another text has in common with it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from graph.nearness.terms import count_terms, list_written
from graph.nearness.weights import Rarity, Weights, add_up, share, weigh

# The newest say what somebody writes about now; older works say little more, and would have to be read.
MOST_TEXTS = 12
# What of a shared term adds less to the cosine is not worth saying.
LEAST_SAID = 0.01
MOST_SAID = 2
# By so many of the heaviest terms other works are looked for; two of them must stand in a work.
MOST_ASKED = 3
# What more than one work in sixty has finds too much.
LEAST_RARITY_ASKED = 4.1
# What more than one in fifty has says nothing by itself.
LEAST_RARITY_SAID = 3.9

Phrase = tuple[str, ...]
Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """The weights of terms, and which terms stand alone or side by side in the texts."""

    weights: Weights
    phrases: dict[Phrase, str]


def read_subject(texts: Sequence[Text], rarity: Rarity) -> Subject:
    """Read titles with abstracts."""
    weights = add_up(weigh(count_terms(*text), rarity) for text in texts)
    return Subject(weights, {phrase: words for text in texts for phrase, words in list_written(*text)})


def list_asked(subject: Subject, findable: Weights) -> list[tuple[str, str]]:
    """Pairs of the heaviest terms, as they are written, by which works on the subject can be found.

    `findable` says how rare is what a search for a term finds; what it does not have is likely nowhere else.
    """
    terms = [
        term for term in subject.weights if findable.get(term, 0) >= LEAST_RARITY_ASKED and (term,) in subject.phrases
    ]
    heaviest = sorted(terms, key=lambda term: (-subject.weights[term], term))[:MOST_ASKED]
    return list(combinations((subject.phrases[term,].lower() for term in heaviest), 2))


def name_shared(subject: Subject, text: Text, weights: Weights, rarity: Rarity) -> list[str]:
    """Name what a text, of these weights, has in common with the subject: the heaviest first, no term twice."""
    shared = {term: part for term, part in share(weights, subject.weights).items() if part >= LEAST_SAID}
    rare = {term for term in shared if rarity.known.get(term, rarity.unknown) >= LEAST_RARITY_SAID}
    written = {phrase: words for phrase, words in write(subject, text, shared).items() if rare.intersection(phrase)}
    named: list[str] = []
    used: set[str] = set()
    for phrase in sorted(written, key=lambda phrase: (-sum(shared[term] for term in phrase), phrase)):
        if len(named) < MOST_SAID and not used.intersection(phrase):
            named.append(written[phrase])
            used.update(phrase)
    return named


def write(subject: Subject, text: Text, terms: Iterable[str]) -> dict[Phrase, str]:
    """The phrases of these terms that stand in both, each as the text writes it with the fewest capitals."""
    known = set(terms)
    written: dict[Phrase, str] = {}
    for phrase, words in list_written(*text):
        if known.issuperset(phrase) and phrase in subject.phrases and len(set(phrase)) == len(phrase):
            written[phrase] = min(written.get(phrase, words), words, key=count_capitals)
    return written


def count_capitals(words: str) -> int:
    """How many capitals there are: a title has more than the sentence that tells how a word is written."""
    return sum(map(str.isupper, words))

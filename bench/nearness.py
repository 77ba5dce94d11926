"""Which measure of two works' nearness finds held-out pairs best: `make bench-nearness`. No servers; two minutes.

A tenth of the 88,748 real papers is held out of fitting. Two questions are asked of them: given a work, find another of
the same author's (`pair`); given the works of an author so far, find the next (`next`). Each right answer stands among
999 wrong ones by others, half of which share its primary category. People are equal full names here, of 2 to 30 works.
"""

import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

from bench.snapshot import SNAPSHOT
from graph.nearness.subject import MOST_TEXTS, list_asked, read_subject
from graph.nearness.terms import count_terms, fold
from graph.nearness.weights import TOPICS_COUNT, Rarity, measure_findable, measure_rarity, weigh
from profiles.identity.term_counts import read_term_counts

SEED = 11
QUESTIONS = 1500
WRONG = 999
# Beside vectors, what shared categories add to the cosine: looked for on other questions than those reported.
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5)
SVD_DIMENSIONS = 128
# As the table of counts that comes with the code leaves out what fewer have.
FEWEST = 25
Measure = Callable[[Sequence[int], Sequence[int]], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """From these papers, find the first of the candidates."""

    known: Sequence[int]
    candidates: Sequence[int]


@dataclass(slots=True)
class Papers:
    """The papers in the order of their dates, by number: terms, categories, authors."""

    texts: list[tuple[str, str]]
    terms: list[Mapping[str, int]]
    categories: list[list[str]]
    authors: list[frozenset[str]]
    by_author: dict[str, list[int]]
    by_category: dict[str, list[int]]


def main() -> int:
    """Read, fit, ask and print."""
    papers = read_papers()
    chance = random.Random(SEED)
    held_out = set(chance.sample(range(len(papers.terms)), len(papers.terms) // 10))
    tuning, pairs, nexts = (
        list(ask_pairs(papers, held_out, chance)),
        list(ask_pairs(papers, held_out, chance)),
        list(ask_next(papers, held_out, chance)),
    )
    rarity = count_papers(papers, held_out)
    measures = make_measures(papers, rarity, tuning)
    flat: dict[str, Any] = {"bench": "nearness", "pair_questions": len(pairs), "next_questions": len(nexts)}
    print(f"{'measure':<24}{'pair MRR':>10}{'in 10':>8}{'next MRR':>10}{'in 10':>8}")
    for name, measure in measures.items():
        found = [*score(measure, pairs), *score(measure, nexts)]
        print(f"{name:<24}{found[0]:>10.3f}{found[1]:>8.3f}{found[2]:>10.3f}{found[3]:>8.3f}")
        for metric, value in zip(("pair_mrr", "pair_in_10", "next_mrr", "next_in_10"), found, strict=True):
            flat[f"{name.replace(' ', '_').replace('+', 'and')}_{metric}"] = round(value, 3)
    flat |= look_for(papers, rarity, nexts)
    print(json.dumps(flat))
    return 0


def read_papers() -> Papers:
    """Read the snapshot, oldest first."""
    if not SNAPSHOT.exists():
        raise SystemExit(f"This benchmark reads real papers, and {SNAPSHOT} is not here.")
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        found = sorted(map(json.loads, lines), key=lambda p: parsedate_to_datetime(p["versions"][0]["created"]))
    papers = Papers([], [], [], [], defaultdict(list), defaultdict(list))
    for number, paper in enumerate(found):
        names = frozenset(
            f"{given} {family}".lower() for family, given, *_ in paper["authors_parsed"] if "." not in given
        )
        papers.texts.append((paper["title"], paper["abstract"]))
        papers.terms.append(count_terms(*papers.texts[-1]))
        papers.categories.append(paper["categories"].split())
        papers.authors.append(names)
        papers.by_category[papers.categories[-1][0]].append(number)
        for name in names:
            papers.by_author[name].append(number)
    return papers


def people(papers: Papers, least: int) -> list[str]:
    """The names of at least so many and at most 30 works, of at least two words."""
    return sorted(n for n, works in papers.by_author.items() if least <= len(works) <= 30 and len(n.split()) > 1)


def ask_pairs(papers: Papers, held_out: set[int], chance: random.Random) -> list[Question]:
    """A work and another by one of its authors, both held out of fitting."""
    names = people(papers, 2)
    asked: list[Question] = []
    while len(asked) < QUESTIONS:
        works = [work for work in papers.by_author[chance.choice(names)] if work in held_out]
        if len(works) > 1:
            known, right = chance.sample(works, 2)
            asked.append(Question([known], [right, *draw_wrong(papers, [known], right, chance)]))
    return asked


def ask_next(papers: Papers, held_out: set[int], chance: random.Random) -> list[Question]:
    """All works of an author before one that is held out, three or more, and that one."""
    names = people(papers, 4)
    asked: list[Question] = []
    while len(asked) < QUESTIONS:
        works = papers.by_author[chance.choice(names)]
        right = chance.choice(works[3:])
        if right in held_out:
            known = works[: works.index(right)]
            asked.append(Question(known, [right, *draw_wrong(papers, known, right, chance)]))
    return asked


def draw_wrong(papers: Papers, known: Sequence[int], right: int, chance: random.Random) -> list[int]:
    """Works by nobody who wrote a known one, half of them of the right one's primary category."""
    authors = frozenset().union(*(papers.authors[work] for work in [*known, right]))
    same = papers.by_category[papers.categories[right][0]]
    wrong: set[int] = set()
    while len(wrong) < WRONG:
        work = chance.choice(same) if len(wrong) % 2 and len(same) > 2 * WRONG else chance.randrange(len(papers.terms))
        if not papers.authors[work] & authors:
            wrong.add(work)
    return sorted(wrong)


def score(measure: Measure, questions: Sequence[Question]) -> tuple[float, float]:
    """The mean reciprocal rank of the right answer, and how often it is among the first ten; ties count half."""
    ranks = []
    for question in questions:
        nearness = np.asarray(measure(question.known, question.candidates))
        ranks.append(1 + (nearness[1:] > nearness[0]).sum() + 0.5 * (nearness[1:] == nearness[0]).sum())
    return float(np.mean(1 / np.array(ranks))), float(np.mean(np.array(ranks) <= 10))


def count_papers(papers: Papers, held_out: set[int]) -> Rarity:
    """The rarity of terms by the papers that are not held out."""
    seen = [number for number in range(len(papers.terms)) if number not in held_out]
    found = Counter(term for number in seen for term in papers.terms[number])
    return measure_rarity(len(seen), {term: works for term, works in found.items() if works >= FEWEST})


def make_measures(papers: Papers, rarity: Rarity, tuning: Sequence[Question]) -> dict[str, Measure]:
    """Every measure under its name."""
    places = {term: place for place, term in enumerate(sorted({term for row in papers.terms for term in row}))}
    categories, whole = category_rows(papers), tfidf_rows(papers, rarity, places)
    by_category, by_text = compare(categories, unit(categories)), compare(whole, whole)
    measures = {"category overlap": by_category, "tf-idf": by_text, "bm25": compare_bm25(papers, rarity, places)}
    _left, _values, right = svds(whole, k=SVD_DIMENSIONS, random_state=SEED)
    reduced = unit(np.asarray(whole @ right.T))
    measures["svd"] = compare(reduced, reduced)
    measures["svd + category"] = blend(measures["svd"], by_category, tuning)
    measures["tf-idf + category"] = blend(by_text, by_category, tuning)
    measures["as the slice does it"] = add(of_newest(by_text), by_category, TOPICS_COUNT)
    return measures


def of_newest(measure: Measure) -> Measure:
    """The same measure of those works only whose texts the slice reads."""
    return lambda known, candidates: measure(known[-MOST_TEXTS:], candidates)


def look_for(papers: Papers, rarity: Rarity, questions: Sequence[Question]) -> dict[str, float]:
    """How often the words that the slice looks for stand in the right answer, and how often in a wrong one."""
    right, wrong = [], []
    counts = read_term_counts()
    findable = measure_findable(counts.works, counts.texts, counts.found)
    for question in questions:
        subject = read_subject([papers.texts[number] for number in question.known[-MOST_TEXTS:]], rarity)
        pairs = [(fold(one), fold(other)) for one, other in list_asked(subject, findable)]
        hits = [
            any(one in row and other in row for one, other in pairs)
            for row in map(papers.terms.__getitem__, question.candidates)
        ]
        right.append(hits[0])
        wrong.append(np.mean(hits[1:]))
    found = {
        "looked_for_in_right": round(float(np.mean(right)), 3),
        "looked_for_in_wrong": round(float(np.mean(wrong)), 4),
    }
    print(found)
    return found


def tfidf_rows(papers: Papers, rarity: Rarity, places: Mapping[str, int]) -> Any:
    """The weights of each paper's terms as a sparse matrix."""
    rows = [weigh(terms, rarity) for terms in papers.terms]
    columns = np.array([places[term] for row in rows for term in row], dtype=np.int32)
    values = np.array([weight for row in rows for weight in row.values()], dtype=np.float32)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return csr_matrix((values, columns, starts), shape=(len(rows), len(places)))


def category_rows(papers: Papers) -> Any:
    """The categories as rows of ones."""
    codes = {code: index for index, code in enumerate(sorted({c for row in papers.categories for c in row}))}
    rows = np.zeros((len(papers.categories), len(codes)), dtype=np.float32)
    for number, categories in enumerate(papers.categories):
        rows[number, [codes[code] for code in categories]] = 1
    return rows


def compare(known_rows: Any, rows: Any) -> Measure:
    """The cosine between the sum of the known rows and each candidate's, which is of length 1."""

    def measure(known: Sequence[int], candidates: Sequence[int]) -> Any:
        middle = np.asarray(known_rows[list(known)].sum(axis=0)).ravel()
        return rows[list(candidates)] @ (middle / max(np.linalg.norm(middle), 1e-9))

    return measure


def unit(rows: Any) -> Any:
    """Scale rows to length 1; a row of zeros stays."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def compare_bm25(papers: Papers, rarity: Rarity, places: Mapping[str, int]) -> Measure:
    """Okapi BM25 with k1 = 1.2 and b = 0.75; the known texts together are the question."""
    plain = count_rows(papers.terms, places)
    idf = np.array([rarity.known.get(term, rarity.unknown) for term in places], dtype=np.float32)
    lengths = np.asarray(plain.sum(axis=1)).ravel()
    weighed = plain.copy()
    share = np.repeat(1.2 * (0.25 + 0.75 * lengths / lengths.mean()), np.diff(plain.indptr))
    weighed.data = idf[plain.indices] * plain.data * 2.2 / (plain.data + share)
    return lambda known, candidates: weighed[list(candidates)] @ np.asarray(plain[list(known)].sum(axis=0)).ravel()


def count_rows(texts: Sequence[Mapping[str, int]], places: Mapping[str, int]) -> Any:
    """The plain counts of terms, sparse."""
    known = [[(places[term], count) for term, count in text.items()] for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in known])])
    flat = np.array([pair for row in known for pair in row], dtype=np.int64)
    return csr_matrix((flat[:, 1].astype(np.float32), flat[:, 0], starts), shape=(len(texts), len(places)))


def blend(text: Measure, category: Measure, tuning: Sequence[Question]) -> Measure:
    """Text plus the share of category overlap that does best on the tuning questions."""
    blends = {share: add(text, category, share) for share in SHARES}
    best = max(SHARES, key=lambda share: score(blends[share], tuning)[0])
    print(f"best share of category overlap: {best}", flush=True)
    return blends[best]


def add(text: Measure, category: Measure, share: float) -> Measure:
    """One measure plus a share of another."""
    return lambda known, candidates: text(known, candidates) + share * category(known, candidates)


if __name__ == "__main__":
    sys.exit(main())

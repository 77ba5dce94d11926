"""Which measure of two works' nearness finds held-out pairs best: `make bench-nearness`. No servers; two minutes.

A tenth of the 88,748 real papers is held out of fitting. Two questions are asked of them: given a work, find another of
the same author's (`pair`); given the works of an author so far, find the next (`next`). Each right answer stands among
999 wrong ones by others, half of which share its primary category. People are equal full names here, of 2 to 30 works.
"""

import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

from bench.snapshot import SNAPSHOT
from graph.nearness import weights
from graph.nearness.terms import count_terms

SEED = 11
QUESTIONS = 1500
WRONG = 999
# Beside vectors, what shared categories add to the cosine: looked for on other questions than those reported.
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5)
SVD_DIMENSIONS = (128,)
KEPT_TERMS = (12, 24, 32, 48)
Measure = Callable[[Sequence[int], Sequence[int]], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """From these papers, find the first of the candidates."""

    known: Sequence[int]
    candidates: Sequence[int]


@dataclass(slots=True)
class Papers:
    """The papers in the order of their dates, by number: terms, categories, authors."""

    terms: list[Mapping[int, int]]
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
    measures = make_measures(papers, held_out, tuning)
    flat: dict[str, Any] = {"bench": "nearness", "pair_questions": len(pairs), "next_questions": len(nexts)}
    print(f"{'measure':<24}{'pair MRR':>10}{'in 10':>8}{'next MRR':>10}{'in 10':>8}")
    for name, measure in measures.items():
        found = [*score(measure, pairs), *score(measure, nexts)]
        print(f"{name:<24}{found[0]:>10.3f}{found[1]:>8.3f}{found[2]:>10.3f}{found[3]:>8.3f}")
        for metric, value in zip(("pair_mrr", "pair_in_10", "next_mrr", "next_in_10"), found, strict=True):
            flat[f"{name.replace(' ', '_').replace('+', 'and')}_{metric}"] = round(value, 3)
    print(json.dumps(flat))
    return 0


def read_papers() -> Papers:
    """Read the snapshot, oldest first."""
    if not SNAPSHOT.exists():
        raise SystemExit(f"This benchmark reads real papers, and {SNAPSHOT} is not here.")
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        found = sorted(map(json.loads, lines), key=lambda p: parsedate_to_datetime(p["versions"][0]["created"]))
    papers = Papers([], [], [], defaultdict(list), defaultdict(list))
    for number, paper in enumerate(found):
        names = frozenset(
            f"{given} {family}".lower() for family, given, *_ in paper["authors_parsed"] if "." not in given
        )
        papers.terms.append(weights.number_terms(count_terms(paper["title"], paper["abstract"])))
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


def make_measures(papers: Papers, held_out: set[int], tuning: Sequence[Question]) -> dict[str, Measure]:
    """Every measure under its name; what is fitted sees no held-out paper."""
    seen = [number for number in range(len(papers.terms)) if number not in held_out]
    rarity = weights.count_works(papers.terms[number] for number in seen)
    places = {term: index for index, term in enumerate(sorted(rarity.works_with))}
    by_category = compare(category_rows(papers))
    whole = tfidf_rows(papers, rarity, places, 10_000)
    measures = {"category overlap": by_category, "tf-idf": compare(whole), "bm25": compare_bm25(papers, rarity, places)}
    for dimensions in SVD_DIMENSIONS:
        _left, _values, right = svds(whole[seen], k=dimensions, random_state=SEED)
        measures[f"svd {dimensions}"] = compare(unit(np.asarray(whole @ right.T)))
        measures[f"svd {dimensions} + category"] = blend(measures[f"svd {dimensions}"], by_category, tuning)
    measures["tf-idf + category"] = blend(measures["tf-idf"], by_category, tuning)
    for most in KEPT_TERMS:
        kept = compare(tfidf_rows(papers, rarity, places, most))
        measures[f"tf-idf of {most} + category"] = blend(kept, by_category, tuning)
    return measures


def tfidf_rows(papers: Papers, rarity: weights.Rarity, places: Mapping[int, int], most: int) -> Any:
    """What the site stores of each paper, with at most so many terms, as a sparse matrix."""
    stored = [rarity.heaviest(terms, most) for terms in papers.terms]
    ids, values = weights.join(stored)
    starts = np.concatenate([[0], np.cumsum([len(terms.weights) for terms in stored])])
    columns = np.searchsorted(np.array(list(places), dtype=np.uint32), ids)
    return csr_matrix((values, columns, starts), shape=(len(stored), len(places)))


def category_rows(papers: Papers) -> Any:
    """The categories as rows of length 1: the cosine of two is their overlap."""
    codes = {code: index for index, code in enumerate(sorted({c for row in papers.categories for c in row}))}
    rows = np.zeros((len(papers.categories), len(codes)), dtype=np.float32)
    for number, categories in enumerate(papers.categories):
        rows[number, [codes[code] for code in categories]] = 1
    return unit(rows)


def compare(rows: Any) -> Measure:
    """The cosine between the mean of the known rows and each candidate's."""

    def measure(known: Sequence[int], candidates: Sequence[int]) -> Any:
        middle = np.asarray(rows[list(known)].mean(axis=0)).ravel()
        return rows[list(candidates)] @ (middle / max(np.linalg.norm(middle), 1e-9))

    return measure


def unit(rows: Any) -> Any:
    """Scale rows to length 1; a row of zeros stays."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def compare_bm25(papers: Papers, rarity: weights.Rarity, places: Mapping[int, int]) -> Measure:
    """Okapi BM25 with k1 = 1.2 and b = 0.75; the known texts together are the question."""
    plain = count_rows(papers.terms, places)
    idf = np.log(rarity.works / np.array([rarity.works_with[term] for term in places], dtype=np.float32))
    lengths = np.asarray(plain.sum(axis=1)).ravel()
    weighed = plain.copy()
    share = np.repeat(1.2 * (0.25 + 0.75 * lengths / lengths.mean()), np.diff(plain.indptr))
    weighed.data = idf[plain.indices] * plain.data * 2.2 / (plain.data + share)
    return lambda known, candidates: weighed[list(candidates)] @ np.asarray(plain[list(known)].sum(axis=0)).ravel()


def count_rows(texts: Sequence[Mapping[int, int]], places: Mapping[int, int]) -> Any:
    """The plain counts of known terms, sparse."""
    known = [[(places[term], count) for term, count in text.items() if term in places] for text in texts]
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

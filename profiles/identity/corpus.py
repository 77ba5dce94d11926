"""Mentions as arrays and sparse matrices: read once, so that pairs are scored thousands at a time."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from profiles.identity.mentions import AuthorMention
from profiles.identity.name_forms import NameForm, read_form

# A byline this long says who took part in an experiment, not who knows whom.
LONGEST_BYLINE = 50
_WORD = re.compile(r"[^\W\d_]{3,}")
# Terms in more than this share of the works tell nothing, and make up half of what there is to multiply.
_COMMON_SHARE = 0.15
_FEW_WORKS = 200
NO_YEAR = -1

Indices = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All mentions, in the order of their ids. Rows of `coauthors` and `affiliations` are mentions, of the rest works.

    Matrices hold term weights (inverse document frequency) and rows of unit length, but `coauthors`, whose columns
    are forms of names and whose entries are 1. `year` is NO_YEAR where nothing is said.
    """

    ids: list[str]
    names: list[str]
    forms: list[NameForm]
    terms: list[str]
    work: Indices
    form: Indices
    year: Indices
    coauthors: sparse.csr_array
    venues: sparse.csr_array
    titles: sparse.csr_array
    texts: sparse.csr_array
    affiliations: sparse.csr_array
    byline: Indices

    def __len__(self) -> int:
        return len(self.ids)


class Vocabulary(defaultdict[str, int]):
    """Numbers given to words as they come."""

    def __init__(self) -> None:
        super().__init__(count().__next__)


def read_corpus(mentions: Iterable[AuthorMention]) -> Corpus:
    """Turn mentions into arrays; the order in which they come makes no difference."""
    ordered = sorted(mentions, key=lambda mention: mention.id)
    names, works, terms = Vocabulary(), Vocabulary(), Vocabulary()
    form = np.fromiter((names[mention.name] for mention in ordered), np.int64, len(ordered))
    work = np.fromiter((works[mention.work] for mention in ordered), np.int64, len(ordered))
    described = list({mention.work: mention for mention in reversed(ordered)}.values())
    described.sort(key=lambda mention: works[mention.work])
    coauthors = _coauthor_matrix(ordered, names)
    texts = weighted([words(f"{mention.title} {mention.abstract}") for mention in described], terms)
    return Corpus(
        ids=[mention.id for mention in ordered],
        names=list(names),
        forms=[read_form(name) for name in names],
        terms=list(terms),
        work=work,
        form=form,
        year=np.array([NO_YEAR if mention.year is None else mention.year for mention in described], np.int64),
        coauthors=coauthors,
        venues=weighted([[mention.venue] if mention.venue else mention.categories for mention in described]),
        titles=weighted([words(mention.title) for mention in described]),
        texts=texts,
        affiliations=_affiliation_matrix(ordered),
        byline=np.array([len(mention.coauthors) + 1 for mention in ordered], np.int64),
    )


def words(text: str) -> list[str]:
    """Return the distinct words of a text in order, without case and without the s of a plural."""
    found = dict.fromkeys(_WORD.findall(text.lower()))
    return [word[:-1] if word[-1] == "s" and word[-2] != "s" else word for word in found]


def weighted(rows: Sequence[Iterable[str]], vocabulary: Vocabulary | None = None) -> sparse.csr_array:
    """Weigh sets of words by their rarity; rows come out with unit length, words of one row only without weight."""
    matrix = _matrix(rows, Vocabulary() if vocabulary is None else vocabulary)
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    weight = np.log((len(rows) + 1) / (frequency + 1.0)).astype(np.float32)
    if len(rows) > _FEW_WORKS:
        weight[frequency > _COMMON_SHARE * len(rows)] = 0
    matrix.data = weight[matrix.indices]
    return _with_unit_rows(matrix, frequency)


def _with_unit_rows(matrix: sparse.csr_array, frequency: Indices) -> sparse.csr_array:
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    matrix.data *= np.repeat(scale, np.diff(matrix.indptr)).astype(np.float32)
    # A word that only one row has lengthens it, and is then of no more use.
    matrix.data[frequency[matrix.indices] < 2] = 0
    matrix.eliminate_zeros()
    return matrix


def _matrix(rows: Sequence[Iterable[str]], vocabulary: Vocabulary) -> sparse.csr_array:
    """Make a matrix of ones; columns in the order in which words come, so that nothing depends on hashing."""
    columns: list[int] = []
    ends = [0]
    for row in rows:
        columns += [vocabulary[word] for word in row]
        ends.append(len(columns))
    shape = (len(rows), max(1, len(vocabulary)))
    ones = np.ones(len(columns), np.float32)
    matrix = sparse.csr_array((ones, np.array(columns, np.int32), np.array(ends, np.int32)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _coauthor_matrix(mentions: Sequence[AuthorMention], names: Vocabulary) -> sparse.csr_array:
    return _matrix([mention.coauthors if len(mention.coauthors) < LONGEST_BYLINE else () for mention in mentions], names)


def _affiliation_matrix(mentions: Sequence[AuthorMention]) -> sparse.csr_array:
    printed = Vocabulary()
    row = np.fromiter((printed[mention.affiliation] for mention in mentions), np.int64, len(mentions))
    return weighted([words(text) for text in printed])[row]

"""Mentions as arrays and sparse matrices: read once, so that pairs are scored thousands at a time."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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


class Vocabulary(dict[str, int]):
    """Numbers given to texts as they come."""

    def __missing__(self, text: str) -> int:
        return self.setdefault(text, len(self))


class TermVocabulary(dict[str, int]):
    """Numbers given to words as they come; a plural has the number of its singular. `terms` lists them."""

    def __init__(self) -> None:
        super().__init__()
        self._stems = Vocabulary()

    def __missing__(self, word: str) -> int:
        stem = word[:-1] if word[-1] == "s" and word[-2] != "s" else word
        return self.setdefault(word, self._stems[stem])

    @property
    def terms(self) -> list[str]:
        return list(self._stems)


def read_corpus(mentions: Iterable[AuthorMention]) -> Corpus:
    """Turn mentions into arrays; the order in which they come makes no difference."""
    ordered = sorted(mentions, key=lambda mention: mention.id)
    names, works = Vocabulary(), Vocabulary()
    form = np.fromiter((names[mention.name] for mention in ordered), np.int64, len(ordered))
    work = np.fromiter((works[mention.work] for mention in ordered), np.int64, len(ordered))
    described = list({mention.work: mention for mention in reversed(ordered)}.values())
    described.sort(key=lambda mention: works[mention.work])
    coauthors = _coauthor_matrix(ordered, names)
    terms, titles, texts = read_texts(described)
    return Corpus(
        ids=[mention.id for mention in ordered],
        names=list(names),
        forms=[read_form(name) for name in names],
        terms=terms,
        work=work,
        form=form,
        year=np.array([NO_YEAR if mention.year is None else mention.year for mention in described], np.int64),
        coauthors=coauthors,
        venues=_venue_matrix(described),
        titles=titles,
        texts=texts,
        affiliations=_affiliation_matrix(ordered),
        byline=np.array([len(mention.coauthors) + 1 for mention in ordered], np.int64),
    )


def read_texts(mentions: Sequence[AuthorMention]) -> tuple[list[str], sparse.csr_array, sparse.csr_array]:
    """Return the terms, and the weighted terms of the titles and of titles and abstracts together."""
    vocabulary = TermVocabulary()
    titles = _matrix(mentions, lambda mention: _WORD.findall(mention.title.lower()), vocabulary)
    abstracts = _matrix(mentions, lambda mention: _WORD.findall(mention.abstract.lower()), vocabulary)
    width = max(1, len(vocabulary.terms))
    titles.resize((len(mentions), width))
    abstracts.resize((len(mentions), width))
    both = (titles + abstracts).tocsr()
    return vocabulary.terms, weighted(titles), weighted(both)


def weighted(matrix: sparse.csr_array) -> sparse.csr_array:
    """Weigh terms by their rarity; rows come out with unit length, and without the terms of one row only."""
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    weight = np.log((matrix.shape[0] + 1) / (frequency + 1.0)).astype(np.float32)
    if matrix.shape[0] > _FEW_WORKS:
        weight[frequency > _COMMON_SHARE * matrix.shape[0]] = 0
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


def _matrix(rows: Sequence[Any], texts: Callable[[Any], Sequence[str]], vocabulary: dict[str, int]) -> sparse.csr_array:
    """Make a matrix of ones; columns in the order in which texts come, so that nothing depends on hashing."""
    ends = [0]

    def columns() -> Iterator[int]:
        number = vocabulary.__getitem__
        for row in rows:
            found = texts(row)
            ends.append(ends[-1] + len(found))
            yield from map(number, found)

    indices = np.fromiter(columns(), np.int32)
    shape = (len(rows), int(indices.max(initial=0)) + 1)
    ones = np.ones(len(indices), np.float32)
    matrix = sparse.csr_array((ones, indices, np.array(ends, np.int32)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _coauthor_matrix(mentions: Sequence[AuthorMention], names: Vocabulary) -> sparse.csr_array:
    return _matrix(
        mentions, lambda mention: mention.coauthors if len(mention.coauthors) < LONGEST_BYLINE else (), names
    )


def _affiliation_matrix(mentions: Sequence[AuthorMention]) -> sparse.csr_array:
    printed = Vocabulary()
    row = np.fromiter((printed[mention.affiliation] for mention in mentions), np.int64, len(mentions))
    return weighted(_matrix(list(printed), lambda text: _WORD.findall(text.lower()), TermVocabulary()))[row]


def _venue_matrix(mentions: Sequence[AuthorMention]) -> sparse.csr_array:
    """Where works appeared; arXiv's have no venue, and their categories stand for it."""
    return weighted(_matrix(mentions, lambda each: (each.venue,) if each.venue else each.categories, Vocabulary()))

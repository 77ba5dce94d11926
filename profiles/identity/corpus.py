"""Mentions as arrays and sparse matrices: read once, so that pairs are scored thousands at a time."""

import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from profiles.identity.mentions import AuthorMention
from profiles.identity.name_forms import NameForm, read_form
from profiles.identity.term_counts import TermCounts

# A byline this long says who took part in an experiment, not who knows whom.
LONGEST_BYLINE = 50
_SHORTEST_WORD = 3
_WORD = re.compile(rf"[^\W\d_]{{{_SHORTEST_WORD},}}")
_LOWER_LETTERS = "".join(chr(code).lower() if chr(code).isalpha() else " " for code in range(128))
# Terms in more than this share of the works tell nothing, and make up half of what there is to multiply.
_COMMON_SHARE = 0.15
_FEW_WORKS = 200
_ROWS_AT_ONCE = 10_000
# What a table of frequencies leaves out is rare, and yet in some works.
_UNLISTED = 3
NO_YEAR = -1
UNKNOWN = -1.0

Indices = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wording:
    """The terms, and the weighted terms of the titles, and of titles and abstracts together; rows are works."""

    terms: list[str]
    titles: sparse.csr_array
    texts: sparse.csr_array


# Titles and abstracts of the works in, a function that waits for what was read of them out.
WordingReader = Callable[[Sequence[str], Sequence[str]], Callable[[], Wording]]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All mentions, in the order of their ids. Rows of `coauthors` and `affiliations` are mentions, of the rest works.

    Matrices hold term weights (inverse document frequency) and rows of unit length, but `coauthors`, whose columns
    are forms of names and whose entries are 1. `year` is NO_YEAR where nothing is said. `wording` waits where the
    texts are read beside. `written_out` is the share of co-authors whose given name is written out, or UNKNOWN.
    """

    ids: list[str]
    names: list[str]
    forms: list[NameForm]
    work: Indices
    form: Indices
    year: Indices
    coauthors: sparse.csr_array
    venues: sparse.csr_array
    affiliations: sparse.csr_array
    byline: Indices
    written_out: Floats
    wording: Callable[[], Wording]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def terms(self) -> list[str]:
        return self.wording().terms

    @property
    def titles(self) -> sparse.csr_array:
        return self.wording().titles

    @property
    def texts(self) -> sparse.csr_array:
        return self.wording().texts


class Vocabulary(dict[str, int]):
    """Numbers given to texts as they come."""

    def __missing__(self, text: str) -> int:
        return self.setdefault(text, len(self))


def stem(word: str) -> str:
    """The singular of a word, by its ending alone."""
    return word[:-1] if word[-1] == "s" and word[-2] != "s" else word


class TermVocabulary(dict[str, int]):
    """Numbers given to words as they come; a plural has the number of its singular. `terms` lists them."""

    def __init__(self) -> None:
        super().__init__()
        self._stems = Vocabulary()

    def __missing__(self, word: str) -> int:
        return self.setdefault(word, self._stems[stem(word)])

    @property
    def terms(self) -> list[str]:
        return list(self._stems)


def read_at_once(
    titles: Sequence[str], abstracts: Sequence[str], counts: TermCounts | None = None
) -> Callable[[], Wording]:
    """Read the texts in this process, before anything else."""
    wording = read_wording(titles, abstracts, counts)
    return lambda: wording


def read_corpus(
    mentions: Iterable[AuthorMention], read_texts: WordingReader = read_at_once, counts: TermCounts | None = None
) -> Corpus:
    """Turn mentions into arrays; the order in which they come makes no difference.

    With `counts` (and the reader left as it is), terms and categories are as rare as that table says, so that two
    mentions are as alike among few as among many.
    """
    ordered = sorted(mentions, key=lambda mention: mention.id)
    names, works = Vocabulary(), Vocabulary()
    form = np.fromiter((names[mention.name] for mention in ordered), np.int64, len(ordered))
    work = np.fromiter((works[mention.work] for mention in ordered), np.int64, len(ordered))
    described = list({mention.work: mention for mention in reversed(ordered)}.values())
    described.sort(key=lambda mention: works[mention.work])
    texts = [each.title for each in described], [each.abstract for each in described]
    wording = read_at_once(*texts, counts) if counts else read_texts(*texts)
    coauthors = _coauthor_matrix(ordered, names)
    forms = [read_form(name) for name in names]
    return Corpus(
        ids=[mention.id for mention in ordered],
        names=list(names),
        forms=forms,
        work=work,
        form=form,
        year=np.array([NO_YEAR if mention.year is None else mention.year for mention in described], np.int64),
        coauthors=coauthors,
        venues=_venue_matrix(described, counts),
        affiliations=_affiliation_matrix(ordered),
        byline=np.array([len(mention.coauthors) + 1 for mention in ordered], np.int64),
        written_out=_written_out(coauthors, forms),
        wording=wording,
    )


def read_wording(titles: Sequence[str], abstracts: Sequence[str], counts: TermCounts | None = None) -> Wording:
    """Count the words of the titles and abstracts of works and weigh them."""
    counter = WordCounter()
    counter.add(titles, abstracts)
    return counter.finish(counts)


class WordCounter:
    """Which words works have, added a few works at a time: as numbers, each once for a work."""

    def __init__(self) -> None:
        self._vocabulary = TermVocabulary()
        self._titles, self._texts = array("i"), array("i")
        self._title_ends, self._text_ends = array("q", [0]), array("q", [0])

    def add(self, titles: Sequence[str], abstracts: Sequence[str]) -> None:
        number = self._vocabulary.__getitem__
        for title, abstract in zip(titles, abstracts, strict=True):
            found = set(map(number, words_of(title)))
            self._titles.extend(sorted(found))
            self._title_ends.append(len(self._titles))
            found.update(map(number, words_of(abstract)))
            self._texts.extend(sorted(found))
            self._text_ends.append(len(self._texts))

    def finish(self, counts: TermCounts | None = None) -> Wording:
        """Weigh the words, by how many works have them here or, where given, in a table; nothing can follow that."""
        terms = self._vocabulary.terms
        known = counts and [_look_up(terms, table, counts.works) for table in (counts.titles, counts.texts)]
        of_titles, of_texts = known or (None, None)
        titles = weighted(_ones(self._titles, self._title_ends, len(terms)), of_titles)
        self._titles = array("i")
        return Wording(terms, titles, weighted(_ones(self._texts, self._text_ends, len(terms)), of_texts))


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `works` each column of a matrix occurs; common ones are left out of texts only."""

    works: int
    counts: NDArray[np.float64]
    keeps_common: bool = False


def _look_up(terms: Sequence[str], table: Mapping[str, int], works: int) -> Frequencies:
    return Frequencies(works, np.fromiter((table.get(term, _UNLISTED) for term in terms), np.float64, len(terms)))


def words_of(text: str) -> list[str]:
    """The runs of three letters and more, in lower case; of a text in ASCII by a shorter way to the same."""
    if text.isascii():
        return [word for word in text.translate(_LOWER_LETTERS).split() if len(word) >= _SHORTEST_WORD]
    return _WORD.findall(text.lower())


def weighted(matrix: sparse.csr_array, known: Frequencies | None = None) -> sparse.csr_array:
    """Weigh terms by their rarity; rows come out with unit length, and without the terms of one row only."""
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    weight = _rarity(known or Frequencies(matrix.shape[0], frequency.astype(np.float64)))
    matrix.data = weight[matrix.indices]
    return _with_unit_rows(matrix, frequency if known is None else np.maximum(frequency, known.counts))


def _rarity(known: Frequencies) -> Floats:
    weight: Floats = np.log((known.works + 1) / (known.counts + 1.0)).astype(np.float32)
    if known.works > _FEW_WORKS and not known.keeps_common:
        weight[known.counts > _COMMON_SHARE * known.works] = 0
    return weight


def _with_unit_rows(matrix: sparse.csr_array, frequency: NDArray[Any]) -> sparse.csr_array:
    """Give rows unit length in place, some thousand at a time: what that takes would be as large as the matrix."""
    for start in range(0, matrix.shape[0], _ROWS_AT_ONCE):
        rows = matrix[start : start + _ROWS_AT_ONCE]
        length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
        rows.data *= np.repeat(scale, np.diff(rows.indptr)).astype(np.float32)
        # A word that only one row has lengthens it, and is then of no more use.
        rows.data[frequency[rows.indices] < 2] = 0
        matrix.data[matrix.indptr[start] : matrix.indptr[start + rows.shape[0]]] = rows.data
    matrix.eliminate_zeros()
    return matrix


def _matrix(rows: Sequence[Any], texts: Callable[[Any], Sequence[str]], vocabulary: dict[str, int]) -> sparse.csr_array:
    """Make a matrix of ones; columns in the order in which texts come, so that nothing depends on hashing."""
    ends, columns = [0], array("i")
    for row in rows:
        columns.extend(map(vocabulary.__getitem__, texts(row)))
        ends.append(len(columns))
    matrix = _ones(columns, array("q", ends), max(columns, default=0) + 1)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _ones(columns: "array[int]", ends: "array[int]", width: int) -> sparse.csr_array:
    """Make a matrix of ones from the columns of its rows, one after the other, and where each row ends."""
    indices = np.frombuffer(columns, np.int32) if columns else np.empty(0, np.int32)
    entries = (np.ones(len(indices), np.float32), indices, np.frombuffer(ends, np.int64).astype(np.int32))
    return sparse.csr_array(entries, shape=(len(ends) - 1, max(1, width)))


def _coauthor_matrix(mentions: Sequence[AuthorMention], names: Vocabulary) -> sparse.csr_array:
    return _matrix(
        mentions, lambda mention: mention.coauthors if len(mention.coauthors) < LONGEST_BYLINE else (), names
    )


def _written_out(coauthors: sparse.csr_array, forms: Sequence[NameForm]) -> Floats:
    listed = np.diff(coauthors.indptr)
    is_full = np.array([form.is_full for form in forms] or [False], np.float32)
    in_full = coauthors @ is_full[: coauthors.shape[1]]  # forms that no byline lists have no column
    return np.where(listed > 0, in_full / np.maximum(1, listed), UNKNOWN).astype(np.float32)


def _affiliation_matrix(mentions: Sequence[AuthorMention]) -> sparse.csr_array:
    printed = Vocabulary()
    row = np.fromiter((printed[mention.affiliation] for mention in mentions), np.int64, len(mentions))
    return weighted(_matrix(list(printed), words_of, TermVocabulary()))[row]


def _venue_matrix(mentions: Sequence[AuthorMention], counts: TermCounts | None) -> sparse.csr_array:
    """Where works appeared; arXiv's have no venue, and their categories stand for it."""
    venues = Vocabulary()
    matrix = _matrix(mentions, lambda each: (each.venue,) if each.venue else each.categories, venues)
    if counts is None:
        return weighted(matrix)
    # A matrix of nothing has one column all the same.
    known = _look_up(list(venues) or [""], counts.venues, counts.works)
    return weighted(matrix, replace(known, keeps_common=True))

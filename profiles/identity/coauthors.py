"""Who writes with whom, as evidence: joint co-authors by their rarity, and co-authors who write with each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from profiles.identity.corpus import Corpus, Floats, Indices
from profiles.identity.name_forms import NameForm

# Works with more authors do not make acquaintances of them all.
LONGEST_ACQUAINTED = 25


@dataclass(frozen=True, slots=True)
class CoauthorEvidence:
    """Co-authors of each mention (rows), by full name and by surname and letter (columns).

    `ones` holds 1 for each; `by_name` and `by_letter` the square root of the rarity, so that a product of two rows is
    the rarity of what they share; `listed_lightly` less the more co-authors somebody has; `acquainted` who writes with
    whom.
    """

    ones: sparse.csr_array
    by_name: sparse.csr_array
    by_letter: sparse.csr_array
    listed_lightly: sparse.csr_array
    acquainted: sparse.csr_array

    def measure(self, left: Indices, right: Indices) -> list[NDArray[np.generic]]:
        """Weight of joint co-authors, the same by letter, their share of the shorter list, co-authors of co-authors."""
        listed = np.diff(self.ones.indptr)
        fewer = np.maximum(1, np.minimum(listed[left], listed[right]))
        return [
            dot(self.by_name, left, right),
            dot(self.by_letter, left, right),
            dot(self.ones, left, right) / fewer,
            self._coauthors_of_coauthors(left, right),
        ]

    def _coauthors_of_coauthors(self, left: Indices, right: Indices) -> Floats:
        mentions, row = np.unique(left, return_inverse=True)
        reached = (self.listed_lightly[mentions] @ self.acquainted).tocsr()
        reached.data = np.minimum(reached.data, 1)
        product: Floats = np.asarray(reached[row].multiply(self.by_name[right]).sum(axis=1)).ravel()
        return product


def dot(matrix: sparse.csr_array, left: Indices, right: Indices) -> Floats:
    """Multiply rows with rows, pair by pair."""
    product: Floats = np.asarray(matrix[left].multiply(matrix[right]).sum(axis=1)).ravel()
    return product


def name_keys(form: NameForm) -> tuple[str, str]:
    """The surname with the first name, or all letters where no more shows, and with the first letter alone."""
    return f"{form.surname}|{form.first if form.is_full else form.letters}", f"{form.surname}|{form.first[:1]}"


def number_keys(keys: list[str]) -> Indices:
    """Number texts, equal ones alike, in the order in which they come."""
    numbers: dict[str, int] = {}
    return np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), np.int64, len(keys))


def read_coauthors(corpus: Corpus) -> CoauthorEvidence:
    """Read the bylines of all mentions; those of LONGEST_BYLINE and more are no evidence, and empty in the corpus."""
    keys = [name_keys(form) for form in corpus.forms]
    names, letters = number_keys([key[0] for key in keys]), number_keys([key[1] for key in keys])
    ones = _by_key(corpus.coauthors, names)
    acquainted = _acquainted(corpus, ones, names)
    lightly = 1 / np.log(2 + np.maximum(1, np.diff(acquainted.indptr)))
    return CoauthorEvidence(
        ones=ones,
        by_name=_weighted(ones, corpus, names),
        by_letter=_weighted(_by_key(corpus.coauthors, letters), corpus, letters),
        listed_lightly=_with_weights(ones, lightly),
        acquainted=acquainted,
    )


def _by_key(coauthors: sparse.csr_array, key: Indices) -> sparse.csr_array:
    shape = (coauthors.shape[0], int(key.max(initial=0)) + 1)
    entries = (coauthors.data.copy(), key[coauthors.indices].astype(np.int32), coauthors.indptr.copy())
    matrix = sparse.csr_array(entries, shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _weighted(ones: sparse.csr_array, corpus: Corpus, key: Indices) -> sparse.csr_array:
    works = len(corpus.year)
    appearances = np.bincount(key[corpus.form], minlength=ones.shape[1])
    mean_byline = float(corpus.byline.sum()) / max(1, len(corpus))
    listed = np.bincount(ones.indices, minlength=ones.shape[1]) / max(1.0, mean_byline)
    rarity = np.sqrt(np.log((works + 2) / (np.minimum(works, np.maximum(appearances, listed)) + 1)))
    return _with_weights(ones, rarity)


def _with_weights(ones: sparse.csr_array, weight: NDArray[np.float64]) -> sparse.csr_array:
    """The same matrix with a weight for each column; where entries stand is kept in memory once for both."""
    return sparse.csr_array((weight[ones.indices].astype(np.float32), ones.indices, ones.indptr), shape=ones.shape)


def _acquainted(corpus: Corpus, ones: sparse.csr_array, key: Indices) -> sparse.csr_array:
    first = np.unique(corpus.work, return_index=True)[1]
    rows = np.arange(len(first))
    own = sparse.csr_array(
        (np.ones(len(first), np.float32), (rows, key[corpus.form[first]])), shape=(len(first), ones.shape[1])
    )
    bylines = (ones[first] + own).tocsr()
    bylines = bylines[np.diff(bylines.indptr) <= LONGEST_ACQUAINTED]
    bylines.data[:] = 1
    together = (bylines.T @ bylines).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    together.data[:] = 1
    return together

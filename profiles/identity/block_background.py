"""What pairs of one block are measured against: tables that come with the code, and the block's own bylines.

Whatever else is in the corpus makes no difference. So a paper that comes in alone is resolved as a full re-run
resolves it, and cutting the names into other ranges changes nothing.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from profiles.identity.coauthors import LONGEST_ACQUAINTED, CoauthorEvidence, name_keys, number_keys
from profiles.identity.corpus import Corpus, Floats, Indices
from profiles.identity.evidence import Background, make_background
from profiles.identity.name_counts import NameCounts, read_counts
from profiles.identity.name_forms import NameForm
from profiles.identity.term_counts import TermCounts


def read_block_background(corpus: Corpus, counts: TermCounts) -> Background:
    """Weigh names and co-authors by the tables; who writes with whom is read of each surname's own works.

    A work stands once for each surname on it that is asked about: so `described.describe` calls them.
    """
    names = read_counts()
    return make_background(corpus, names, _read_coauthors(corpus, names, counts))


@dataclass(frozen=True, slots=True)
class Listed:
    """Co-authors of each mention (rows) by block and key of the name (columns); `own` is each mention's own column.

    `rarity` is that of the name of each column.
    """

    ones: sparse.csr_array
    own: Indices
    rarity: Floats

    def weighted(self) -> sparse.csr_array:
        """The square root of the rarity in the place of 1, so that a product of two rows is the rarity of both."""
        weighted = self.ones.copy()
        weighted.data = np.sqrt(self.rarity)[weighted.indices]
        return weighted


def _read_coauthors(corpus: Corpus, names: NameCounts, counts: TermCounts) -> CoauthorEvidence:
    by_name = _list(corpus, [name_keys(form)[0] for form in corpus.forms], _rarity_by_name(corpus, names, counts))
    by_letter = _list(corpus, [name_keys(form)[1] for form in corpus.forms], _rarity_by_letter(corpus, names, counts))
    acquainted = _acquainted(corpus, by_name)
    lightly = by_name.ones.copy()
    lightly.data = (1 / np.log(2 + np.maximum(1, np.diff(acquainted.indptr))))[lightly.indices].astype(np.float32)
    return CoauthorEvidence(by_name.ones, by_name.weighted(), by_letter.weighted(), lightly, acquainted)


def _list(corpus: Corpus, keys: list[str], rarity: Floats) -> Listed:
    block = number_keys([form.surname for form in corpus.forms])[corpus.form]
    key = number_keys(keys)
    width = int(key.max(initial=0)) + 1
    row = np.repeat(np.arange(len(corpus)), np.diff(corpus.coauthors.indptr))
    numbers = np.concatenate([block[row] * width + key[corpus.coauthors.indices], block * width + key[corpus.form]])
    columns, place = np.unique(numbers, return_inverse=True)
    ones = sparse.csr_array(
        (np.ones(len(row), np.float32), place[: len(row)].astype(np.int32), corpus.coauthors.indptr.copy()),
        shape=(len(corpus), len(columns)),
    )
    ones.sum_duplicates()
    ones.data[:] = 1
    rarity_of_key = np.zeros(width, np.float32)
    rarity_of_key[key] = rarity
    return Listed(ones, place[len(row) :], rarity_of_key[columns % width])


def _rarity_by_name(corpus: Corpus, names: NameCounts, counts: TermCounts) -> Floats:
    """How rare each form is as a full name, as far as it shows: the logarithm of one in so many papers."""
    return _rarity(
        [
            names.surname(form.surname) * (names.given(form.first) if form.is_full else names.letter(form.first))
            for form in corpus.forms
        ],
        names,
        counts,
    )


def _rarity_by_letter(corpus: Corpus, names: NameCounts, counts: TermCounts) -> Floats:
    return _rarity([_letter_bearers(form, names) for form in corpus.forms], names, counts)


def _letter_bearers(form: NameForm, names: NameCounts) -> float:
    return names.surname(form.surname) * names.letter(form.first)


def _rarity(products: list[float], names: NameCounts, counts: TermCounts) -> Floats:
    """Of the counts of both parts of names: were they independent, so many papers would print such a name."""
    papers = np.array(products, float) / names.names * counts.authorships / names.names
    rarity: Floats = np.log((counts.works + 2) / (np.clip(papers, 1, counts.works) + 1)).astype(np.float32)
    return rarity


def _acquainted(corpus: Corpus, listed: Listed) -> sparse.csr_array:
    """Who is on a byline with whom, of those works that are short enough to make acquaintances of them all."""
    first = np.unique(corpus.work, return_index=True)[1]
    entries = (np.ones(len(first), np.float32), (np.arange(len(first)), listed.own[first]))
    own = sparse.csr_array(entries, shape=(len(first), listed.ones.shape[1]))
    bylines = (listed.ones[first] + own).tocsr()
    bylines = bylines[np.diff(bylines.indptr) <= LONGEST_ACQUAINTED]
    bylines.data[:] = 1
    together = (bylines.T @ bylines).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    together.data[:] = 1
    return together

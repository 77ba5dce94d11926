"""What speaks for and against two mentions being one person's, as numbers: a row for each pair."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from profiles.identity.blocks import Pairs
from profiles.identity.corpus import NO_YEAR, Corpus, Floats, Indices
from profiles.identity.name_forms import NameForm
from profiles.identity.names_compat import First

CHUNK = 100_000
UNKNOWN = -1.0
# The columns of the evidence, in order. What is said of them is in `docs/decisions/0007-identity.md`.
FEATURES = (
    "first_name middle_name crowd_block crowd_name crowd_givens expected_bearers "
    "coauthor_weight coauthor_count coauthor_weight_by_letter coauthor_share smaller_byline larger_byline "
    "title text category venue years_apart affiliation"
).split()


class Popularity(NamedTuple):
    """How crowded the name of each form is; natural logarithms."""

    block: Floats
    name: Floats
    givens: Floats
    bearers: Floats


@dataclass(frozen=True, slots=True)
class Background:
    """What a pair is measured against: how common each name is, how telling each co-author."""

    full: Popularity
    by_letter: Popularity
    coauthors: sparse.csr_array
    coauthors_by_letter: sparse.csr_array
    ones: sparse.csr_array


def name_keys(form: NameForm) -> tuple[str, str]:
    """The surname with the first name, as far as it shows, and with its letter."""
    return f"{form.surname}|{form.first}", f"{form.surname}|{form.first[:1]}"


def read_background(corpus: Corpus) -> Background:
    """Count what the whole of the mentions and their co-authors says."""
    keys = [name_keys(form) for form in corpus.forms]
    full, by_letter = _numbered([key[0] for key in keys]), _numbered([key[1] for key in keys])
    ones = _by_key(corpus.coauthors, full)
    return Background(
        full=_popularity(corpus, full, by_letter, full),
        by_letter=_popularity(corpus, full, by_letter, by_letter),
        coauthors=_weighted(ones, corpus, full),
        coauthors_by_letter=_weighted(_by_key(corpus.coauthors, by_letter), corpus, by_letter),
        ones=ones,
    )


def _numbered(keys: list[str]) -> Indices:
    numbers: dict[str, int] = {}
    return np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), np.int64, len(keys))


def _by_key(coauthors: sparse.csr_array, key: Indices) -> sparse.csr_array:
    shape = (coauthors.shape[0], int(key.max(initial=0)) + 1)
    matrix = sparse.csr_array((coauthors.data.copy(), key[coauthors.indices].astype(np.int32), coauthors.indptr.copy()), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _weighted(ones: sparse.csr_array, corpus: Corpus, key: Indices) -> sparse.csr_array:
    """Weigh co-authors by rarity: products of two rows then sum what each shared one is worth."""
    works = len(corpus.year)
    appearances = np.bincount(key[corpus.form], minlength=ones.shape[1])
    listed = np.bincount(ones.indices, minlength=ones.shape[1])
    rarity = np.sqrt(np.log((works + 2) / (np.maximum(appearances, listed / np.maximum(1, corpus.byline.mean())) + 1)))
    weighted = ones.copy()
    weighted.data = rarity[ones.indices].astype(np.float32)
    return weighted


def _popularity(corpus: Corpus, full: Indices, by_letter: Indices, key: Indices) -> Popularity:
    bearers = _expected_bearers(corpus.forms, full_names=key is full)
    first_of_name = np.unique(full, return_index=True)[1]
    givens = np.bincount(by_letter[first_of_name], minlength=int(by_letter.max()) + 1)
    return Popularity(
        block=np.log1p(np.bincount(by_letter[corpus.form], minlength=int(by_letter.max()) + 1))[by_letter].astype(np.float32),
        name=np.log1p(np.bincount(key[corpus.form], minlength=int(key.max()) + 1))[key].astype(np.float32),
        givens=np.log1p(givens)[by_letter].astype(np.float32),
        bearers=bearers,
    )


def _expected_bearers(forms: list[NameForm], *, full_names: bool) -> Floats:
    """How many of the names would agree with each by chance, if given names and surnames were drawn apart."""
    distinct = {(form.surname, form.first) for form in forms}
    surnames = Counter(surname for surname, _ in distinct)
    size = 1 if not full_names else None
    givens = Counter(first[:size] for _, first in distinct)
    expected = [surnames[form.surname] * givens[form.first[:size]] / len(distinct) for form in forms]
    return np.log(np.array(expected)).astype(np.float32)


def measure(corpus: Corpus, background: Background, pairs: Pairs) -> Floats:
    """Return the evidence, one row for each pair, columns as FEATURES."""
    rows = np.empty((len(pairs), len(FEATURES)), np.float32)
    for start in range(0, len(pairs), CHUNK):
        part = slice(start, start + CHUNK)
        chunk = Pairs(pairs.left[part], pairs.right[part], pairs.first[part], pairs.middle[part])
        for column, values in enumerate(_columns(corpus, background, chunk)):
            rows[part, column] = values
    return rows


def _columns(corpus: Corpus, background: Background, pairs: Pairs) -> list[NDArray[np.generic]]:
    left, right = pairs.left, pairs.right
    works = corpus.work[left], corpus.work[right]
    return [
        pairs.first,
        pairs.middle,
        *_crowding(corpus, background, pairs),
        *_joint_coauthors(corpus, background, left, right),
        *(_likeness(matrix, *works) for matrix in (corpus.titles, corpus.texts, corpus.categories, corpus.venues)),
        *_time(corpus, *works),
        _likeness(corpus.affiliations, left, right),
    ]


def dot(matrix: sparse.csr_array, left: Indices, right: Indices) -> Floats:
    """Multiply rows with rows, pair by pair."""
    product: Floats = np.asarray(matrix[left].multiply(matrix[right]).sum(axis=1)).ravel()
    return product


def _crowding(corpus: Corpus, background: Background, pairs: Pairs) -> list[Floats]:
    """How crowded the name is that both sides may bear: the full one where both have it, else surname and letter."""
    form = corpus.form[pairs.left]
    both_full = pairs.first <= First.BY_MIDDLE
    return [
        np.where(both_full, full[form], lettered[form])
        for full, lettered in zip(background.full, background.by_letter, strict=True)
    ]


def _joint_coauthors(corpus: Corpus, background: Background, left: Indices, right: Indices) -> list[NDArray[np.generic]]:
    number = dot(background.ones, left, right)
    listed = np.diff(background.ones.indptr)
    fewer = np.minimum(listed[left], listed[right])
    return [
        dot(background.coauthors, left, right),
        number,
        dot(background.coauthors_by_letter, left, right),
        number / np.maximum(1, fewer),
        np.minimum(corpus.byline[left], corpus.byline[right]),
        np.maximum(corpus.byline[left], corpus.byline[right]),
    ]


def _time(corpus: Corpus, left: Indices, right: Indices) -> list[NDArray[np.generic]]:
    years = corpus.year[left], corpus.year[right]
    known = (years[0] != NO_YEAR) & (years[1] != NO_YEAR)
    return [np.where(known, np.abs(years[0] - years[1]), UNKNOWN)]


def _likeness(matrix: sparse.csr_array, left: Indices, right: Indices) -> NDArray[np.generic]:
    """The cosine of two texts, UNKNOWN where one of them says nothing."""
    said = np.diff(matrix.indptr) > 0
    return np.where(said[left] & said[right], dot(matrix, left, right), UNKNOWN)

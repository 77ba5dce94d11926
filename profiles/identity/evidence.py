"""What speaks for and against two mentions being one person's, as numbers: a row for each pair."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from profiles.identity.blocks import Pairs
from profiles.identity.coauthors import CoauthorEvidence, dot, read_coauthors
from profiles.identity.corpus import NO_YEAR, UNKNOWN, Corpus, Floats, Indices
from profiles.identity.name_counts import NameCounts, read_counts
from profiles.identity.names_compat import First

CHUNK = 50_000
# Logarithms of how many people of the table would bear a full name by chance: 0.4 `Greg Yang`, 2.7 `Wei Zhang`.
_UNCROWDED, _CROWDED = -1.0, 1.0
# The columns of the evidence, in order; `docs/decisions/0012-clustering.md` says what each means.
FEATURES = (
    "first_name",
    "middle_name",
    "surname_bearers",
    "expected_bearers",
    "coauthor_weight",
    "coauthor_weight_by_letter",
    "coauthor_share",
    "coauthors_of_coauthors",
    "smaller_byline",
    "larger_byline",
    "title",
    "text",
    "venue",
    "years_apart",
    "affiliation",
    "less_written_out",
    "more_written_out",
)
NumberColumn = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Background:
    """What a pair is measured against: how common forms of names are (natural logarithms), and who writes with whom."""

    surname_bearers: Floats
    full_bearers: Floats
    letter_bearers: Floats
    crowding: Floats
    is_full: NDArray[np.bool_]
    coauthors: CoauthorEvidence


def read_background(corpus: Corpus) -> Background:
    """Count what the whole of the mentions and their co-authors says, on top of what names are printed elsewhere."""
    return make_background(corpus, _with_table(corpus, read_counts()), read_coauthors(corpus))


def make_background(corpus: Corpus, counts: NameCounts, coauthors: CoauthorEvidence) -> Background:
    """Weigh the names of the corpus by these counts."""
    surnames = np.array([counts.surname(form.surname) for form in corpus.forms])
    letters = np.array([counts.letter(form.first) for form in corpus.forms])
    givens = np.array(
        [counts.given(form.first) if form.is_full else counts.letter(form.first) for form in corpus.forms]
    )
    full_bearers = np.log(surnames * givens / counts.names)
    is_full = np.array([form.is_full for form in corpus.forms], bool)
    crowded = np.clip((full_bearers - _UNCROWDED) / (_CROWDED - _UNCROWDED), 0, 1)
    return Background(
        surname_bearers=np.log(surnames).astype(np.float32),
        full_bearers=full_bearers.astype(np.float32),
        letter_bearers=np.log(surnames * letters / counts.names).astype(np.float32),
        crowding=np.where(is_full, crowded, 0).astype(np.float32),
        is_full=is_full,
        coauthors=coauthors,
    )


def _with_table(corpus: Corpus, table: NameCounts) -> NameCounts:
    distinct = {(form.surname, form.first) for form in corpus.forms}
    return NameCounts(
        table.names + len(distinct),
        Counter(table.surnames) + Counter(surname for surname, _ in distinct),
        Counter(table.givens) + Counter(first for _, first in distinct),
        Counter(table.letters) + Counter(first[:1] for _, first in distinct),
    )


def measure(corpus: Corpus, background: Background, pairs: Pairs) -> Floats:
    """Return the evidence, one row for each pair, columns as FEATURES; UNKNOWN where a side says nothing."""
    rows = np.empty((len(FEATURES), len(pairs)), np.float32)
    for start in range(0, len(pairs), CHUNK):
        part = slice(start, start + CHUNK)
        for column, values in enumerate(_columns(corpus, background, pairs.part(part))):
            rows[column, part] = values
    return rows.T


def _columns(corpus: Corpus, background: Background, pairs: Pairs) -> list[NumberColumn]:
    left, right = pairs.left, pairs.right
    works = corpus.work[left], corpus.work[right]
    return [
        pairs.first,
        pairs.middle,
        *_crowding(corpus, background, pairs),
        *background.coauthors.measure(left, right),
        np.minimum(corpus.byline[left], corpus.byline[right]),
        np.maximum(corpus.byline[left], corpus.byline[right]),
        *(_likeness(matrix, *works) for matrix in (corpus.titles, corpus.texts, corpus.venues)),
        _years_apart(corpus, *works),
        _likeness(corpus.affiliations, left, right),
        np.minimum(corpus.written_out[left], corpus.written_out[right]),
        np.maximum(corpus.written_out[left], corpus.written_out[right]),
    ]


def _crowding(corpus: Corpus, background: Background, pairs: Pairs) -> list[NumberColumn]:
    """How crowded the name is that both sides may bear: the full one where both have it, else surname and letter."""
    form = corpus.form[pairs.left]
    both_full = pairs.first <= First.BY_MIDDLE
    bearers = np.where(both_full, background.full_bearers[form], background.letter_bearers[form])
    return [background.surname_bearers[form], bearers]


def crowding(background: Background, form: Indices) -> Floats:
    """How crowded each full name is, from 0 (`Greg Yang`) to 1 (`Wei Zhang`); an initial's chance says it itself."""
    return background.crowding[form]


def _likeness(matrix: sparse.csr_array, left: Indices, right: Indices) -> NumberColumn:
    """The cosine of two texts, UNKNOWN where one of them says nothing."""
    said = np.diff(matrix.indptr) > 0
    return np.where(said[left] & said[right], dot(matrix, left, right), UNKNOWN)


def _years_apart(corpus: Corpus, left: Indices, right: Indices) -> NumberColumn:
    years = corpus.year[left], corpus.year[right]
    known = (years[0] != NO_YEAR) & (years[1] != NO_YEAR)
    return np.where(known, np.abs(years[0] - years[1]), UNKNOWN)

"""Which mentions are worth comparing: pairs whose names may be one person's, found name by name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

import numpy as np
from numpy.typing import NDArray

from profiles.identity.corpus import Corpus, Indices
from profiles.identity.name_forms import NameForm
from profiles.identity.names_compat import Agreement, First, Middle, compare
from profiles.identity.nicknames import families, spelling

# Candidates that are looked at together when pairs are listed.
_CANDIDATES = 1_000_000
# Of two forms of names. Where there are more, each mention meets those at about its own place in the order of ids.
MOST_CANDIDATES_OF_FORMS = 4_000_000
Columns = tuple[Indices, Indices, NDArray[np.int8], NDArray[np.int8]]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of mentions (`left` < `right`) of different works whose names agree, and how."""

    left: Indices
    right: Indices
    first: NDArray[np.int8]
    middle: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.left)

    def part(self, rows: slice) -> "Pairs":
        return Pairs(self.left[rows], self.right[rows], self.first[rows], self.middle[rows])


@dataclass(frozen=True, slots=True)
class FormPairs:
    """Pairs of forms of names, each with itself included, and how they agree."""

    left: Indices
    right: Indices
    first: NDArray[np.int8]
    middle: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.left)

    def part(self, rows: slice) -> "FormPairs":
        return FormPairs(self.left[rows], self.right[rows], self.first[rows], self.middle[rows])


def pair_forms(forms: Sequence[NameForm], wanted: Iterable[int]) -> FormPairs:
    """Compare the wanted forms, surname by surname, and keep the pairs that may be one person's."""
    surnames: dict[str, list[int]] = defaultdict(list)
    for index in wanted:
        surnames[forms[index].surname].append(index)
    rows = [row for indices in surnames.values() for row in _pair_within(forms, indices)]
    table = np.array(rows, np.int64).reshape(-1, 4)
    return FormPairs(table[:, 0], table[:, 1], table[:, 2].astype(np.int8), table[:, 3].astype(np.int8))


def _pair_within(forms: Sequence[NameForm], indices: list[int]) -> Iterator[tuple[int, int, int, int]]:
    for index in indices:
        agreement = compare(forms[index], forms[index]) or Agreement(First.BOTH_INITIAL, Middle.BOTH_ABSENT)
        yield index, index, agreement.first, agreement.middle
    if len(indices) > 1:
        for one, other in sorted(_worth_comparing(forms, indices)):
            agreed = compare(forms[one], forms[other])
            if agreed:
                yield one, other, agreed.first, agreed.middle


def _worth_comparing(forms: Sequence[NameForm], indices: list[int]) -> set[tuple[int, int]]:
    """Pairs that share a key of their first names, or a letter where one has no more than that."""
    by_key: dict[str, list[int]] = defaultdict(list)
    bare: dict[str, list[int]] = defaultdict(list)
    by_letter: dict[str, list[int]] = defaultdict(list)
    for index in indices:
        form = forms[index]
        for key in _keys(form):
            by_key[key].append(index)
        for letter in {word[0] for word in (*form.words[:1], form.first) if word}:
            by_letter[letter].append(index)
        if form.words and not form.is_full:
            bare[form.words[0][0]].append(index)
    found = {_ordered(pair) for group in by_key.values() for pair in combinations(group, 2)}
    found |= {_ordered(pair) for letter, group in bare.items() for pair in product(group, by_letter[letter])}
    return {(one, other) for one, other in found if one != other}


def _keys(form: NameForm) -> set[str]:
    if not form.words:
        return {""}
    written = {word for word in (form.words[0], form.first, form.joined) if len(word) > 1}
    return written | {f"~{spelling(word)}" for word in written} | {f"#{n}" for word in written for n in families(word)}


def _ordered(pair: tuple[int, int]) -> tuple[int, int]:
    return pair if pair[0] < pair[1] else (pair[1], pair[0])


def pair_mentions(corpus: Corpus) -> Pairs:
    """List the pairs of mentions of different works whose names may be one person's, in a fixed order.

    All of them, unless a name is as crowded as two thousand mentions: then each meets so many of the others as keep
    within MOST_CANDIDATES_OF_FORMS, those nearest in the order of ids, which for arXiv's is nearly that of time.
    """
    by_form = np.argsort(corpus.form, kind="stable")
    sizes = np.bincount(corpus.form, minlength=len(corpus.forms))
    starts = np.cumsum(sizes) - sizes
    form_pairs = pair_forms(corpus.forms, np.flatnonzero(sizes).tolist())
    ends = np.cumsum(sizes[form_pairs.left] * _widths(sizes, form_pairs))
    # A part at a time: of crowded names there are many more candidates than pairs.
    cuts = np.unique(np.searchsorted(ends, np.arange(0, int(ends[-1:].sum()) + _CANDIDATES, _CANDIDATES)))
    parts = [
        _pair_part(corpus, by_form, sizes, starts, form_pairs.part(slice(start, end)))
        for start, end in pairwise([0, *cuts.tolist(), len(form_pairs)])
    ]
    return Pairs(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _widths(sizes: Indices, forms: FormPairs) -> Indices:
    """How many mentions of the right form each of the left one meets."""
    lefts, rights = sizes[forms.left], sizes[forms.right]
    widths: Indices = np.minimum(rights, np.maximum(1, MOST_CANDIDATES_OF_FORMS // np.maximum(1, lefts)))
    return widths


def _pair_part(corpus: Corpus, by_form: Indices, sizes: Indices, starts: Indices, forms: FormPairs) -> Columns:
    lefts, rights, widths = sizes[forms.left], sizes[forms.right], _widths(sizes, forms)
    pair_of = np.repeat(np.arange(len(forms)), lefts * widths)
    offset = np.arange(len(pair_of)) - np.repeat(np.cumsum(lefts * widths) - lefts * widths, lefts * widths)
    place, step = offset // widths[pair_of], offset % widths[pair_of]
    middle = place * rights[pair_of] // lefts[pair_of] - widths[pair_of] // 2
    left = by_form[starts[forms.left][pair_of] + place]
    right = by_form[starts[forms.right][pair_of] + np.clip(middle, 0, (rights - widths)[pair_of]) + step]
    keep = (left != right) & ((forms.left != forms.right)[pair_of] | (left < right))
    keep &= corpus.work[left] != corpus.work[right]
    left, right, pair_of = left[keep], right[keep], pair_of[keep]
    return np.minimum(left, right), np.maximum(left, right), forms.first[pair_of], forms.middle[pair_of]

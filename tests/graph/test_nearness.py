"""How near texts are: their terms, what is kept of them, and how they compare."""

import pytest
from hypothesis import given, strategies as st

from graph.nearness.terms import count_terms, singular
from graph.nearness.weights import Rarity, StoredTerms, add_up, compare, count_works, number_terms

TEXTS = {
    "kernel": ("Neural tangent kernel", "Wide networks behave like kernels."),
    "networks": ("Wide neural networks", "A tangent kernel governs training."),
    "galaxy": ("Dark matter in galaxies", "Rotation curves of dwarf galaxies."),
    "halo": ("Dwarf galaxies and halos", "Dark matter forms halos."),
    "other": ("Protein folding", "Energy landscapes of proteins."),
}
# Empty works beside them: a term that more than a tenth have counts for nothing.
MANY = 50
counts = st.dictionaries(st.integers(0, 40), st.integers(1, 9), max_size=30)


def rarity_of(texts: dict[str, tuple[str, str]]) -> Rarity:
    rows = [number_terms(count_terms(title, abstract)) for title, abstract in texts.values()] * 2
    return count_works([*rows, *([{}] * MANY)])


def stored(name: str, rarity: Rarity) -> StoredTerms:
    return rarity.heaviest(number_terms(count_terms(*TEXTS[name])))


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("networks", "network"),
        ("theories", "theory"),
        ("classes", "class"),
        ("analysis", "analysis"),
        ("stress", "stress"),
        ("torus", "torus"),
        ("ties", "tie"),
    ],
)
def test_plurals_fold(word: str, folded: str) -> None:
    assert singular(word) == folded


def test_a_word_of_the_title_counts_double() -> None:
    found = count_terms("Deep learning", "Learning at 10 GeV with $x$.")
    assert (found["deep"], found["learning"]) == (2, 3)
    assert "10" not in found


def test_what_is_about_the_same_is_nearer() -> None:
    rarity = rarity_of(TEXTS)
    person = add_up([stored("kernel", rarity)])
    networks, galaxy = compare(person, [stored("networks", rarity), stored("galaxy", rarity)])
    assert networks > 0.3
    assert galaxy == 0


def test_a_person_is_near_to_all_that_they_write_about() -> None:
    rarity = rarity_of(TEXTS)
    person = add_up([stored("kernel", rarity), stored("galaxy", rarity)])
    networks, halo, other = compare(person, [stored(name, rarity) for name in ("networks", "halo", "other")])
    assert min(networks, halo) > 0.2
    assert other == 0


def test_what_nearly_every_work_has_is_left_out() -> None:
    rarity = count_works([{1: 1, 2: 1}, {1: 1, 2: 1}, *([{1: 1}] * 18)])
    assert (rarity.works, dict(rarity.works_with)) == (20, {2: 2})


def test_rarity_is_written_and_read() -> None:
    for rarity in (rarity_of(TEXTS), Rarity(3, {})):
        assert Rarity.from_bytes(rarity.to_bytes()) == rarity


def test_nothing_is_near_to_nothing() -> None:
    empty = StoredTerms(b"", b"")
    assert compare(add_up([empty]), [empty]).tolist() == [0]
    assert compare(add_up([empty]), []).tolist() == []


@given(counts, counts, st.integers(1, 8))
def test_nearness_is_between_0_and_1_and_most_to_itself(one: dict[int, int], two: dict[int, int], most: int) -> None:
    rarity = Rarity(100, {term: 1 + term for term in range(40)})
    rows = [rarity.heaviest(text, most) for text in (one, two)]
    assert all(len(row.ids) == 4 * len(row.weights) <= 4 * most for row in rows)
    itself, other = compare(add_up(rows[:1]), rows)
    assert -1e-6 <= other <= 1.01
    assert itself <= 1.01


@given(counts, st.integers(1, 8))
def test_the_heaviest_come_first(text: dict[int, int], most: int) -> None:
    row = Rarity(100, {term: 1 + term for term in range(40)}).heaviest(text, most)
    assert list(row.weights) == sorted(row.weights, reverse=True)

"""How near texts are: their terms, what each weighs, how they compare, and what is said of it."""

from math import log

import pytest
from hypothesis import given, strategies as st

from graph.nearby import read_findable, read_rarity
from graph.nearness.subject import LEAST_RARITY_ASKED, MOST_ASKED, list_asked, name_shared, read_subject
from graph.nearness.terms import count_terms, fold, list_written
from graph.nearness.weights import Rarity, Weights, add_up, cosine, measure_rarity, overlap, share, weigh
from profiles.identity.corpus import stem, words_of
from profiles.identity.term_counts import read_term_counts

PROGRAMS = ("Tensor Programs II", "We study tensor programs and the infinite width limit of Bayesian networks in QCD.")
TEXTS = {
    "programs": PROGRAMS,
    "limit": ("Feature learning", "An infinite width limit of tensor programs, by Bayesian means."),
    "galaxy": ("Dark matter in galaxies", "Rotation curves of dwarf galaxies."),
    "halo": ("Dwarf galaxies and halos", "Dark matter forms halos."),
    "protein": ("Protein folding", "Energy landscapes of proteins."),
}
RARITY = Rarity({"the": 0.0}, 5.0)
counts = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 9))


def weights_of(name: str) -> Weights:
    return weigh(count_terms(*TEXTS[name]), RARITY)


def test_a_word_of_the_title_counts_double_and_plurals_fold() -> None:
    found = count_terms("Deep learning", "Learning of networks, a network at 10 GeV.")
    assert (found["deep"], found["learning"], found["network"]) == (2, 3, 2)
    assert not {"10", "at"} & set(found)
    assert count_terms("", "Schrödingers Katzen").keys() == {"schrödinger", "katzen"}


def test_terms_are_those_of_the_table() -> None:
    words = ["networks", "analysis", "stress", "classes", "abilities", "gas", "naïveté"]
    assert [fold(word) for word in words] == [stem(word) for word in words]
    text = "Deep networks: a Schrödinger-like approach, e.g. in QCD's classes."
    assert set(count_terms("", text)) == {stem(word) for word in words_of(text)}
    common = {term for term, number in read_term_counts().texts.items() if number > 2000}
    assert len(common & set(count_terms("", " ".join(common)))) > 0.99 * len(common)


def test_pairs_stand_side_by_side_with_a_space_between() -> None:
    written = dict(list_written("Tensor Programs", r"Wide networks, deep limits of it, in \mathcal M"))
    assert written["tensor", "program"] == "Tensor Programs"
    assert ("wide", "network") in written
    assert not {("network", "deep"), ("limit", "it"), ("limit", "of"), ("mathcal",), ("athcal",)} & set(written)


def test_what_nearly_all_works_have_tells_nothing_and_what_is_not_counted_the_most() -> None:
    rarity = measure_rarity(1000, {"common": 101, "known": 100, "rare": 10})
    assert rarity.known["common"] == 0
    assert rarity.known["known"] == pytest.approx(log(10))
    assert rarity.unknown > rarity.known["rare"]


def test_what_is_about_the_same_is_nearer() -> None:
    person = add_up([weights_of("programs"), weights_of("galaxy")])
    nearness = {name: sum(share(person, weights_of(name)).values()) for name in TEXTS}
    assert min(nearness["limit"], nearness["halo"]) > 0.2
    assert nearness["protein"] < 0.05


def test_topics_in_common() -> None:
    assert overlap({1: 10}, [1]) == pytest.approx(1)
    assert overlap({1: 10, 2: 10}, [2, 3]) == pytest.approx(0.5)
    assert overlap({1: 10, 2: 1}, [1]) > overlap({1: 10, 2: 1}, [2]) > overlap({1: 10}, [3]) == overlap({}, []) == 0


def test_what_is_shared_is_named_by_phrases_as_they_are_written() -> None:
    subject = read_subject([TEXTS["programs"]], RARITY)
    assert name_shared(subject, TEXTS["limit"], weights_of("limit"), RARITY) == ["tensor programs", "infinite width"]
    other = "Bayesian Qcd", "On QCD"
    assert name_shared(subject, other, weigh(count_terms(*other), RARITY), RARITY) == ["Qcd", "Bayesian"]
    assert name_shared(subject, TEXTS["protein"], weights_of("protein"), RARITY) == []


def test_works_are_looked_for_by_two_of_the_heaviest_terms_that_are_rare_and_known() -> None:
    subject = read_subject([TEXTS["galaxy"], TEXTS["halo"], ("On zzyzx", "Zzyzx for networks.")], read_rarity())
    asked = list_asked(subject, read_findable())
    terms = {term for pair in asked for term in pair}
    assert {"galaxies", "dwarf"} <= terms
    assert not {"zzyzx", "networks", "for"} & terms
    assert len(asked) <= MOST_ASKED * (MOST_ASKED - 1) // 2
    assert list_asked(read_subject([], read_rarity()), read_findable()) == []


def test_a_word_is_not_looked_for_when_common_words_have_its_stem() -> None:
    subject = read_subject([("Algorithmic galaxies", "Algorithmic dwarf galaxies.")], read_rarity())
    assert read_rarity().known["algorithmic"] > LEAST_RARITY_ASKED
    assert list_asked(subject, read_findable()) == [("galaxies", "dwarf")]


def test_nothing_is_near_to_nothing() -> None:
    assert (add_up([]), add_up([{}]), weigh({}, RARITY), weigh({"the": 3}, RARITY)) == ({}, {}, {}, {})
    assert share({}, weights_of("halo")) == {}


@given(counts, counts)
def test_nearness_is_between_0_and_1_and_most_to_itself(one: dict[str, int], two: dict[str, int]) -> None:
    rarity = Rarity({term: 1.0 + place for place, term in enumerate("abcdefgh")}, 9.0)
    first, second = weigh(one, rarity), weigh(two, rarity)
    assert -1e-9 <= sum(share(first, second).values()) <= 1 + 1e-9
    assert sum(share(first, first).values()) == pytest.approx(1 if one else 0)
    assert cosine(one, second, rarity) == pytest.approx(sum(share(first, second).values()))

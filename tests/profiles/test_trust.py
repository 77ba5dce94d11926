"""The formula, by example, at its edges, and by property."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from profiles.trust import BANDS, LEVELS, TrustFacts, compute_trust

SEED = TrustFacts(identity_level=1, works=13, active_years=3, topics=14, close_collaborators=4)

numbers = st.integers(0, 10_000)
facts = st.builds(
    TrustFacts,
    identity_level=st.integers(0, 4),
    works=numbers,
    active_years=numbers,
    works_of_record=numbers,
    topics=numbers,
    close_collaborators=numbers,
    vouching_coauthors=numbers,
    affiliation_verified=st.booleans(),
    confirmed_within_a_year=st.booleans(),
    followers_at_l3=numbers,
    invitations_answered=numbers,
)


def test_the_seed_page() -> None:
    report = compute_trust(SEED)
    assert (report.score, report.band, report.level) == (21, "Emerging", "L1")
    assert [c.points for c in report.components] == [5, 7, 3, 0, 2, 4, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("changed", "score"),
    [
        ({"works": 0}, 14),
        ({"works": 1}, 16),
        ({"works": 31}, 24),
        ({"works": 10_000}, 24),
        ({"active_years": 9}, 23),
        ({"works_of_record": 1}, 21),
        ({"works_of_record": 2}, 22),
        ({"works_of_record": 99}, 29),
        ({"topics": 5}, 19),
        ({"topics": 60}, 21),
        ({"close_collaborators": 60}, 23),
        ({"vouching_coauthors": 2}, 25),
        ({"affiliation_verified": True}, 25),
        ({"confirmed_within_a_year": True}, 25),
        ({"followers_at_l3": 1}, 22),
        ({"followers_at_l3": 10_000}, 25),
        ({"invitations_answered": 2}, 21),
        ({"invitations_answered": 3}, 23),
        ({"identity_level": 0}, 14),  # 16, capped
        ({"identity_level": 2}, 34),
        ({"identity_level": 3}, 48),
        ({"identity_level": 4}, 61),
        ({"vouching_coauthors": 9, "works_of_record": 99}, 34),  # 39, capped at L1
    ],
)
def test_each_component_counts_as_the_table_says(changed: dict[str, Any], score: int) -> None:
    assert compute_trust(replace(SEED, **changed)).score == score


@given(facts)
def test_the_score_is_the_capped_sum_and_lies_in_its_band(given_facts: TrustFacts) -> None:
    report = compute_trust(given_facts)
    assert report.uncapped == sum(component.points for component in report.components)
    assert report.score == min(report.uncapped, report.cap)
    assert all(0 <= component.points <= component.maximum for component in report.components)
    assert [band.name for band in BANDS if band.low <= report.score <= band.high] == [report.band]


@given(facts, st.sampled_from([field.name for field in fields(TrustFacts) if field.name != "identity_level"]))
def test_more_evidence_never_lowers_it(given_facts: TrustFacts, name: str) -> None:
    value = getattr(given_facts, name)
    more = replace(given_facts, **{name: True if isinstance(value, bool) else value + 1})
    assert compute_trust(more).score >= compute_trust(given_facts).score


def test_the_bands_cover_every_score_once() -> None:
    assert [score for band in BANDS for score in range(band.low, band.high + 1)] == list(range(101))
    assert [level.cap for level in LEVELS] == [14, 34, 54, 84, 100]

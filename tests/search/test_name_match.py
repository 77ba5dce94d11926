"""How well names fit: pure."""

import pytest
from hypothesis import given, strategies as st

from search.name_match import deletions, misfit, rank_names, split_name


def order(asked: str, *names: str) -> list[str]:
    return [names[place] for place in rank_names(split_name(asked), enumerate(names))]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("wang wei", ["wei wang", "lee wang wei", "wei wangler"]),
        ("Greg Yang", ["greg yang", "yang greg", "greg a yang", "gregory yang"]),
        ("g yang", ["g yang", "greg yang", "g a yang", "greg a yang"]),
        ("grag yang", ["greg yang", "hu yang"]),
        ("junjie zhu", ["jun-jie zhu / j zhu", "junjie x zhu"]),
        ("李伟", ["李伟", "李伟明"]),
        ("伟 李", ["李伟", "李明"]),
    ],
)
def test_the_better_fit_comes_first(asked: str, names: list[str]) -> None:
    assert order(asked, *reversed(names)) == names


def test_the_best_variant_counts() -> None:
    assert misfit(["g", "yang"], "edward hu / g yang") == misfit(["g", "yang"], "g yang")


def test_words_one_slip_apart_have_a_deletion_in_common() -> None:
    for slip in ("grag", "gre", "gregg", "gerg", "reg"):
        assert deletions("greg") & deletions(slip), slip
    assert not deletions("greg") & deletions("paul")


@given(st.text(max_size=60), st.lists(st.text("abcü李 -'", min_size=1, max_size=20), max_size=4))
def test_every_name_gets_its_place(asked: str, names: list[str]) -> None:
    assert sorted(rank_names(split_name(asked), enumerate(names))) == list(range(len(names)))

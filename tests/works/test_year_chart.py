"""Works by year as bars: pure."""

import pytest
from hypothesis import given, strategies as st

from works.year_chart import HEIGHT, LABEL_ROOM, WIDTH, draw_years


@pytest.mark.parametrize("counts", [{}, {2020: 5}])
def test_fewer_than_two_years_are_no_chart(counts: dict[int, int]) -> None:
    assert draw_years(counts) is None


@given(st.dictionaries(st.integers(1990, 2090), st.integers(1, 10**6), min_size=2))
def test_every_year_has_its_bar_and_every_bar_its_room(counts: dict[int, int]) -> None:
    chart = draw_years(counts)
    assert chart is not None
    assert [bar.year for bar in chart.bars] == list(range(min(counts), max(counts) + 1))
    assert {bar.year: bar.works for bar in chart.bars if bar.works} == counts
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.2
        assert bar.y >= 0
        assert bar.y + bar.height == pytest.approx(HEIGHT - LABEL_ROOM, abs=0.11)
        assert bool(bar.height) == bool(bar.works)
    assert 2 <= sum(bar.labelled for bar in chart.bars) <= 8

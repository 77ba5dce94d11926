"""Whatever comes in, the parser answers or raises one of its own errors."""

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from tests.fuzz_parse import check, corpus, make_input
from tests.works.oai_pages import page

SEEDS = [int(line) for line in Path(__file__).with_name("fuzz_seeds.txt").read_text().split("#")[0].split()]
BODIES = corpus()


@given(st.binary(max_size=2000))
@settings(max_examples=300)
def test_random_bytes(body: bytes) -> None:
    check(body)


@given(st.text(max_size=400))
@settings(max_examples=300)
def test_random_text_in_the_place_of_records(text: str) -> None:
    check(page().replace(b"<ListRecords>", b"<ListRecords>" + text.encode("utf-8", "surrogatepass")))


@given(st.integers(min_value=0, max_value=2**40))
@settings(max_examples=400)
def test_mutated_pages(seed: int) -> None:
    check(make_input(seed, BODIES))


@pytest.mark.parametrize("seed", SEEDS)
def test_seeds_that_were_kept(seed: int) -> None:
    check(make_input(seed, BODIES))


def test_the_corpus_is_read_before_it_is_spoilt() -> None:
    assert {check(body) for body in BODIES} == {"read", "empty"}


def test_the_same_seed_is_the_same_input() -> None:
    assert make_input(7, BODIES) == make_input(7, BODIES)
    assert len({make_input(seed, BODIES) for seed in range(50)}) > 45

"""Public ids: a bijection that forgives how people copy."""

import pytest
from hypothesis import given, strategies as st

from profiles.public_ids import ALPHABET, SPACE, decode_public_id, encode_public_id


@given(st.integers(1, SPACE - 1))
def test_an_id_leads_back_to_its_key(primary_key: int) -> None:
    public_id = encode_public_id(primary_key)
    assert decode_public_id(public_id) == primary_key
    assert len(public_id) == 7
    assert set(public_id) <= set(ALPHABET)


def test_neighbours_do_not_look_alike() -> None:
    first, second = encode_public_id(1000), encode_public_id(1001)
    assert sum(a != b for a, b in zip(first, second, strict=True)) >= 4


def test_capitals_and_look_alikes_are_forgiven() -> None:
    public_id = next(encode_public_id(key) for key in range(1, 1000) if "0" in encode_public_id(key))
    assert decode_public_id(public_id.upper().replace("0", "O")) == decode_public_id(public_id)


@pytest.mark.parametrize("text", ["", "abc", "abcdefgh", "!!!!!!!", "uuuuuuu", "٣٣٣٣٣٣٣"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a public id"):
        decode_public_id(text)


@pytest.mark.parametrize("primary_key", [0, -1, SPACE])
def test_keys_outside_the_space_have_no_id(primary_key: int) -> None:
    with pytest.raises(ValueError, match="No public id"):
        encode_public_id(primary_key)

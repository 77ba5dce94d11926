"""Accents of TeX in names."""

import pytest
from hypothesis import given, strategies as st

from works.arxiv.author_line import parse_author_line
from works.arxiv.tex_text import decode_tex
from works.names import name_key


@pytest.mark.parametrize(
    ("source", "decoded"),
    [
        (r"P\'erez", "Pérez"),
        (r"P\'{e}rez", "Pérez"),
        (r"P{\'e}rez", "Pérez"),
        (r"P\\\"otz", "Pötz"),
        (r"{\L}ukasz", "Łukasz"),
        (r"\v{S}ime", "Šime"),
        (r"\v Sime", "Šime"),
        (r"Fran\c cois", "François"),
        (r"\'{\i}\~n\^{\i}", "íñî"),
        (r"\O rsted, \ss{}, \aa, {\AA}", "Ørsted, ß, å, Å"),
        (r"J.~Smith", "J. Smith"),
        (r"\unknown{Smith}", "unknownSmith"),
        ("plain", "plain"),
    ],
)
def test_accents_of_tex(source: str, decoded: str) -> None:
    assert decode_tex(source) == decoded


def test_the_spellings_of_one_name_share_a_key() -> None:
    line = r"J. P\'erez, J. Perez, J. Pérez, J. P{\'e}rez, J. P\'{e}rez"
    assert {name_key(author.printed_name) for author in parse_author_line(line).authors} == {"perez|j"}


@given(st.text(max_size=80))
def test_decoding_never_leaves_mark_up(text: str) -> None:
    assert not set(decode_tex(text)) & set("\\{}")

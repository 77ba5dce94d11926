"""Marks in pages: never in a tag, a reference or a formula, and never before escaping."""

import re

from hypothesis import given, strategies as st

from search.highlight import mark_html, mark_name, mark_text, snippet, stems
from works.markup import render_title


def test_words_are_marked_whatever_their_ending() -> None:
    assert mark_text("Networks that network", stems("network")) == "<mark>Networks</mark> that <mark>network</mark>"


def test_neither_tags_nor_references_nor_formulas_are_touched() -> None:
    html = mark_html(render_title(r"amp & mi of $mi$ in \emph{em}"), stems("amp mi em class"))
    assert "<mark>amp</mark> &amp; <mark>mi</mark>" in html
    assert "<em><mark>em</mark></em>" in html
    assert html.count("<mark>") == 3


def test_names_are_marked_by_their_beginnings() -> None:
    assert mark_name("José Pérez", ["per", "jose"]) == "<mark>José</mark> <mark>Pérez</mark>"


def test_a_snippet_stands_around_the_first_match() -> None:
    text = "word " * 100 + "needle in a stack " + "word " * 100
    cut = snippet(text, stems("needles"))
    assert "<mark>needle</mark>" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) < 350


@given(st.text(), st.text())
def test_no_text_becomes_a_tag(text: str, query: str) -> None:
    for html in (mark_text(text, stems(query)), snippet(text, stems(query)), mark_name(text, query.split())):
        assert set(re.findall(r"<[^>]*>", html)) <= {"<mark>", "</mark>"}
        assert not re.search(r"<(?!/?mark>)", html)

"""The formats, read back by programs that we did not write."""

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from exports.citations.biblatex import write_biblatex
from exports.citations.bibtex import write_bibtex
from exports.citations.csl_json import write_csl_json
from exports.citations.formatted import STYLES, list_formatted_citations
from exports.citations.records import CitedName, CitedWork
from exports.citations.ris import write_ris
from exports.citations.tex import escape_ascii, escape_unicode, title_to_tex
from exports.formats import FORMATS
from tests.exports.reading import read_bib, read_csl, read_raw_bib, read_ris

ADA = CitedName("Ada", "van der", "Berg", "Jr.", is_collaboration=False)
KURT = CitedName("Kurt", "", "Gödel", "", is_collaboration=False)
LHCB = CitedName("", "", "LHCb and Friends Collaboration", "", is_collaboration=True)
JOSE = CitedName("José", "", "García y Vega", "", is_collaboration=False)
PLATO = CitedName("", "", "Plato", "", is_collaboration=False)


def cited(**fields: Any) -> CitedWork:
    values = {
        "arxiv_id": "2011.14522", "title": "A title", "abstract": "An abstract.",
        "authors": (ADA, KURT, LHCB, JOSE, PLATO),
        "and_others": False, "issued": date(2020, 11, 30), "primary_topic": "cs.LG", "journal_ref": "", "doi": "",
        "withdrawn": False,
    }  # fmt: skip
    return CitedWork(**{**values, **fields})


@pytest.mark.parametrize("write", [write_bibtex, write_biblatex])
def test_names_come_back_in_order_and_in_parts(write) -> None:
    (entry,) = read_bib("".join(write([cited()])))
    names = entry["author"]
    assert [(" ".join(name.von), " ".join(name.jr)) for name in names[:2]] == [("van der", "Jr."), ("", "")]
    assert names[0].last == ["Berg"]
    assert names[0].first == ["Ada"]
    assert names[2].last == ["{LHCb and Friends Collaboration}"]
    assert names[3].von == [], "a small word in a surname is no particle"
    assert names[4].last == ["{Plato}"]
    assert len(names) == 5


def test_bibtex_is_ascii_and_biblatex_is_unicode() -> None:
    bibtex, biblatex = "".join(write_bibtex([cited()])), "".join(write_biblatex([cited()]))
    assert bibtex.isascii()
    assert r"G{\"o}del" in bibtex
    assert "Gödel" in biblatex


def test_an_unfinished_byline_says_so() -> None:
    (entry,) = read_raw_bib("".join(write_bibtex([cited(and_others=True)])))
    assert entry["author"].endswith(" and others")
    assert read_ris("".join(write_ris([cited(and_others=True)])))[0]["authors"][-1] == "others"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("On $x^2$ and 50% of a & b_c #1", r"On {$x^2$} and 50\% of a \& b\_c \#1"),
        ("The set $\\{a\\}$", r"The set {$\lbrace a\rbrace $}"),
        ("A proof of the Riemann hypothesis for LaTeX", r"A proof of the {Riemann} hypothesis for {LaTeX}"),
        ("Feature Learning in Neural Networks with BERT", "Feature Learning in Neural Networks with {BERT}"),
        (r"Das \"Ubel von K\"ahler", None),
    ],
)
def test_titles_are_safe_tex(title: str, expected: str | None) -> None:
    written = title_to_tex(title, escape_ascii)
    if expected is not None:
        assert written == expected
    assert written.isascii()
    assert is_balanced(written)


@pytest.mark.parametrize(
    "evil",
    [
        r"$\input{/etc/passwd}$", r"$\immediate\write18{ls}$", r"\input{x}", r"$\csname input\endcsname x$",
        r"$^^5cinput{x}$", "}, note = {owned", "x}\n@misc{b, title={y}", "$a}$ {", r"$\left\{$ \}", "$\\catcode`\\@=0$",
        r"$\begin{filecontents}{x}\end{filecontents}$", "\\", "$\\$", "%", "a\r\n@comment{",
        r"$\text{$x$}$", "$\\begin {verbatim}$",
    ],
)  # fmt: skip
def test_no_title_runs_a_command_or_leaves_its_field(evil: str) -> None:
    for write in (write_bibtex, write_biblatex):
        work = cited(
            title=evil,
            abstract=evil,
            journal_ref=evil,
            doi=evil.strip() or "x",
            authors=(CitedName(evil, evil, evil, evil, False),),
        )
        text = "".join(write([work, cited(arxiv_id="hep-th/9901001")]))
        assert len(read_raw_bib(text)) == 2
        assert not re.search(r"\\(input|write|immediate|csname|catcode|begin)(?![A-Za-z])", text)


def is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


TEX = st.text(st.sampled_from("ab A{}$\\%&#_^~\"'\n\r@,=é中"), max_size=60) | st.text(max_size=60)


@settings(max_examples=300)
@given(title=TEX, name=TEX)
def test_whatever_is_imported_every_field_stays_balanced_and_on_one_line(title: str, name: str) -> None:
    work = cited(
        title=title, abstract=title, authors=(CitedName(name, name, name or "x", name, False), KURT), doi=title
    )
    for write in (write_bibtex, write_biblatex):
        text = "".join(write([work]))
        lines = text.rstrip("\n").split("\n")
        assert all(re.fullmatch(r"  [a-z]+ = \{.*\},", line) for line in lines[1:-1])
        assert all(is_balanced(line.partition(" = ")[2].removesuffix(",")) for line in lines[1:-1])
        assert len(read_raw_bib(text)) == 1


@settings(max_examples=200)
@given(title=TEX, name=TEX)
def test_ris_is_one_line_a_field(title: str, name: str) -> None:
    work = cited(title=title, abstract=title, authors=(CitedName("", "", name or "x", "", False),), journal_ref=title)
    text = "".join(write_ris([work, cited()]))
    assert all(re.match(r"[A-Z][A-Z0-9]  - |\Z", line) for line in text.split("\r\n"))
    assert len(read_ris(text)) == 2


@settings(max_examples=200)
@given(text=TEX)
def test_escapes_leave_nothing_for_tex_to_run(text: str) -> None:
    for escape in (escape_ascii, escape_unicode):
        assert is_balanced(escape(text))
        assert not re.search(r"(?<!\\)[%#&$_]", escape(text))


def test_ris_comes_back() -> None:
    (record,) = read_ris(
        "".join(write_ris([cited(title=r"On $\alpha$ and K\"ahler", doi="10.1/a", journal_ref="J. 1\n2")]))
    )
    assert record["authors"] == [
        "van der Berg, Ada, Jr.",
        "Gödel, Kurt",
        "LHCb and Friends Collaboration",
        "García y Vega, José",
        "Plato",
    ]
    assert (record["title"], record["doi"], record["year"], record["date"]) == (
        "On α and Kähler",
        "10.1/a",
        "2020",
        "2020/11/30",
    )
    assert record["type_of_reference"] == "JOUR"


def test_csl_comes_back() -> None:
    (reference,) = read_csl("".join(write_csl_json([cited(title="On $x_1$")])))
    assert "A. van der Berg Jr., K. Gödel, LHCb and Friends Collaboration" in reference
    assert "On x_1" in reference
    assert json.loads("".join(write_csl_json([]))) == []
    assert len(json.loads("".join(write_csl_json([cited(), cited()])))) == 2


def test_every_style_names_authors_title_and_year() -> None:
    references = {
        each.style: each.text for each in list_formatted_citations(cited(title="A <b>bold</b> & plain title"))
    }
    assert list(references) == list(STYLES.values())
    for style, text in references.items():
        assert "Berg" in text, style
        assert "a <b>bold</b> & plain title" in text.lower(), style
        assert "2020" in text or style == "Physical Review", style
        assert not text.startswith(("[", "1.")), style


def test_a_work_without_authors_can_be_cited() -> None:
    bare = cited(authors=())
    assert all(each.text for each in list_formatted_citations(bare))
    for form in FORMATS.values():
        assert "".join(form.write([bare]))


@pytest.mark.parametrize(
    ("arxiv_id", "authors", "key"),
    [
        ("2011.14522", (ADA,), "vanderberg-2011.14522"),
        ("hep-th/9901001", (KURT,), "godel-hep-th-9901001"),
        ("2011.14522", (CitedName("", "", "王小明", "", False),), "arxiv-2011.14522"),
        ("2011.14522", (), "arxiv-2011.14522"),
    ],
)
def test_a_key_depends_on_nothing_but_the_work(arxiv_id: str, authors: tuple[CitedName, ...], key: str) -> None:
    assert cited(arxiv_id=arxiv_id, authors=authors).key == key
    assert cited(arxiv_id=arxiv_id, authors=authors, issued=date(2025, 1, 1), title="Another").key == key


def test_entries_of_one_author_have_different_keys() -> None:
    text = "".join(write_bibtex([cited(), cited(arxiv_id="2011.14523")]))
    assert len({entry.key for entry in read_raw_bib(text)}) == 2


def test_no_style_says_twice_where_a_preprint_lies() -> None:
    texts = {each.style: each.text for each in list_formatted_citations(cited())}
    arxiv_id = cited().arxiv_id
    assert f"(arXiv:{arxiv_id}). arXiv. https://" in texts["APA"]
    assert f"arXiv: {arxiv_id}" in texts["IEEE"]
    for text in texts.values():
        assert text.replace(f"arxiv.org/abs/{arxiv_id}", "").count(arxiv_id) <= 1
        assert "ArXiv" not in text

"""No imported text injects mark-up, takes for ever, or ends the process."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st

from tests.works.rendered import read, violations
from works.markup import plain_text, render_abstract, render_title
from works.markup.sanitize import clean_abstract, clean_title

ROOT = Path(__file__).parents[2]
HTML = st.sampled_from(
    [
        *(
            "<",
            ">",
            "</",
            "/>",
            '"',
            "'",
            "&",
            "&lt;",
            "&#60;",
            "&#x3c;",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?",
            "=",
        ),
        *(
            "script",
            "style",
            "img src=x onerror=alert(1)",
            "svg",
            "a href=javascript:alert(1)",
            "math",
            "mtext",
        ),
        *(
            "annotation-xml encoding=text/html",
            "iframe",
            "</semantics>",
            "</math>",
            "</p>",
            "</a>",
            "</code>",
            "\x00",
        ),
        *("javascript:", "https://example.org/", "10.1000/", '" onclick="x', " ", "\n\n", "x", "`", "*"),
    ]
)
TEX = st.sampled_from(
    [
        *(
            "$",
            "$$",
            "\\(",
            "\\)",
            "\\[",
            "\\]",
            "{",
            "}",
            "^",
            "_",
            "&",
            "%",
            "#",
            "~",
            "\\\\",
            "\\",
            "'",
            "`",
            "*",
        ),
        *(
            "\\frac",
            "\\sqrt",
            "\\text{",
            "\\mbox{",
            "\\unknown",
            "\\left(",
            "\\right)",
            "\\begin{align}",
            "\\end{align}",
        ),
        *(
            "\\emph{",
            "{\\em ",
            "\\url{",
            "\\href{",
            "\\cite{",
            '\\"o',
            "\\v{c}",
            "\\abs",
            "\\RR",
            "\\def\\x{",
            "\\color{",
        ),
        *(
            "x",
            "1",
            " ",
            "\n",
            "<b>",
            "</math>",
            "https://example.org/x",
            "arXiv:2011.14522",
            "\\style{",
            "\\class{",
        ),
    ]
)
TEXTS = st.one_of(
    st.lists(HTML, max_size=25).map("".join),
    st.lists(TEX, max_size=25).map("".join),
    st.lists(st.one_of(HTML, TEX), max_size=40).map("".join),
    st.lists(TEX, max_size=15).map(lambda pieces: f"${''.join(pieces)}$"),
    st.text(max_size=80),
)


@given(TEXTS)
@example("$\\text{</mtext></math><script>alert(1)</script>}$")
@example("$</annotation></semantics></math><img src=x onerror=alert(1)>$")
@example('\\href{https://example.org/"onmouseover=alert(1)}{x}')
@example("https://example.org/'onclick='alert(1)")
@example("`</code><script>`")
@settings(max_examples=400)
def test_no_text_injects_mark_up(text: str) -> None:
    assert violations(render_title(text), is_title=True) == []
    assert violations(render_abstract(text)) == []
    assert isinstance(plain_text(text), str)


@given(TEXTS)
def test_what_is_rendered_passes_the_gate_unchanged(text: str) -> None:
    assert clean_title(render_title(text)) == render_title(text)
    assert clean_abstract(render_abstract(text)) == render_abstract(text)


@given(st.text(alphabet="abc <>&\"'/=!?;", max_size=60))
def test_text_without_tex_is_shown_as_it_is(text: str) -> None:
    shown = read(render_title(text)).text
    assert shown.replace("”", "''").split() == text.replace("”", "''").split()


@pytest.mark.parametrize(
    ("html", "title", "abstract"),
    [
        ("<script>x</script>y", "y", "y"),
        ('<a href="javascript:x">y</a>', "y", '<a rel="nofollow noopener">y</a>'),
        ('<a href="/x">y</a>', "y", '<a rel="nofollow noopener">y</a>'),
        ('<img src="x">', "", ""),
        ('<em onclick="x" style="y" id="z">a</em>', "<em>a</em>", "<em>a</em>"),
        ('<math><mi href="https://x" mathcolor="red">a</mi></math>', *["<math><mi>a</mi></math>"] * 2),
        ('<code class="formula-source x">a</code>', *['<code class="formula-source">a</code>'] * 2),
        (
            "<math><semantics><mi>a</mi></semantics></math>",
            *["<math><semantics><mi>a</mi></semantics></math>"] * 2,
        ),
    ],
)
def test_the_last_gate_by_itself(html: str, title: str, abstract: str) -> None:
    assert clean_title(html) == title
    assert clean_abstract(html) == abstract


LONG = {
    "dollars": "$" * 100_000,
    "spaced dollars": "$ " * 50_000,
    "braces": "{" * 100_000,
    "closed braces": "{" * 50_000 + "}" * 50_000,
    "styled braces": "{\\em " * 20_000 + "}" * 20_000,
    "commands": "\\emph" * 20_000,
    "arguments": "\\emph{" * 16_000,
    "backslashes": "\\" * 100_000,
    "asterisks": "*a " * 33_000,
    "backticks": "`" * 100_000,
    "openings": "\\(" * 50_000,
    "environments": "\\begin{align}" * 8_000,
    "citations": "\\cite{" * 16_000,
    "addresses": "https://" * 12_000,
    "one address": "https://x.org/" + "(" * 100_000,
    "hosts": "www.a." * 16_000,
    "accents": "\\'" * 50_000,
    "quotes": "``" * 50_000,
    "dashes": "-" * 100_000,
    "scripts": "^{" * 50_000,
    "formulas": "$x$ " * 25_000,
    "a long formula": "$" + "x" * 100_000 + "$",
    "bracketed formulas": "".join(f"${number}{'(' * 10}$" for number in range(6_000)),
    "a formula of brackets": "$" + "[(" * 1_000 + "$",
    "words": "word " * 20_000,
    "blank lines": "\n" * 100_000,
    "spaces": " " * 100_000 + "x",
    "markup": "<a>" * 33_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_hundred_thousand_characters_of_anything_come_to_an_end(text: str) -> None:
    """A search that went back to the beginning each time would take minutes here instead of a second."""
    html = render_abstract(text)
    assert violations(html) == []
    assert len(html) < 100 * len(text)
    assert len(plain_text(text)) <= len(text)


@pytest.mark.parametrize(
    "opening", ["(", "[(", "\\{", "\\langle ", "\\bigl(", "\\lvert x", "\\mathopen(", "⟨", "⌊", "(\\hat)"]
)
def test_brackets_that_are_never_closed_do_not_double_the_time(opening: str) -> None:
    """math-core takes 2 to the power of their number: the heat death of the universe comes before this one ends."""
    formula = f"${opening * 100}$"
    assert read(render_title(formula)).text == formula
    assert "<math>" in render_title(f"${opening * 5}x$")


IN_A_SMALL_STACK = """
import sys, threading
from works.markup import render_title
threading.stack_size(512 * 1024)
answers = []
def render():
    for text in sys.stdin.read().split("\\0"):
        answers.append(render_title(text))
thread = threading.Thread(target=render)
thread.start()
thread.join()
print(len(answers))
"""
NESTING = [
    *(
        "{",
        "\\sqrt{",
        "\\sqrt",
        "\\hat",
        "x^{",
        "\\frac{",
        "\\left(",
        "\\abs",
        "\\abs{",
        "\\floor{",
        "\\substack{",
    ),
    *(
        "\\begin{matrix}",
        "\\text{",
        "\\overline",
        "\\overset",
        "\\not",
        "\\bf",
        "\\rm",
        "(",
        "'",
        "\\QATOP{",
        "\\mathrm{",
    ),
    *("\\underbrace{", "{\\bf", "\\boldsymbol", "\\big(", "\\mathop{"),
]


def test_no_formula_uses_up_a_small_stack() -> None:
    """math-core would end the process; a thread of 512 KiB is smaller than any the site runs in."""
    texts = [
        f"${unit * times}x{'}' * (times * unit.count('{') * closed)}$"
        for unit in NESTING
        for times in (20, 37, 50, 75, 149, 150, 1_500 // len(unit))
        for closed in (0, 1)
    ]
    texts += ["\\emph{" * 5_000 + "}" * 5_000, "{" * 50_000 + "}" * 50_000]
    done = subprocess.run(
        [sys.executable, "-c", IN_A_SMALL_STACK],
        input="\0".join(texts).encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert int(done.stdout) == len(texts)

"""Formulas: which stretches of a text are some, and what becomes of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bzpeer.sample.records import load_works
from tests.works.rendered import read, violations
from works.markup import plain_text, render_abstract, render_title
from works.markup.formulas import MAXIMUM_LENGTH, MAXIMUM_NESTING, MAXIMUM_OPENINGS, to_mathml
from works.markup.macros import MACROS


def formulas(text: str) -> list[str]:
    """List the sources of the formulas that come out as MathML."""
    return read(render_title(text)).annotations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A $x$ b", ["x"]),
        ("$x$$y$", ["x", "y"]),
        (r"\(x\) and \[y\]", ["x", "y"]),
        ("$$x + y$$", ["x + y"]),
        (r"\begin{equation}x\end{equation}", ["x"]),
        (r"\begin{align*}a&=b\end{align*}", [r"\begin{align*}a&=b\end{align*}"]),
        (r"$\text{a \$ b}$", [r"\text{a \$ b}"]),
        ("$ x $ and $ y $", [" x ", " y "]),
        ("$10^5$-fold", ["10^5"]),
        # no formulas
        ("costs $5 and $10 per piece", []),
        ("one $ sign", []),
        (r"\$x\$", []),
        ("$$", []),
        (r"\(never closed", []),
        (r"\begin{equation} never closed", []),
        ("", []),
    ],
)
def test_what_is_a_formula(text: str, expected: list[str]) -> None:
    assert formulas(text) == expected


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("$x$", False),
        (r"\(x\)", False),
        ("$$x$$", True),
        (r"\[x\]", True),
        (r"\begin{align}x\end{align}", True),
    ],
)
def test_inline_and_display(text: str, display: bool) -> None:
    assert (("math", "display", "block") in read(render_title(text)).attributes) is display


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("E=mc^2", "<msup><mi>c</mi><mn>2</mn></msup>"),
        (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"\alpha\le\beta", "<mi>α</mi><mo>≤</mo><mi>β</mi>"),
        (r"\mathbb{R}^n", "<msup><mi>ℝ</mi><mi>n</mi></msup>"),
        (r"\sqrt{x}", "<msqrt><mi>x</mi></msqrt>"),
        (r"50%", "%"),
        (r"a &lt; b", "<mo>&lt;</mo>"),
        (r"\RR", "ℝ"),
        (r"\eps", "<mi>ε</mi>"),
        (r"\abs{x}", "|"),
    ],
)
def test_mathml(source: str, markup: str) -> None:
    mathml = to_mathml(source)
    assert mathml is not None
    assert mathml.understood
    assert markup in mathml.markup


@pytest.mark.parametrize("environment", ["align", "gather", "multline", "eqnarray", "align*", "eqnarray*"])
def test_no_equation_number_is_invented(environment: str) -> None:
    html = render_abstract(rf"\begin{{{environment}}}a=b\end{{{environment}}}")
    assert read(html).text == "a=b"
    assert "<mtable" in html


def test_a_formula_carries_its_authors_source() -> None:
    source = r"\RR < 5% \text{ of } a&lt;b"
    assert formulas(f"${source}$ and $y$") == [source, "y"]


def test_an_unknown_command_is_shown_by_its_name() -> None:
    mathml = to_mathml(r"\zzfoo{x}")
    assert mathml is not None
    assert not mathml.understood
    html = render_title(r"$\zzfoo{x}$")
    assert '<merror class="unknown-command"><mtext>\\zzfoo</mtext></merror>' in html
    assert read(html).text == r"\zzfoox"


@pytest.mark.parametrize(
    "formula",
    [
        r"$\frac{$",
        "$x}$",
        "$a^b^c$",
        r"$\left( x$",
        r"$\def\x{\x\x}\x$",
        r"$\newcommand{\x}{y}\x$",
        "$" + "x" * (MAXIMUM_LENGTH + 1) + "$",
        "$" + "(" * (MAXIMUM_OPENINGS + 1) + ")" * (MAXIMUM_OPENINGS + 1) + "$",
        "$" + "{" * (MAXIMUM_NESTING + 1) + "}" * (MAXIMUM_NESTING + 1) + "$",
    ],
)
def test_what_cannot_be_read_shows_its_source(formula: str) -> None:
    html = render_title(f"Of {formula} and more")
    assert read(html).text == f"Of {formula} and more"
    assert '<code class="formula-source">' in html
    assert "<math>" not in html


@pytest.mark.parametrize(
    "source",
    [
        "x" * MAXIMUM_LENGTH,
        "(" * MAXIMUM_OPENINGS,
        "{" * (MAXIMUM_NESTING // 2) + "x" + "}" * (MAXIMUM_NESTING // 2),
    ],
)
def test_the_bounds_leave_what_is_within_them(source: str) -> None:
    assert to_mathml(source) is not None


@pytest.mark.parametrize("source", ["", " ", "\n"])
def test_nothing_is_no_formula(source: str) -> None:
    assert to_mathml(source) is None


@pytest.mark.parametrize("name", MACROS)
def test_every_macro_is_understood(name: str) -> None:
    """With as many arguments as its body asks for, it comes out, and no body uses an argument twice."""
    body = MACROS[name]
    arguments = [number for number in "123" if f"#{number}" in body]
    assert all(body.count(f"#{number}") == 1 for number in arguments)
    mathml = to_mathml(rf"\{name}" + "{x}" * (int(max(arguments)) if arguments else 0) + " y")
    assert mathml is not None
    assert mathml.understood


@pytest.mark.parametrize("work", load_works(), ids=lambda work: work.arxiv_id)
def test_every_text_of_the_sample_renders_without_a_failure(work) -> None:
    title, abstract = render_title(work.title), render_abstract(work.abstract)
    for html in (title, abstract):
        assert "formula-source" not in html
        assert "unknown-command" not in html
        assert "$" not in read(html).text
    assert violations(title, is_title=True) + violations(abstract) == []
    assert plain_text(work.title)
    assert plain_text(work.abstract)


def test_the_sample_has_formulas() -> None:
    sources = [source for work in load_works() for source in read(render_abstract(work.abstract)).annotations]
    assert len(sources) > 3


def test_one_converter_serves_many_threads() -> None:
    sources = [rf"\RR^{{{n}}} + \zzfoo_{n} \frac{{a}}{{{n}}} \abs{{x_{n}}}" for n in range(400)]
    alone = [to_mathml.__wrapped__(source) for source in sources]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(to_mathml.__wrapped__, sources * 3))
    assert together == alone * 3

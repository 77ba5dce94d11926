"""What TeX's text mode, and the habits of plain text, become: emphasis, accents, links, quotes, paragraphs."""

import pytest

from tests.works.rendered import read
from works.markup import plain_text, render_abstract, render_title

REL = 'rel="nofollow noopener"'


def paragraph(text: str) -> str:
    """Render an abstract of one paragraph, without the paragraph's tags."""
    html = render_abstract(text)
    assert html.count("<p>") == 1
    return html.removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (r"\emph{x}", "<em>x</em>"),
        (r"{\em x}", "<em>x</em>"),
        (r"{\it x y}", "<em>x y</em>"),
        (r"\textbf{x} {\bf y}", "<strong>x</strong> <strong>y</strong>"),
        ("*x*", "<em>x</em>"),
        ("**x**", "<strong>x</strong>"),
        ("`x`", "<code>x</code>"),
        (r"\texttt{x}", "<code>x</code>"),
        (r"\textsc{x}", '<span class="small-caps">x</span>'),
        (r"\underline{x}", '<span class="underline">x</span>'),
        (r"\emph{a \textbf{b} c}", "<em>a <strong>b</strong> c</em>"),
        (r"x^{2} and x_{i}", "x<sup>2</sup> and x<sub>i</sub>"),
        (r"\mbox{x}", "x"),
        # not emphasis
        ("C*-algebra and a * b", "C*-algebra and a * b"),
        ("*x", "*x"),
        ("2*3*4", "2*3*4"),
        ("{a, b}", "{a, b}"),
        ("{a", "{a"),
        ("a}", "a}"),
        (r"\unknown{x}", r"\unknown{x}"),
        (r"\unknown", r"\unknown"),
        (r"\cite", r"\cite"),
        (r"\today", r"\today"),
    ],
)
def test_emphasis_and_braces(text: str, html: str) -> None:
    assert render_title(text) == html
    assert paragraph(text) == html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"Schr\"odinger", "Schrödinger"),
        (r"Erd\H{o}s and Erd\H os", "Erdős and Erdős"),
        (r"na\"{\i}ve", "naïve"),
        (r"\v{C}ech, {\v C}ech", "Čech, Čech"),
        (r"Fran\c{c}ois", "François"),
        (r"\'Etale", "Étale"),
        (r"\O rsted, \L{}ukasz, stra\ss e", "Ørsted, Łukasz, straße"),
        (r"\'{}", r"\'{}"),
    ],
)
def test_accents(text: str, shown: str) -> None:
    assert render_title(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("``x'' and `x'", "“x” and ‘x’"),
        ("don't", "don't"),
        ("a--b, a --- b", "a–b, a — b"),
        ("--batch-size", "--batch-size"),
        ("a~b", "a\u00a0b"),
        (r"100\% \& \_ \# \$5", "100% & _ # $5"),
        (r"\alpha-decay, \LaTeX", "α-decay, LaTeX"),
        (r"\cite{key}, \cite[p. 3]{key}", "[key], [key, p. 3]"),
        (r"a\footnote{b}", "a (b)"),
        (r"a\\b", "a b"),
        ("a \t\n b", "a b"),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
    ],
)
def test_signs(text: str, shown: str) -> None:
    assert read(render_title(text)).text == shown


@pytest.mark.parametrize(
    ("text", "href", "label", "rest"),
    [
        ("https://example.org/a_b", "https://example.org/a_b", "https://example.org/a_b", ""),
        ("(see http://example.org/x).", "http://example.org/x", "http://example.org/x", "(see )."),
        ("https://example.org/a(b)", "https://example.org/a(b)", "https://example.org/a(b)", ""),
        ("github.com/a/b, too", "https://github.com/a/b", "github.com/a/b", ", too"),
        ("www.example.org/x", "https://www.example.org/x", "www.example.org/x", ""),
        (r"https://example.org/a\_b\%20c", "https://example.org/a_b%20c", "https://example.org/a_b%20c", ""),
        (r"\url{http://example.org/\~{}me}", "http://example.org/~me", "http://example.org/~me", ""),
        (r"\url{http://example.org/~me}", "http://example.org/~me", "http://example.org/~me", ""),
        (r"\href{https://example.org}{here}", "https://example.org", "here", ""),
        (r"\url{example.org/x}", "https://example.org/x", "example.org/x", ""),
        ("doi:10.1000/x.1.", "https://doi.org/10.1000/x.1", "doi:10.1000/x.1", "."),
        ("10.1000/a<b", "https://doi.org/10.1000/a", "10.1000/a", "<b"),
        ("arXiv:2011.14522v2;", "https://arxiv.org/abs/2011.14522v2", "arXiv:2011.14522v2", ";"),
        ("arXiv: 0704.0001", "https://arxiv.org/abs/0704.0001", "arXiv: 0704.0001", ""),
        ("hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001", ""),
        ("arXiv:math.GT/0309136", "https://arxiv.org/abs/math.GT/0309136", "arXiv:math.GT/0309136", ""),
    ],
)
def test_links(text: str, href: str, label: str, rest: str) -> None:
    html = paragraph(text)
    escaped = label.replace("&", "&amp;")
    assert f'<a href="{href}" {REL}>{escaped}</a>' in html
    assert read(html).text.replace(label, "", 1) == rest


@pytest.mark.parametrize(
    "text",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\url{data:text/html,x}",
        "javascript:alert(1)",
        "https://",
        "2011.14522",
        "1/9901001",
        "a@www.example.org",
        "ftp://example.org/x",
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert "<a" not in render_abstract(text)


def test_a_link_does_not_eat_a_formula_and_a_formula_no_link() -> None:
    html = paragraph("https://example.org/x$y$ and $z$ https://example.org/$")
    assert read(html).annotations == ["y", "z"]
    assert f'<a href="https://example.org/x" {REL}>' in html


def test_a_title_holds_no_links() -> None:
    assert render_title("See https://example.org/x") == "See https://example.org/x"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("one\n  two", "<p>one</p><p>two</p>"),
        ("one\r\n\r\ntwo", "<p>one</p><p>two</p>"),
        ("one\n two\nthree", "<p>one two three</p>"),
        ("\n\n  \n", ""),
        ("", ""),
    ],
)
def test_paragraphs(text: str, html: str) -> None:
    assert render_abstract(text) == html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"$\alpha \le \beta$ in $\mathbb{R}^n$", "α ≤ β in ℝ^n"),
        (r"\emph{x} *y* `z`", "x y z"),
        (r"Schr\"odinger at https://example.org/x", "Schrödinger at https://example.org/x"),
        (r"$\frac{a}{b}$", r"\frac{a}{b}"),
        (r"$\mathrm{GeV}$, $\log n$, $50\%$", "GeV, log n, 50%"),
        ("one\n\n two", "one two"),
        ("a < b & c", "a < b & c"),
        ("x^{2}", "x2"),
        ("", ""),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_a_formula_and_the_comma_after_it_stay_on_one_line() -> None:
    html = render_abstract("Let $x$, and $y$ be (as $z$).")
    assert html.count('<span class="held"><math>') == 2
    assert "</math>,</span> and <math>" in html
    assert "</math>).</span>" in html

"""The three ways out: a title, an abstract, plain text."""

import re
from functools import lru_cache
from html import escape
from typing import Final

from django.utils.safestring import SafeString

from works.markup.formulas import to_mathml
from works.markup.nodes import Code, Command, Formula, Group, Link, Mark, Node, Styled, Text
from works.markup.readable import readable_formula
from works.markup.sanitize import clean_abstract, clean_title
from works.markup.scan import scan
from works.markup.tree import build_tree

# arXiv's own convention: a blank line, or a line that starts with two spaces, begins a paragraph.
_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*\n\s*|\n(?= {2})")
_NOT_A_CHARACTER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# A browser may break the line between a formula and the comma after it.
_PUNCTUATED: Final = re.compile(r"(<math>(?:(?!<math).)*?</math>[,.;:!?)\]’”]+)", re.DOTALL)
_SPACE: Final = re.compile(r"[^\S\u00a0\u202f\u2003]+")


@lru_cache(maxsize=1024)
def render_title(text: str) -> SafeString:
    """Show a title as inline HTML with MathML; it holds no links, for a title is usually itself one."""
    return clean_title(_held_together(_to_html(_tree(text), with_links=False).strip()))


@lru_cache(maxsize=512)
def render_abstract(text: str) -> SafeString:
    """Show an abstract as HTML paragraphs with MathML; web addresses, DOIs and arXiv ids become links."""
    paragraphs = (_to_html(_tree(paragraph)).strip() for paragraph in _paragraphs(text))
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
    return clean_abstract(_held_together(html))


@lru_cache(maxsize=512)
def plain_text(text: str) -> str:
    """Write a title or an abstract on one line without mark-up, formulas as readable source: for search and exports."""
    return _SPACE.sub(" ", _to_text(_tree(text))).strip()


def list_formulas(text: str) -> list[Formula]:
    """List the formulas that a title or an abstract is found to hold, readable or not."""
    nodes = (node for paragraph in _paragraphs(text) for node in scan(_SPACE.sub(" ", paragraph)))
    return [node for node in nodes if isinstance(node, Formula)]


def _paragraphs(text: str) -> list[str]:
    return _PARAGRAPH.split(_characters(text))


def _characters(text: str) -> str:
    """Replace what is no character of any text (controls, lone surrogates), and make line ends uniform."""
    return _NOT_A_CHARACTER.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _tree(text: str) -> list[Node]:
    return build_tree(scan(_SPACE.sub(" ", _characters(text))))


def _to_html(nodes: list[Node], *, with_links: bool = True) -> str:
    return "".join(_html_of(node, with_links=with_links) for node in nodes)


def _held_together(html: str) -> str:
    """Keep each formula and the punctuation that follows it on one line."""
    return _PUNCTUATED.sub(r'<span class="held">\1</span>', html)


def _html_of(node: Node, *, with_links: bool) -> str:
    match node:
        case Text(value):
            return escape(value, quote=False)
        case Formula():
            return _formula_html(node)
        case Code(value):
            return f"<code>{escape(value, quote=False)}</code>"
        case Link(href, label):
            words = escape(label, quote=False)
            return f'<a href="{escape(href)}">{words}</a>' if with_links else words
        case Styled(element, children, css_class):
            attribute = f' class="{css_class}"' if css_class else ""
            # Inside `a` there must be no other `a`, and code shows its text as it is: neither arises here.
            return f"<{element}{attribute}>{_to_html(children, with_links=with_links)}</{element}>"
        case Group(children):
            return _to_html(children, with_links=with_links)
        case Command(name, space):
            return escape(f"\\{name}{space}", quote=False)
        case Mark(value):
            return escape(value, quote=False)


def _formula_html(formula: Formula) -> str:
    mathml = to_mathml(formula.source, display=formula.display)
    if mathml is None:
        return f'<code class="formula-source">{escape(formula.raw, quote=False)}</code>'
    return mathml.markup


def _to_text(nodes: list[Node]) -> str:
    return "".join(_text_of(node) for node in nodes)


def _text_of(node: Node) -> str:
    match node:
        case Text(value) | Code(value) | Mark(value):
            return value
        case Formula():
            return readable_formula(node.source)
        case Link(_, label):
            return label
        case Styled(_, children) | Group(children):
            return _to_text(children)
        case Command(name, space):
            return f"\\{name}{space}"

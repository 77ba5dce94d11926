"""Web addresses, DOIs and arXiv ids that stand bare in a text."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from works.markup.nodes import Link

# Neither `$` nor an unescaped backslash or brace may be part of an address, so a link never eats a formula.
_ADDRESS_CHARACTER = r"""(?:[^\s<>"“”{}|\\^`$]|\\[_&%#~-](?:\{\})?)"""
_ARXIV_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|"
    "dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|"
    "physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_LINK = re.compile(
    rf"""
    (?P<url>(?<![A-Za-z0-9])https?://{_ADDRESS_CHARACTER}+)
    | (?P<host>(?<![\w/.@-])(?:
        www\.[a-z0-9-]+\.{_ADDRESS_CHARACTER}+
        | (?:github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|arxiv\.org|(?:dx\.)?doi\.org)
          /{_ADDRESS_CHARACTER}+))
    | (?P<doi>(?<![\w/.])(?:doi:\s{{0,2}})?(?P<doi_id>10\.\d{{4,9}}/{_ADDRESS_CHARACTER}+))
    | (?P<arxiv>(?<![\w/.])(?:arxiv:\s?
        (?P<arxiv_id>\d{{4}}\.\d{{4,5}}(?:v\d+)?|[a-z-]{{2,9}}(?:\.[a-z]{{2}})?/\d{{7}}(?:v\d+)?)
        | (?P<old_id>(?:{_ARXIV_ARCHIVES})(?:\.[a-z]{{2}})?/\d{{7}}(?:v\d+)?))(?!\d))
    """,
    re.IGNORECASE | re.VERBOSE,
)
# The long expression is slow where it finds nothing, and most abstracts hold none of these.
_WORTH_A_LOOK = re.compile(r"://|www\.|\.(?:com|org|co)/|10\.\d{4}|arxiv:|/\d{7}", re.IGNORECASE)
_TRAILING = ".,;:!?'’\"*"
_BRACKETS = {")": "(", "]": "["}
_ESCAPED = re.compile(r"\\([_&%#~-])(?:\{\})?")


class FoundLink(NamedTuple):
    """A link and where in the text it stands."""

    start: int
    end: int
    link: Link


def find_links(text: str) -> Iterator[FoundLink]:
    """Yield the bare links of a text from left to right, without the punctuation that follows them."""
    if not _WORTH_A_LOOK.search(text):
        return
    for match in _LINK.finditer(text):
        raw = without_trailing_punctuation(match[0])
        removed = len(match[0]) - len(raw)
        href = _href(match, removed)
        if href:
            yield FoundLink(match.start(), match.start() + len(raw), Link(href, unescape_address(raw)))


def without_trailing_punctuation(address: str) -> str:
    """Cut off what closes the sentence or the parenthesis around an address rather than the address."""
    end = len(address)
    surplus = {closing: address.count(closing) - address.count(opening) for closing, opening in _BRACKETS.items()}
    while end:
        last = address[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return address[:end]


def unescape_address(address: str) -> str:
    r"""Undo TeX's escapes (`\_`, `\~{}`) in a web address."""
    return _ESCAPED.sub(r"\1", address)


def as_link(address: str, label: str = "") -> Link | None:
    r"""Make a link of what an author put into `\url` or `\href`; None for what is no web address."""
    address = unescape_address(address.strip())
    if not re.match(r"https?://[^\s/]", address, re.IGNORECASE):
        if not re.match(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/|\Z)", address, re.IGNORECASE):
            return None
        return Link(f"https://{address}", label or address)
    return Link(address, label or address)


def _href(match: re.Match[str], removed: int) -> str:
    """Work out the address behind a match, of whose end `removed` characters are not part of the link."""

    def part(name: str) -> str:
        found = match[name] or ""
        return unescape_address(found[: len(found) - removed])

    if match["url"]:
        url = part("url")
        return url if len(url) > len("https://") else ""
    if match["host"]:
        return f"https://{part('host')}"
    if match["doi"]:
        return f"https://doi.org/{quote(part('doi_id'), safe='/:;()._-~')}"
    return f"https://arxiv.org/abs/{match['arxiv_id'] or match['old_id']}"

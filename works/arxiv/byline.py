"""From a byline as its source gives it to the authors, whichever of the sources' ways it is written in."""

import re
from collections.abc import Iterable
from typing import assert_never

from works.arxiv.author_line import parse_author_line, parse_keyname_author
from works.arxiv.records import AuthorLine, Byline, NameInParts, NamesInParts, ParsedAuthor, PrintedLine

_OTHERS = re.compile(r"et\.? al\.?|others", re.IGNORECASE)


def read_byline(byline: Byline) -> AuthorLine:
    """Take a byline apart; never raises."""
    match byline:
        case PrintedLine(text):
            return parse_author_line(text)
        case NamesInParts(names):
            return _read_names(names)
        case AuthorLine():
            return byline
    assert_never(byline)


def _read_names(names: Iterable[NameInParts]) -> AuthorLine:
    authors: list[ParsedAuthor] = []
    and_others = False
    for keyname, forenames, suffix, affiliation in names:
        if _OTHERS.fullmatch(f"{forenames} {keyname}".strip()):
            and_others = True
        elif forenames or keyname:
            authors.extend(parse_keyname_author(forenames, keyname, suffix, affiliation))
    return AuthorLine(tuple(authors), and_others)

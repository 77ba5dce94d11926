"""What a citation is made of, as plain values: the hand-over from the database to the formats."""

import re
from dataclasses import dataclass
from datetime import date

from works.markup import plain_text
from works.names import fold

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_NO_KEY_CHARACTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class CitedName:
    """One byline position; of a collaboration only `family` is set, and holds all of its name."""

    given: str
    particle: str
    family: str
    suffix: str
    is_collaboration: bool

    @property
    def full_family(self) -> str:
        """The surname with its particle: `van der Berg`."""
        return f"{self.particle} {self.family}".strip()

    @property
    def inverted(self) -> str:
        """`van der Berg, Ada, Jr.`, as lists of references want it; a collaboration as it is."""
        return ", ".join(part for part in (self.full_family, self.given, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class CitedWork:
    """One work to be cited; texts are as imported (with TeX), `issued` is the day of the first version if known."""

    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[CitedName, ...]
    and_others: bool
    issued: date
    primary_topic: str
    journal_ref: str
    doi: str
    withdrawn: bool

    @property
    def key(self) -> str:
        """The citation key: first surname and arXiv id, so that it is the same in every list and every version.

        `yang-2011.14522`, `witten-hep-th-9901001`; a surname that has no Latin letters gives `arxiv-2011.14522`.
        """
        surname = _NO_KEY_CHARACTER.sub("", fold(self.authors[0].full_family)) if self.authors else ""
        return f"{surname[:40] or 'arxiv'}-{self.arxiv_id.replace('/', '-')}"

    @property
    def url(self) -> str:
        """The abstract page on arXiv, which is what one cites."""
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def plain_title(self) -> str:
        """The title on one line, its formulas as readable characters."""
        return plain_text(self.title)

    @property
    def plain_abstract(self) -> str:
        """The abstract on one line, its formulas as readable characters."""
        return plain_text(self.abstract)


def first_doi(dois: str) -> str:
    """Return the first DOI of arXiv's field, which may hold several separated by white space."""
    return next(iter(dois.split()), "")


def one_line(text: str) -> str:
    """Put a text on one line without control characters, which every line-based format needs."""
    return " ".join(_CONTROL.sub(" ", text).split())

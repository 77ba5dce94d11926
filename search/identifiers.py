"""Identifiers as people paste them: arXiv ids, DOIs, ORCID iDs and ROR ids, bare, with a prefix or as an address."""

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote, unquote


class IdentifierKind(Enum):
    """What an identifier names."""

    ARXIV = "arXiv id"
    DOI = "DOI"
    ORCID = "ORCID iD"
    ROR = "ROR id"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in the form in which it is stored: an arXiv id without its version, a DOI in lower case."""

    kind: IdentifierKind
    value: str

    @property
    def address(self) -> str:
        """Where they who give such identifiers say what this one names."""
        return f"{_GIVERS[self.kind]}{quote(self.value, safe='/:;()._-~')}"


_GIVERS = {
    IdentifierKind.ARXIV: "https://arxiv.org/abs/",
    IdentifierKind.DOI: "https://doi.org/",
    IdentifierKind.ORCID: "https://orcid.org/",
    IdentifierKind.ROR: "https://ror.org/",
}
_ARXIV_FORM = r"(?P<id>[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d{1,3})?"
# After the id may come what else an address holds, or, as arXiv prints it beside a paper, its category and day.
_ARXIV = re.compile(
    r"(?:arxiv:?\s*|oai:arxiv\.org:|(?:https?://)?(?:[\w-]+\.)?arxiv\.org/(?:abs|pdf|html|format|e-print)/)?"
    rf"{_ARXIV_FORM}(?:\.pdf)?/?(?:[?#]\S*)?(?:\s*\[[a-z.-]+\].*)?",
    re.IGNORECASE,
)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<rest>.+)", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:?\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(?P<id>10\.\d{4,9}/\S+)", re.IGNORECASE)
_ORCID = re.compile(
    r"(?:orcid:\s*|(?:https?://)?(?:www\.)?orcid\.org/)?(?P<id>\d{4}-?\d{4}-?\d{4}-?\d{3}[\dx])/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
# The bare form is nine letters and digits; one with a digit at its end only, so that no surname is taken for one.
_ROR = re.compile(
    r"(?:ror:\s*|(?:https?://)?ror\.org/)?(?P<id>0[a-hj-km-np-tv-z0-9]{6}\d{2})/?(?:[?#]\S*)?", re.IGNORECASE
)

_WRAPPED = re.compile(r"[(\[<{\"'“‘](?P<inside>.*)[)\]>}\"'”’]")


def read_identifier(text: str) -> Identifier | None:
    """Read the whole text as one identifier; None when it is anything else, or an ORCID iD with a wrong check digit."""
    text = unwrap(text)
    if found := _ARXIV.fullmatch(text):
        return Identifier(IdentifierKind.ARXIV, _arxiv_id(found["id"]))
    if found := _DOI.fullmatch(text):
        return _read_doi(unquote(found["id"]).casefold())
    if (found := _ORCID.fullmatch(text)) and is_orcid(digits := found["id"].replace("-", "").upper()):
        return Identifier(IdentifierKind.ORCID, "-".join(digits[start : start + 4] for start in range(0, 16, 4)))
    if found := _ROR.fullmatch(text):
        return Identifier(IdentifierKind.ROR, found["id"].lower())
    return None


def unwrap(text: str) -> str:
    """Take off what a sentence puts around an identifier; a bracket at its end alone may be the identifier's own."""
    text = text.strip().rstrip(".,;")
    if wrapped := _WRAPPED.fullmatch(text):
        return wrapped["inside"].strip()
    return text


def is_orcid(digits: str) -> bool:
    """Whether the last of the sixteen characters is the check digit of the others (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    remainder = (12 - total % 11) % 11
    return digits[-1] == ("X" if remainder == 10 else str(remainder))


def _arxiv_id(text: str) -> str:
    """An old id has its archive in lower case and its subject class in capitals: `math.AG/0309136`."""
    archive, slash, number = text.partition("/")
    name, dot, subject = archive.lower().partition(".")
    return f"{name}{dot}{subject.upper()}{slash}{number}" if slash else text


def _read_doi(doi: str) -> Identifier:
    """A DOI that arXiv gave to a paper is the paper's own id."""
    arxiv = _ARXIV_DOI.fullmatch(doi)
    if arxiv and (found := re.fullmatch(_ARXIV_FORM, arxiv["rest"], re.IGNORECASE)):
        return Identifier(IdentifierKind.ARXIV, _arxiv_id(found["id"]))
    return Identifier(IdentifierKind.DOI, doi)

"""What arXiv's `oai_dc` means: its elements have no order of their own, so their form tells them apart.

Checked against `arXivRaw` on arXiv's own answers (503 papers): the first description is the abstract, the second the
comments; the first date is version 1's, the last the current version's; an identifier that is neither an address nor
a DOI is the journal reference. Subjects mix category names with MSC and ACM classes and are not read.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ABSTRACT_PAGE = re.compile(r"https?://arxiv\.org/abs/")
_DOI = "doi:"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The `dc:identifier` elements of one record; None where there is none of a kind."""

    arxiv_id: str | None
    doi: str | None
    journal_ref: str | None


def sort_identifiers(lines: Iterable[str]) -> Identifiers:
    """Tell the arXiv id, the DOI and the journal reference of a record apart."""
    arxiv_id = doi = journal_ref = None
    for line in lines:
        if address := _ABSTRACT_PAGE.match(line):
            arxiv_id = arxiv_id or line[address.end() :]
        elif line.startswith(_DOI):
            doi = doi or line.removeprefix(_DOI).strip() or None
        else:
            journal_ref = journal_ref or line
    return Identifiers(arxiv_id, doi, journal_ref)


def split_creator(creator: str) -> tuple[str, str, str]:
    """Return keyname, forenames and suffix of `Weyl, Hermann, Jr`; a name without a comma is all keyname."""
    keyname, forenames, suffix = [part.strip() for part in [*creator.split(",", 2), "", ""][:3]]
    return keyname, forenames, suffix


def categories_of_sets(set_specs: Sequence[str]) -> tuple[str, ...]:
    """Read categories off the sets, `math:math:AP` being `math.AP` and `physics:hep-th` `hep-th`.

    They come without arXiv's order, so the first is not known to be the primary one, and with both of an alias pair.
    """
    specs = [spec.split(":") for spec in set_specs]
    return tuple(dict.fromkeys(".".join(spec[1:]) for spec in specs if len(spec) > 1))

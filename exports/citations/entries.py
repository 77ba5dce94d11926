"""What BibTeX and BibLaTeX share: names, fields, and the form of an entry."""

import re
from collections.abc import Iterable, Iterator

from exports.citations.records import CitedName, CitedWork, one_line
from exports.citations.tex import Escape

_AND = re.compile(r"\band\b", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[^\W\d_][\w.'’ -]*")
_DOI_CHARACTERS = re.compile(r"[^\w.()/:;<>+-]")


def names_to_tex(work: CitedWork, escape: Escape) -> str:
    """Join the names with `and`, as both programs want them; a line that ends in “et al.” gets `and others`."""
    names = [name_to_tex(name, escape) for name in work.authors]
    return " and ".join([*names, *(["others"] if work.and_others else [])])


def name_to_tex(name: CitedName, escape: Escape) -> str:
    """Write `van der Berg, Jr., Ada`; braces keep together what the programs would take apart."""
    if name.is_collaboration or not name.given:
        whole = f"{name.full_family}, {name.suffix}" if name.suffix else name.full_family
        return f"{{{escape(one_line(whole))}}}"
    family = " ".join(filter(None, [_part(name.particle, escape), _part(name.family, escape, is_family=True)]))
    return ", ".join(filter(None, [family, _part(name.suffix, escape), _part(name.given, escape)]))


def _part(text: str, escape: Escape, *, is_family: bool = False) -> str:
    text = one_line(text)
    if not text:
        return ""
    # A lower-case word inside a surname would be taken for a particle, "and" for the end of the name.
    splits = is_family and any(word[0].islower() for word in text.split())
    odd = bool(_AND.search(text)) or not _PLAIN_NAME.fullmatch(text)
    return f"{{{escape(text)}}}" if splits or odd else escape(text)


def entry(kind: str, key: str, fields: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield an entry; values are TeX already, on one line with balanced braces, and empty ones are left out."""
    yield f"@{kind}{{{key},\n"
    for name, value in fields:
        if value:
            yield f"  {name} = {{{value}}},\n"
    yield "}\n\n"


def doi_to_tex(doi: str) -> str:
    """Write a DOI for a field that the programs print verbatim: what could end the field is percent-encoded."""
    return _DOI_CHARACTERS.sub(lambda found: "".join(f"\\%{byte:02X}" for byte in found[0].encode()), doi)

"""The formats that lists of works can be taken away in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from exports.citations.biblatex import write_biblatex
from exports.citations.bibtex import write_bibtex
from exports.citations.csl_json import write_csl_json
from exports.citations.records import CitedWork
from exports.citations.ris import write_ris


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its word in an address, its name for people, its media type and file ending."""

    word: str
    name: str
    media_type: str
    ending: str
    write: Callable[[Iterable[CitedWork]], Iterator[str]]


FORMATS = {
    each.word: each
    for each in (
        Format("bibtex", "BibTeX", "application/x-bibtex", "bib", write_bibtex),
        Format("biblatex", "BibLaTeX", "application/x-bibtex", "bib", write_biblatex),
        Format("ris", "RIS", "application/x-research-info-systems", "ris", write_ris),
        Format("csl-json", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json", write_csl_json),
    )
}

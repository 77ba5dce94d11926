"""BibTeX: ASCII where TeX has a command for it, for the program of 1988 and everything that reads its files."""

from collections.abc import Iterable, Iterator

from exports.citations.entries import doi_to_tex, entry, names_to_tex
from exports.citations.records import CitedWork
from exports.citations.tex import escape_ascii, text_to_tex, title_to_tex

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def write_bibtex(works: Iterable[CitedWork]) -> Iterator[str]:
    """Yield the works as `@misc` entries with arXiv's eprint fields."""
    for work in works:
        yield from entry("misc", work.key, _fields(work))


def _fields(work: CitedWork) -> Iterator[tuple[str, str]]:
    yield "author", names_to_tex(work, escape_ascii)
    yield "title", title_to_tex(work.title, escape_ascii)
    yield "year", f"{work.issued.year:04}"
    yield "month", _MONTHS[work.issued.month - 1]
    yield "eprint", work.arxiv_id
    yield "archiveprefix", "arXiv"
    yield "primaryclass", work.primary_topic
    yield "doi", doi_to_tex(work.doi)
    yield "note", _note(work)
    yield "url", work.url


def _note(work: CitedWork) -> str:
    published = f"Published in {text_to_tex(work.journal_ref, escape_ascii)}" if work.journal_ref else ""
    return "; ".join(filter(None, [published, "Withdrawn" if work.withdrawn else ""]))

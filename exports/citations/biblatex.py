"""BibLaTeX, as biber reads it: Unicode, a full date, and its own names for the eprint fields."""

from collections.abc import Iterable, Iterator

from exports.citations.entries import doi_to_tex, entry, names_to_tex
from exports.citations.records import CitedWork
from exports.citations.tex import escape_unicode, text_to_tex, title_to_tex


def write_biblatex(works: Iterable[CitedWork]) -> Iterator[str]:
    """Yield the works as `@online` entries."""
    for work in works:
        yield from entry("online", work.key, _fields(work))


def _fields(work: CitedWork) -> Iterator[tuple[str, str]]:
    yield "author", names_to_tex(work, escape_unicode)
    yield "title", title_to_tex(work.title, escape_unicode)
    yield "date", work.issued.isoformat()
    yield "eprint", work.arxiv_id
    yield "eprinttype", "arxiv"
    yield "eprintclass", work.primary_topic
    yield "doi", doi_to_tex(work.doi)
    yield "note", f"Published in {text_to_tex(work.journal_ref, escape_unicode)}" if work.journal_ref else ""
    yield "pubstate", "withdrawn" if work.withdrawn else ""
    yield "url", work.url
    yield "abstract", text_to_tex(work.abstract, escape_unicode)

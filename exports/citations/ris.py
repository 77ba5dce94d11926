"""RIS, for reference managers: a tag, two spaces, a hyphen, a space, a value, on one line that ends in CR LF."""

from collections.abc import Iterable, Iterator

from exports.citations.records import CitedWork, one_line


def write_ris(works: Iterable[CitedWork]) -> Iterator[str]:
    """Yield the works as unpublished records (`UNPB`), or as articles where a journal reference says so."""
    for work in works:
        for tag, value in _lines(work):
            if text := one_line(value):
                yield f"{tag}  - {text}\r\n"
        yield "ER  - \r\n\r\n"


def _lines(work: CitedWork) -> Iterator[tuple[str, str]]:
    yield "TY", "JOUR" if work.journal_ref else "UNPB"
    yield "ID", work.key
    for name in work.authors:
        yield "AU", name.inverted
    if work.and_others:
        yield "AU", "others"
    yield "TI", work.plain_title
    yield "PY", f"{work.issued.year:04}"
    yield "DA", f"{work.issued:%Y/%m/%d}"
    yield "JO", work.journal_ref
    yield "AN", f"arXiv:{work.arxiv_id}"
    yield "DB", "arXiv"
    yield "KW", work.primary_topic
    yield "DO", work.doi
    yield "UR", work.url
    yield "N1", "Withdrawn by its authors" if work.withdrawn else ""
    yield "AB", work.plain_abstract

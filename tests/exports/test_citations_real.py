"""The formats on every record of arXiv's own test database, read back by bibtexparser, rispy and citeproc-py."""

import json

from exports.citations.records import CitedName, CitedWork, first_doi
from exports.formats import FORMATS
from tests.exports.reading import read_bib, read_ris
from tests.works.shared_data import needs_shared_data, oai_records
from works.arxiv.byline import read_byline
from works.arxiv.records import ParsedAuthor, ParsedRecord


def cited_name(author: ParsedAuthor) -> CitedName:
    if author.kind == "collaboration":
        return CitedName("", "", author.printed_name, "", is_collaboration=True)
    return CitedName(author.given, author.particle, author.family, author.suffix, is_collaboration=False)


def cited_record(record: ParsedRecord) -> CitedWork:
    byline = read_byline(record.byline)
    return CitedWork(
        arxiv_id=record.arxiv_id,
        title=record.title,
        abstract=record.abstract or "",
        authors=tuple(map(cited_name, byline.authors)),
        and_others=byline.and_others,
        issued=record.current_version_at.date(),
        primary_topic=record.categories[0],
        journal_ref=record.journal_ref or "",
        doi=first_doi(record.doi or ""),
        withdrawn=bool(record.withdrawn),
    )


@needs_shared_data
def test_every_real_record_comes_back_with_its_authors() -> None:
    works = [cited_record(record) for record in oai_records("arXivRaw").values()]
    assert len(works) > 500
    for word in ("bibtex", "biblatex"):
        entries = read_bib("".join(FORMATS[word].write(works)))
        assert [entry["eprint"] for entry in entries] == [work.arxiv_id for work in works]
        for entry, work in zip(entries, works, strict=True):
            assert len(entry["author"]) == len(work.authors) + work.and_others, work.arxiv_id
    records = read_ris("".join(FORMATS["ris"].write(works)))
    assert [len(each["authors"]) for each in records] == [len(work.authors) + work.and_others for work in works]
    items = json.loads("".join(FORMATS["csl-json"].write(works)))
    assert [item["id"] for item in items] == [work.key for work in works]
    assert len({work.key for work in works}) == len(works)

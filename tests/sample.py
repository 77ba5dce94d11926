"""The sample's thirteen works, imported into a test's database by the same path as the site's."""

from bzpeer.sample.records import load_works
from profiles.models import Researcher
from tests.factories import get_person, import_records, make_record
from works.arxiv.records import ParsedVersion


def import_sample() -> Researcher:
    """Import the sample and return its person, Greg Yang."""
    records = [
        make_record(
            arxiv_id=work.arxiv_id,
            title=work.title,
            abstract=work.abstract,
            authors=work.authors,
            categories=work.categories,
            versions=tuple(ParsedVersion(number, at, "", "") for number, at in enumerate(work.versions, 1)),
        )
        for work in load_works()
    ]
    import_records(*records)
    return get_person("Greg Yang")

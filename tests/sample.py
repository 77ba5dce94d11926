"""The sample's thirteen works, imported into a test's database by the same path as the site's."""

from bzpeer.sample.records import load_works
from profiles.models import Researcher
from profiles.services import bring_up_to_date
from tests.factories import get_person, import_records, make_record
from works.arxiv.records import ParsedRecord, ParsedVersion
from works.models import Authorship


def make_sample_records() -> list[ParsedRecord]:
    """Return the sample's works as records that a source gave."""
    return [
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


def import_sample() -> Researcher:
    """Import the sample and return its person, Greg Yang."""
    import_records(*make_sample_records())
    return get_person("Greg Yang")


def part_edward_hu() -> tuple[Researcher, Researcher]:
    """Give `J. Edward Hu` a record beside that of `Edward J. Hu`, as a more cautious rule would have left him."""
    edward = get_person("J. Edward Hu")
    edward.display_name, edward.slug, edward.name_variants = "Edward J. Hu", "edward-j-hu", ["Edward J. Hu"]
    edward.name_key, edward.search_name = "hu|edward j", "edward j hu"
    edward.save()
    other = Researcher.objects.create(
        display_name="J. Edward Hu", slug="j-edward-hu", name_variants=["J. Edward Hu"],
        name_key="hu|j edward", search_name="j edward hu",
    )  # fmt: skip
    Authorship.objects.filter(printed_name="J. Edward Hu").update(researcher=other)
    bring_up_to_date([edward.pk, other.pk])
    return edward, other

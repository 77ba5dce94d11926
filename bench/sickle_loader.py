"""What one would write with sickle and Django's ORM alone: the baselines of the import benchmark.

The same tables get as many rows. A byline is split at its commas and a name at its last word, which is less work
than the site's own reading of author lines and so favours the baseline.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

from django.db import transaction
from sickle import Sickle
from sickle.models import Record

from works.models import Authorship, Topic, Work, WorkTopic, WorkVersion

PAGE_RECORDS = 1000
WRITTEN = [
    "title", "abstract", "first_submitted_at", "current_version", "current_version_at", "submitter", "comments",
    "journal_ref", "doi", "report_no", "license", "datestamp", "record_digest",
]  # fmt: skip
_AND = re.compile(r",\s*(?:and\s+)?|\s+and\s+")

Fields = dict[str, list[str | None]]


def list_records(url: str, prefix: str = "arXivRaw") -> Iterator[Record]:
    """Harvest with sickle."""
    return iter(Sickle(url).ListRecords(metadataPrefix=prefix))


def author_pairs(record: Record) -> list[tuple[str, str]]:
    """The authors of an `arXiv` record, of which sickle's own dictionary loses what belongs together."""
    authors = record.xml.iter("{http://arxiv.org/OAI/arXiv/}author")
    return [(author[0].text or "", author[1].text or "") for author in authors]


def load_in_bulk(url: str) -> None:
    """Load page by page, each in one transaction, with `bulk_create(update_conflicts=True)`."""
    topics = dict(Topic.objects.values_list("code", "pk"))
    records = list_records(url)
    while found := list(islice(records, PAGE_RECORDS)):
        with transaction.atomic():
            load_page(found, topics)


def load_page(records: Iterable[Record], topics: dict[str, int]) -> None:
    """Write the works, then what hangs on them."""
    papers = [(record.metadata, make_work(record)) for record in records]
    works = [work for _, work in papers]
    Work.objects.bulk_create(works, update_conflicts=True, unique_fields=["arxiv_id"], update_fields=WRITTEN)
    WorkVersion.objects.bulk_create(
        [version for fields, work in papers for version in make_versions(fields, work)],
        update_conflicts=True,
        unique_fields=["work", "number"],
        update_fields=["submitted_at", "size"],
    )
    WorkTopic.objects.bulk_create(
        [topic for fields, work in papers for topic in make_topics(fields, work, topics)],
        update_conflicts=True,
        unique_fields=["work", "topic"],
        update_fields=["position"],
    )
    # One position is kept by a deferred constraint, which ON CONFLICT cannot use.
    Authorship.objects.filter(work__in=[work.pk for work in works]).delete()
    Authorship.objects.bulk_create(authorship for fields, work in papers for authorship in make_authors(fields, work))


def load_one_by_one(url: str) -> None:
    """Load with `get_or_create` for each row."""
    for record in list_records(url):
        with transaction.atomic():
            load_record(record)


def load_record(record: Record) -> None:
    """Write one work and what hangs on it."""
    made = make_work(record)
    work, _ = Work.objects.get_or_create(
        arxiv_id=made.arxiv_id, defaults={name: getattr(made, name) for name in WRITTEN}
    )
    for version in make_versions(record.metadata, work):
        values = {"submitted_at": version.submitted_at, "size": version.size}
        WorkVersion.objects.get_or_create(work=work, number=version.number, defaults=values)
    for position, code in enumerate(dict.fromkeys((record.metadata["categories"][0] or "").split()), 1):
        topic, _ = Topic.objects.get_or_create(code=code, defaults={"name": code})
        WorkTopic.objects.get_or_create(work=work, topic=topic, defaults={"position": position})
    for author in make_authors(record.metadata, work):
        names = ("printed_name", "given_name", "family_name", "name_key")
        values = {name: getattr(author, name) for name in names}
        Authorship.objects.get_or_create(work=work, position=author.position, defaults=values)


def make_work(record: Record) -> Work:
    """The row of a work."""
    fields: Fields = record.metadata
    dates = [read_date(text) for text in fields["date"]]
    return Work(
        arxiv_id=one(fields, "id"),
        title=one(fields, "title"),
        abstract=one(fields, "abstract"),
        first_submitted_at=dates[0],
        current_version=len(dates),
        current_version_at=dates[-1],
        submitter=one(fields, "submitter"),
        comments=one(fields, "comments"),
        journal_ref=one(fields, "journal-ref"),
        doi=one(fields, "doi"),
        report_no=one(fields, "report-no"),
        license=one(fields, "license"),
        datestamp=date.fromisoformat(record.header.datestamp),
        record_digest=b"0123456789abcdef",
    )


def one(fields: Fields, name: str) -> str:
    """A field on one line, empty when there is none."""
    return " ".join((fields.get(name, [""])[0] or "").split())


def read_date(text: str | None) -> datetime:
    """The date of a version."""
    return parsedate_to_datetime(text or "")


def make_versions(fields: Fields, work: Work) -> Iterator[WorkVersion]:
    """The rows of the versions."""
    for number, (day, size) in enumerate(zip(fields["date"], fields["size"], strict=True), 1):
        yield WorkVersion(work=work, number=number, submitted_at=read_date(day), size=size or "")


def make_topics(fields: Fields, work: Work, topics: dict[str, int]) -> Iterator[WorkTopic]:
    """The rows of the topics that the taxonomy knows."""
    for position, code in enumerate(dict.fromkeys(one(fields, "categories").split()), 1):
        if code in topics:
            yield WorkTopic(work=work, topic_id=topics[code], position=position)


def make_authors(fields: Fields, work: Work) -> Iterator[Authorship]:
    """The rows of the byline."""
    names: list[Any] = [name for name in _AND.split(one(fields, "authors")) if name]
    for position, name in enumerate(names, 1):
        given, _, family = name.rpartition(" ")
        key = f"{family}|{given}".lower()
        yield Authorship(
            work=work, position=position, printed_name=name[:300], given_name=given, family_name=family, name_key=key
        )

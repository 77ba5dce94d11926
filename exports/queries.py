"""Reads for what is taken away: works as plain records, a batch at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from exports.citations.records import CitedName, CitedWork, first_doi
from works.models import Authorship, Work, WorkTopic
from works.names import parse_name
from works.queries import name_unless_hidden

# Works held at once while a list streams; with bylines of thousands that is still a few megabytes.
BATCH = 50

WORK_COLUMNS = (
    "pk", "arxiv_id", "title", "abstract", "and_others", "first_submitted_at", "current_version_at", "journal_ref",
    "doi", "withdrawn", "primary_topic",
)  # fmt: skip
NAME_COLUMNS = (
    "work_id", "given_name", "particle", "family_name", "suffix", "printed_name", "kind", "researcher__display_name",
    "researcher__hidden_names",
)  # fmt: skip


def cited_works(works: QuerySet[Work]) -> Iterator[CitedWork]:
    """Yield the works in their order, through a cursor on the server: memory does not grow with the list."""
    primary = WorkTopic.objects.filter(work=OuterRef("pk"), position=1).values("topic__code")[:1]
    rows = works.annotate(primary_topic=Subquery(primary)).values(*WORK_COLUMNS).iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        names = names_of([row["pk"] for row in batch])
        for row in batch:
            yield _cited_work(row, tuple(names[row["pk"]]))


def cite(work: Work) -> CitedWork:
    """Return one work as a citation."""
    return next(cited_works(Work.objects.filter(pk=work.pk)))


def names_of(work_ids: Sequence[int]) -> dict[int, list[CitedName]]:
    """Return the names of the bylines, in order, by work; one query."""
    names: dict[int, list[CitedName]] = defaultdict(list)
    rows = Authorship.objects.filter(work__in=work_ids).order_by("work", "position").values_list(*NAME_COLUMNS)
    for work_id, given, particle, family, suffix, printed, kind, shown, hidden in rows:
        is_collaboration = kind == Authorship.Kind.COLLABORATION
        if (unhidden := name_unless_hidden(printed, hidden or (), shown)) != printed:
            name = parse_name(unhidden)
            names[work_id].append(
                CitedName(name.given, name.particle, name.family, name.suffix, is_collaboration=False)
            )
        elif is_collaboration or not family:
            names[work_id].append(CitedName("", "", printed, "", is_collaboration))
        else:
            names[work_id].append(CitedName(given, particle, family, suffix, is_collaboration=False))
    return names


def _cited_work(row: dict[str, Any], authors: tuple[CitedName, ...]) -> CitedWork:
    return CitedWork(
        arxiv_id=row["arxiv_id"],
        title=row["title"],
        abstract=row["abstract"],
        authors=authors,
        and_others=row["and_others"],
        issued=(row["first_submitted_at"] or row["current_version_at"]).date(),
        primary_topic=row["primary_topic"] or "",
        journal_ref=row["journal_ref"],
        doi=first_doi(row["doi"]),
        withdrawn=row["withdrawn"],
    )

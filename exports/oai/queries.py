"""Reads for OAI-PMH: a page of works in the order of their ids, which a harvest never sees move."""

from dataclasses import dataclass

from django.db.models import QuerySet

from exports.citations.records import CitedName
from exports.oai.errors import OaiProblem
from exports.oai.selection import Selection
from exports.queries import names_of
from works.models import Topic, Work, WorkTopic
from works.queries import all_works

PAGE = 100


@dataclass(frozen=True, slots=True)
class Item:
    """A work with its names and its topics, the primary one first."""

    work: Work
    names: list[CitedName]
    topics: list[Topic]


def list_items(selection: Selection) -> tuple[list[Item], Selection | None]:
    """Return a page of works and what is left, None when nothing is; raise `OaiProblem` when there is none."""
    works = list(selected(selection)[: PAGE + 1])
    if not works:
        raise OaiProblem("noRecordsMatch", "No record matches.")
    page = works[:PAGE]
    left = selection.after(page[-1].pk, len(page)) if len(works) > PAGE else None
    return with_names_and_topics(page), left


def get_item(identifier: str) -> Item:
    """Return the work of an identifier, also a hidden one; raise `OaiProblem`."""
    work = all_works().filter(arxiv_id=identifier.removeprefix("oai:arXiv.org:").replace("\0", "")).first()
    if work is None or not identifier.startswith("oai:arXiv.org:"):
        raise OaiProblem("idDoesNotExist", "There is no such record.")
    return with_names_and_topics([work])[0]


def selected(selection: Selection) -> QuerySet[Work]:
    """Return the works that a request wants, from where the last page ended.

    The hidden ones too: of these a harvester hears that they are gone, and nothing else.
    """
    works = all_works().filter(pk__gt=selection.last).order_by("pk")
    if selection.start:
        works = works.filter(changed_at__gte=selection.start)
    if selection.end:
        works = works.filter(changed_at__lt=selection.end)
    if selection.set_:
        topic = Topic.objects.filter(code=selection.set_).values_list("pk", flat=True).first()
        works = works.filter(work_topics__topic=topic or 0)
    return works


def with_names_and_topics(works: list[Work]) -> list[Item]:
    """Add names and topics; two queries, whatever the number of works."""
    ids = [work.pk for work in works]
    names = names_of(ids)
    topics: dict[int, list[Topic]] = {pk: [] for pk in ids}
    for row in WorkTopic.objects.filter(work__in=ids).select_related("topic").order_by("work", "position"):
        topics[row.work_id].append(row.topic)
    return [Item(work, names[work.pk], topics[work.pk]) for work in works]

"""What the search page shows for what is asked: the tab, its rows, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min
from django.utils.safestring import SafeString

from profiles.models import Researcher
from search.asked import Asked
from search.highlight import mark_html, mark_name, mark_text, snippet, stems
from search.institutions import find_institutions, list_institutions
from search.name_match import split_name
from search.people import find_people, list_people
from search.results import MOST_RANKED, Ranking
from search.topics import find_topics
from search.works import DatedPage, Narrow, find_works, list_works, page_by_date
from works.markup import plain_text, render_title
from works.models import Authorship, Institution, Topic, Work


class PersonRow(NamedTuple):
    """A researcher as found; years and works are of what is attributed now."""

    researcher: Researcher
    name: SafeString
    works: int
    first_year: int | None
    last_year: int | None


class WorkRow(NamedTuple):
    """A work as found, with what stands around the first match in its abstract."""

    work: Work
    title: SafeString
    snippet: SafeString


class NamedRow(NamedTuple):
    """A topic or an institution as found."""

    item: Topic | Institution
    name: SafeString


@dataclass(frozen=True, slots=True)
class Answer:
    """One tab. `more` says that `count` is a bound and not all; `after` is the address of the next page by date."""

    kind: str
    rows: Sequence[Any]
    count: int
    more: bool = False
    misspelt: bool = False
    page: int = 1
    pages: int = 1
    after: str = ""


def answer(asked: Asked) -> Answer:
    """Search in the tab that is asked for, or in the first that has the words as typed, people before works."""
    if asked.kind:
        return ANSWERS[asked.kind](asked, near=True)
    for kind in ("people", "works", "topics"):
        found: Answer = ANSWERS[kind](asked, near=False)
        if found.count:
            return found
    people = answer_people(asked, near=True)
    return people if people.count else answer_works(asked, near=True)


def answer_people(asked: Asked, *, near: bool) -> Answer:
    """People whose name has the words."""
    topic_id, institution_id = key_of(asked.topic), key_of(asked.institution)
    ranking = find_people(
        asked.query, claimed=asked.claimed, topic_id=topic_id, institution_id=institution_id, near=near
    )
    people = list_people(ranking.page(asked.page))
    activity = activity_of([person.pk for person in people])
    words = split_name(asked.query)
    rows = [
        PersonRow(person, mark_name(person.display_name, words), *activity.get(person.pk, (0, None, None)))
        for person in people
    ]
    return ranked("people", rows, ranking, asked.page)


def key_of(named: Topic | Institution | None) -> int | None:
    """The key of what a search is narrowed to, if it is."""
    return named.pk if named else None


def activity_of(researcher_ids: Sequence[int]) -> dict[int, tuple[int, int | None, int | None]]:
    """Return how many works each has, and the first and last year of them, as their pages count them."""
    rows = (
        Authorship.objects.filter(researcher__in=researcher_ids, work__hidden=False)
        .exclude(attribution=Authorship.Attribution.DISPUTED)
        .order_by()
        .values_list("researcher")
        .annotate(Count("work", distinct=True), Min("work__year"), Max("work__year"))
    )
    return {pk: (number, first, last) for pk, number, first, last in rows if pk is not None}


def answer_works(asked: Asked, *, near: bool) -> Answer:
    """Works that have the words, best first or newest first."""
    narrow = Narrow(asked.year, key_of(asked.topic), key_of(asked.institution))
    if asked.by_date:
        return dated(asked, page_by_date(asked.query, asked.after, narrow))
    ranking = find_works(asked.query, narrow, near=near)
    return ranked("works", work_rows(asked.query, ranking.page(asked.page)), ranking, asked.page)


def work_rows(query: str, ids: Sequence[int]) -> list[WorkRow]:
    """Fetch works with their bylines, and mark what was searched for."""
    wanted = stems(query)
    return [
        WorkRow(work, mark_html(render_title(work.title), wanted), snippet(plain_text(work.abstract), wanted))
        for work in list_works(ids)
    ]


def dated(asked: Asked, page: DatedPage) -> Answer:
    """A page by date, which knows what comes next and not how far it is."""
    rows = work_rows(asked.query, page.ids)
    count, more = min(page.count, MOST_RANKED), page.count > MOST_RANKED
    after = asked.parameters(kind="works", after=str(page.after)) if page.after else ""
    return Answer("works", rows, count, more=more, after=after)


def answer_topics(asked: Asked, *, near: bool) -> Answer:
    """Topics by code or name."""
    topics, misspelt = find_topics(asked.query, near=near)
    wanted = stems(asked.query)
    rows = [NamedRow(topic, mark_text(topic.name, wanted)) for topic in topics]
    return Answer("topics", rows, len(rows), misspelt=misspelt and bool(rows))


def answer_institutions(asked: Asked, *, near: bool) -> Answer:
    """Institutions by name."""
    ranking = find_institutions(asked.query, near=near)
    wanted = stems(asked.query)
    found = list_institutions(ranking.page(asked.page))
    rows = [NamedRow(institution, mark_text(institution.name, wanted)) for institution in found]
    return ranked("institutions", rows, ranking, asked.page)


def ranked(kind: str, rows: Sequence[Any], ranking: Ranking, page: int) -> Answer:
    """One page of a ranking."""
    misspelt = ranking.misspelt and ranking.count > 0
    return Answer(kind, rows, ranking.count, ranking.more, misspelt, page, ranking.pages)


ANSWERS = {
    "people": answer_people,
    "works": answer_works,
    "topics": answer_topics,
    "institutions": answer_institutions,
}

"""Reads for the page of a topic: nothing in it grows with the number of its works."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Q

from works.models import Authorship, Topic, Work
from works.position import Position
from works.queries import attach_bylines, visible_works

WORKS_PER_PAGE = 25
COUNTED_UP_TO = 1000
YEARS_KEPT_FOR = 3600  # seconds: counting the years of the largest topics takes longer than all else on the page
NEWEST_WORKS = 100
PEOPLE_SHOWN = 12

YEARS = """
    SELECT w.year, count(*) FROM works_worktopic t JOIN works_work w ON w.id = t.work_id
    WHERE t.topic_id = %s AND NOT w.hidden GROUP BY w.year ORDER BY w.year
"""


@dataclass(frozen=True, slots=True)
class TopicWorks:
    """One page of works, newest first; `after` is where the next page begins, None on the last."""

    works: list[Work]
    after: Position | None


@dataclass(frozen=True, slots=True)
class ActivePerson:
    """Somebody who wrote some of the newest works of a topic."""

    name: str
    url: str
    works: int


def list_topic_works(topic: Topic, after: Position | None) -> TopicWorks:
    """Return one page of the works that carry a topic."""
    works = visible_works().filter(work_topics__topic=topic)
    if after:
        earlier = Q(current_version_at__lt=after.at) | Q(current_version_at=after.at, pk__lt=after.pk)
        # The first condition says nothing new; it is the one that the index reads by.
        works = works.filter(earlier, current_version_at__lte=after.at)
    found = list(works.order_by("-current_version_at", "-pk")[: WORKS_PER_PAGE + 1])
    shown = found[:WORKS_PER_PAGE]
    attach_bylines(shown)
    last = Position(shown[-1].current_version_at, shown[-1].pk) if len(found) > WORKS_PER_PAGE else None
    return TopicWorks(shown, last)


def count_topic_works(topic: Topic) -> int:
    """Count the works of a topic, up to one more than `COUNTED_UP_TO`."""
    return visible_works().filter(work_topics__topic=topic)[: COUNTED_UP_TO + 1].count()


def count_by_year(topic: Topic) -> dict[int, int]:
    """Return how many works of a topic each year has, as counted within the last hour."""
    key = f"topic-years:{topic.pk}"
    counts: dict[int, int] | None = cache.get(key)
    if counts is None:
        with connection.cursor() as cursor:
            cursor.execute(YEARS, [topic.pk])
            counts = dict(cursor.fetchall())
        cache.set(key, counts, YEARS_KEPT_FOR)
    return counts


def list_active_people(topic: Topic) -> list[ActivePerson]:
    """Return who wrote most of the newest works of a topic; by that number, then by name, and nothing else."""
    newest = visible_works().filter(work_topics__topic=topic).order_by("-current_version_at", "-pk")[:NEWEST_WORKS]
    rows = (
        Authorship.objects.filter(work__in=list(newest.values_list("pk", flat=True)), researcher__isnull=False)
        .exclude(attribution=Authorship.Attribution.DISPUTED)
        .select_related("researcher")
    )
    works: dict[int, set[int]] = defaultdict(set)
    people = {}
    for row in rows:
        person = row.researcher
        if person is not None and person.state in person.LISTED_STATES:
            people[person.pk] = person
            works[person.pk].add(row.work_id)
    order = sorted(people.values(), key=lambda person: (-len(works[person.pk]), person.search_name, person.pk))
    return [ActivePerson(p.display_name, p.get_absolute_url(), len(works[p.pk])) for p in order[:PEOPLE_SHOWN]]

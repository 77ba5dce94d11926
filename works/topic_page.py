"""Reads for the page of a topic: nothing in it grows with the number of its works."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Q

from works.models import Authorship, Topic, Work
from works.position import Position
from works.queries import attach_bylines, visible_works

WORKS_PER_PAGE = 20
NAMES_SHOWN = 6
COUNTED_UP_TO = 1000
YEARS_KEPT_FOR = 3600  # seconds: counting the years of the largest topics takes longer than all else on the page
NEWEST_WORKS = 100
PEOPLE_SHOWN = 12

YEARS = """
    SELECT w.year, count(*) FROM works_worktopic t JOIN works_work w ON w.id = t.work_id
    WHERE t.topic_id = %s AND NOT w.hidden GROUP BY w.year ORDER BY w.year
"""
# One authorship stands for its researcher: this room knows no model of theirs.
PEOPLE = """
    WITH newest AS MATERIALIZED (
        SELECT w.id FROM works_work w JOIN works_worktopic t ON t.work_id = w.id AND t.topic_id = %(topic)s
        WHERE NOT w.hidden ORDER BY w.current_version_at DESC, w.id DESC LIMIT %(works)s
    )
    SELECT max(a.id), count(DISTINCT a.work_id) AS number
    FROM newest JOIN works_authorship a ON a.work_id = newest.id AND a.attribution <> 'disputed'
    JOIN profiles_researcher r ON r.id = a.researcher_id AND r.state IN ('unclaimed', 'claimed')
    GROUP BY r.id ORDER BY number DESC, r.search_name, r.id LIMIT %(people)s
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
    attach_bylines(shown, longest=NAMES_SHOWN)
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
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"topic": topic.pk, "works": NEWEST_WORKS, "people": PEOPLE_SHOWN})
        numbers = dict(cursor.fetchall())
    found = Authorship.objects.select_related("researcher").in_bulk(numbers)
    return [
        ActivePerson(person.display_name, person.get_absolute_url(), number)
        for authorship_id, number in numbers.items()
        if (person := found[authorship_id].researcher)
    ]

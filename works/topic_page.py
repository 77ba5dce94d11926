"""Reads for the page of a topic: nothing in it grows with the number of its works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string

from works.models import Authorship, Topic, Work
from works.position import Position
from works.queries import attach_bylines, visible_works
from works.year_chart import draw_years

WORKS_PER_PAGE = 20
NAMES_SHOWN = 6
COUNTED_UP_TO = 1000
YEARS_KEPT_FOR = 3600  # seconds: counting and drawing the years of a large topic takes longer than all else on its page
NEWEST_WORKS = 100
PEOPLE_SHOWN = 12
COLUMNS = ("arxiv_id", "title", "year", "withdrawn", "and_others", "curated")  # that a listed work shows

# A range of the index by topic and date for each year counts all, and the index of hidden works those that do not.
YEARS = """
    WITH years AS (
        SELECT year, make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC') AS begins,
            make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC') AS ends
        FROM (SELECT min(current_version_at) AS first, max(current_version_at) AS last
              FROM works_worktopic WHERE topic_id = %(topic)s) bounds,
            generate_series(date_part('year', first AT TIME ZONE 'UTC')::int,
                            date_part('year', last AT TIME ZONE 'UTC')::int) AS year
    ), hidden AS MATERIALIZED (
        SELECT w.year FROM works_work w JOIN works_worktopic t ON t.work_id = w.id
        WHERE w.hidden AND t.topic_id = %(topic)s
    )
    SELECT year, number FROM (
        SELECT year, (SELECT count(*) FROM works_worktopic
                      WHERE topic_id = %(topic)s AND current_version_at >= begins AND current_version_at < ends)
            - (SELECT count(*) FROM hidden WHERE hidden.year = years.year) AS number
        FROM years
    ) counted WHERE number > 0 ORDER BY year
"""
# One range of the index by topic and date, read until there are enough works that nobody has hidden.
NEWEST = """
    SELECT t.work_id, t.current_version_at FROM works_worktopic t JOIN works_work w ON w.id = t.work_id
    WHERE t.topic_id = %(topic)s AND (t.current_version_at, t.work_id) < (%(at)s, %(id)s) AND NOT w.hidden
    ORDER BY t.current_version_at DESC, t.work_id DESC LIMIT %(limit)s
"""
PEOPLE = """
    SELECT r.id, r.slug, r.display_name, count(DISTINCT a.work_id) AS number
    FROM works_authorship a JOIN profiles_researcher r ON r.id = a.researcher_id
    WHERE a.work_id = ANY(%(works)s) AND a.attribution <> 'disputed' AND r.state IN ('unclaimed', 'claimed')
    GROUP BY r.id ORDER BY number DESC, r.search_name, r.id LIMIT %(people)s
"""


@dataclass(frozen=True, slots=True)
class TopicWorks:
    """One page of works, newest first; `after` is where the next page begins, None on the last."""

    works: list[Work]
    after: Position | None


class TopicYears(NamedTuple):
    """Works of each year, and the chart of them as HTML: empty for fewer than two years."""

    counts: dict[int, int]
    chart: str


@dataclass(frozen=True, slots=True)
class ActivePerson:
    """Somebody who wrote some of the newest works of a topic."""

    name: str
    url: str
    works: int


def list_newest(topic: Topic, after: Position | None, limit: int) -> list[Position]:
    """Return the places of the newest works of a topic behind a place."""
    start = after or Position(datetime(9999, 1, 1, tzinfo=UTC), 0)
    given: dict[str, Any] = {"topic": topic.pk, "at": start.at, "id": start.pk, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, given)
        return [Position(at, pk) for pk, at in cursor]


def show_topic_works(places: Sequence[Position]) -> TopicWorks:
    """Return the works at the first of these places as a page; what lies beyond it only says that there is a next."""
    shown = places[:WORKS_PER_PAGE]
    found = visible_works().only(*COLUMNS).in_bulk([place.pk for place in shown])
    works = [found[place.pk] for place in shown if place.pk in found]
    attach_bylines(works, longest=NAMES_SHOWN)
    return TopicWorks(works, shown[-1] if len(places) > WORKS_PER_PAGE else None)


def count_topic_works(topic: Topic, by_year: Mapping[int, int]) -> int:
    """Count the works of a topic, up to one more than `COUNTED_UP_TO`; a large one by its years, as last counted."""
    if sum(by_year.values()) > COUNTED_UP_TO:
        return COUNTED_UP_TO + 1
    return visible_works().filter(work_topics__topic=topic)[: COUNTED_UP_TO + 1].count()


def show_years(topic: Topic) -> TopicYears:
    """Return how many works of a topic each year has and the chart of it, as they were within the last hour."""
    key = f"topic-chart:{topic.pk}"
    years: TopicYears | None = cache.get(key)
    if years is None:
        with connection.cursor() as cursor:
            cursor.execute(YEARS, {"topic": topic.pk})
            counts = dict(cursor.fetchall())
        chart = draw_years(counts)
        years = TopicYears(counts, render_to_string("works/_year_chart.html", {"chart": chart}) if chart else "")
        cache.set(key, years, YEARS_KEPT_FOR)
    return years


def list_active_people(work_ids: Sequence[int]) -> list[ActivePerson]:
    """Return who wrote most of these works; by that number, then by name, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"works": list(work_ids), "people": PEOPLE_SHOWN})
        researchers: Any = Authorship.researcher.field.related_model  # this room knows no model of theirs
        return [ActivePerson(name, researchers.address_of(pk, slug), number) for pk, slug, name, number in cursor]

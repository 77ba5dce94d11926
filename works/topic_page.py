"""Reads for the page of a topic: nothing in it grows with the number of its works."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string

from works.models import Authorship, Topic
from works.position import FROM_THE_NEWEST, Position
from works.queries import WorksPage, list_other_topics, show_page, visible_works
from works.year_chart import draw_years

WORKS_PER_PAGE = 20
NAMES_SHOWN = 6
OVERVIEW = "topic-overview:1:{}"  # what another form of the overview is kept under has another number
OVERVIEW_KEPT_FOR = 3600  # seconds: what it takes for a large topic is more than all else on its page
KEPT_BEYOND = 100  # works; a smaller topic is counted each time, and its page is exact
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
ACTIVE = """
    SELECT r.id, count(DISTINCT a.work_id)::int AS number
    FROM (NEWEST) newest JOIN works_authorship a ON a.work_id = newest.work_id AND a.attribution <> 'disputed'
    JOIN profiles_researcher r ON r.id = a.researcher_id AND r.state IN ('unclaimed', 'claimed')
    GROUP BY r.id ORDER BY number DESC, r.search_name, r.id LIMIT %(people)s
""".replace("NEWEST", NEWEST)
NAMED = (
    "SELECT id, slug, display_name FROM profiles_researcher WHERE id = ANY(%s) AND state IN ('unclaimed', 'claimed')"
)


class TopicOverview(NamedTuple):
    """What a topic's page says beside its works, so that it can be kept.

    `chart` is HTML, empty for fewer than two years; `active` are pairs of a researcher's key and how many of the newest
    works are theirs, most first; `others` are name and address of the other topics of its archive.
    """

    works: int
    chart: str
    active: list[tuple[int, int]]
    others: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ActivePerson:
    """Somebody who wrote some of the newest works of a topic."""

    name: str
    url: str
    works: int


def list_newest(topic: Topic, after: Position | None, limit: int) -> list[Position]:
    """Return the places of the newest works of a topic behind a place."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, newest_of(topic, after or FROM_THE_NEWEST, limit))
        return [Position(at, pk) for pk, at in cursor]


def newest_of(topic: Topic, start: Position, limit: int) -> dict[str, Any]:
    """The values that `NEWEST` takes."""
    return {"topic": topic.pk, "at": start.at, "id": start.pk, "limit": limit}


def list_works(topic: Topic, after: Position | None) -> WorksPage:
    """Return a page of the works of a topic behind a place, with the columns and names that a list shows."""
    places = list_newest(topic, after, WORKS_PER_PAGE + 1)
    return show_page(places, WORKS_PER_PAGE, visible_works().only(*COLUMNS), NAMES_SHOWN)


def get_overview(topic: Topic) -> TopicOverview:
    """Return the overview of a topic; that of a large one as it was within the last hour."""
    key = OVERVIEW.format(topic.pk)
    overview: TopicOverview | None = cache.get(key)
    if overview is None:
        overview = read_overview(topic)
        if overview.works > KEPT_BEYOND:
            cache.set(key, overview, OVERVIEW_KEPT_FOR)
    return overview


def read_overview(topic: Topic) -> TopicOverview:
    """Count the works of each year and draw them, and count whose names stand on the newest ones; three queries."""
    with connection.cursor() as cursor:
        cursor.execute(YEARS, {"topic": topic.pk})
        counts: dict[int, int] = dict(cursor.fetchall())
        cursor.execute(ACTIVE, newest_of(topic, FROM_THE_NEWEST, NEWEST_WORKS) | {"people": PEOPLE_SHOWN})
        active: list[tuple[int, int]] = cursor.fetchall()
    chart = draw_years(counts)
    drawn = render_to_string("works/_year_chart.html", {"chart": chart}) if chart else ""
    others = [(other.name, other.get_absolute_url()) for other in list_other_topics(topic)]
    return TopicOverview(sum(counts.values()), drawn, active, others)


def list_active_people(active: Sequence[tuple[int, int]]) -> list[ActivePerson]:
    """Name those people of an overview who are still listed, under the name that they have now."""
    researchers: Any = Authorship.researcher.field.related_model  # this room knows no model of theirs
    with connection.cursor() as cursor:
        cursor.execute(NAMED, [[pk for pk, _works in active]])
        named = {pk: (name, researchers.address_of(pk, slug)) for pk, slug, name in cursor}
    return [ActivePerson(*named[pk], works) for pk, works in active if pk in named]

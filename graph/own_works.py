"""What a researcher's own works say: the nearest collaborators, the commonest topics, and the texts of the newest.

One query, because a hub has thousands of works, and reading them is what it costs.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from graph.collaborators import MOST_COLLABORATORS, NEAREST, YEAR, CollaboratorEdge, make_edge, say_years
from graph.nearness.subject import MOST_TEXTS, Text
from profiles.models import Researcher
from works.models import Topic

MOST_TOPICS = 14
TOPIC_FIELDS = ("id", "code", "name")

OWN_WORKS = f"""
WITH mine AS MATERIALIZED (
    SELECT w.id AS work_id, {YEAR} AS year, w.current_version_at AS shown_at, w.topic_ids
    FROM works_work w WHERE w.id IN (
        SELECT a.work_id FROM works_authorship a WHERE a.researcher_id = %(focus)s AND a.attribution <> 'disputed'
    ) AND NOT w.hidden AND {YEAR} BETWEEN %(first)s AND %(last)s
),
{NEAREST},
topic AS (
    SELECT topic_id AS id, count(*) AS works, min(year) AS first_year, max(year) AS last_year
    FROM mine, unnest(mine.topic_ids) AS topic_id GROUP BY topic_id
),
commonest AS (
    SELECT t.id, t.code, t.name, topic.works, topic.first_year, topic.last_year
    FROM topic JOIN works_topic t ON t.id = topic.id ORDER BY topic.works DESC, t.code LIMIT {MOST_TOPICS}
),
text AS (
    SELECT COALESCE(w.curated->>'title', w.title) AS title, COALESCE(w.curated->>'abstract', w.abstract) AS abstract
    FROM (SELECT work_id FROM mine ORDER BY shown_at DESC, work_id DESC LIMIT {MOST_TEXTS}) newest
    JOIN works_work w ON w.id = newest.work_id
    ORDER BY w.current_version_at DESC, w.id DESC
)
SELECT (SELECT jsonb_agg(edge ORDER BY place) FROM collaborator),
    (SELECT count(*) FROM mine),
    (SELECT jsonb_agg(jsonb_build_array(id, code, name, works, first_year, last_year) ORDER BY works DESC, code)
        FROM commonest),
    (SELECT jsonb_agg(jsonb_build_array(title, abstract)) FROM text)
"""  # noqa: S608 - composed of constants


@dataclass(frozen=True, slots=True)
class TopicEdge:
    """A topic, with the share of the researcher's works that carry it, in percent, and the years of those works."""

    topic: Topic
    works: int
    share: int
    first_year: int
    last_year: int

    @property
    def years(self) -> str:
        """`2019` or `2019–2022`."""
        return say_years(self.first_year, self.last_year)


@dataclass(frozen=True, slots=True)
class OwnWorks:
    """Collaborators, close ones first, then by weight; the commonest topics; the newest titles with abstracts."""

    collaborators: list[CollaboratorEdge]
    topics: list[TopicEdge]
    texts: list[Text]


def read_own_works(focus: Researcher, years: tuple[int, int]) -> OwnWorks:
    """Read what the works of those years say."""
    values: dict[str, Any] = {"focus": focus.pk, "first": years[0], "last": years[1]}
    with connection.cursor() as cursor:
        cursor.execute(OWN_WORKS, values | {"listed": Researcher.LISTED_STATES, "most": MOST_COLLABORATORS})
        collaborators, number, topics, texts = cursor.fetchone() or (None, 0, None, None)
    return OwnWorks(
        [make_edge(row) for row in json.loads(collaborators or "[]")],
        [make_topic_edge(row, number) for row in json.loads(topics or "[]")],
        [(title, abstract) for title, abstract in json.loads(texts or "[]")],
    )


def make_topic_edge(row: list[Any], of_works: int) -> TopicEdge:
    """Make an edge of the fields of a topic with its works and their years."""
    *fields, works, first_year, last_year = row
    topic = Topic.from_db(None, TOPIC_FIELDS, fields)
    return TopicEdge(topic, works, round(100 * works / of_works), first_year, last_year)

"""What a researcher's own works say of the slice: their commonest topics, and the texts of the newest."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from graph.collaborators import YEAR
from graph.nearness.subject import MOST_TEXTS, Text
from profiles.models import Researcher
from works.models import Topic

MOST_TOPICS = 14
TOPIC_FIELDS = ("id", "code", "name")

OWN_WORKS = f"""
WITH mine AS MATERIALIZED (
    SELECT w.id, {YEAR} AS year, w.current_version_at AS shown_at, w.topic_ids
    FROM works_work w WHERE w.id IN (
        SELECT a.work_id FROM works_authorship a WHERE a.researcher_id = %(focus)s AND a.attribution <> 'disputed'
    ) AND NOT w.hidden AND {YEAR} BETWEEN %(first)s AND %(last)s
),
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
    FROM (SELECT id FROM mine ORDER BY shown_at DESC, id DESC LIMIT {MOST_TEXTS}) newest JOIN works_work w USING (id)
    ORDER BY w.current_version_at DESC, w.id DESC
)
SELECT (SELECT count(*) FROM mine),
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
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}–{self.last_year}"


@dataclass(frozen=True, slots=True)
class OwnWorks:
    """The commonest topics, and titles with abstracts of the newest works, the newest first."""

    topics: list[TopicEdge]
    texts: list[Text]


def read_own_works(focus: Researcher, years: tuple[int, int]) -> OwnWorks:
    """Read both in one query."""
    with connection.cursor() as cursor:
        cursor.execute(OWN_WORKS, {"focus": focus.pk, "first": years[0], "last": years[1]})
        number, topics, texts = cursor.fetchone() or (0, None, None)
    edges = [make_topic_edge(row, number) for row in json.loads(topics or "[]")]
    return OwnWorks(edges, [(title, abstract) for title, abstract in json.loads(texts or "[]")])


def make_topic_edge(row: list[Any], of_works: int) -> TopicEdge:
    """Make an edge of the fields of a topic with its works and their years."""
    *fields, works, first_year, last_year = row
    topic = Topic.from_db(None, TOPIC_FIELDS, fields)
    return TopicEdge(topic, works, round(100 * works / of_works), first_year, last_year)

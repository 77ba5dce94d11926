"""The slice of the research graph around one researcher: reads only, a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from graph.collaborators import YEAR, CollaboratorEdge, list_collaborator_edges
from profiles.models import Researcher
from works.institutions.models import Institution
from works.models import Topic, Work

MOST_TOPICS = 14
MOST_NEARBY_WORKS = 8
MOST_INSTITUTIONS = 12
# Works that share a topic or a collaborator are many; only the newest of each are weighed.
CANDIDATES_PER_TOPIC = 100
CANDIDATES_PER_COLLABORATOR = 50
EVERY_YEAR = (0, 9999)


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
class InstitutionEdge:
    """An organisation of the researcher's bylines, and why it is here; `url` is empty for one that is only printed."""

    name: str
    reason: str
    url: str = ""

    @property
    def key(self) -> str:
        """What tells it from others, of which some have the same name: the end of its address, or the name."""
        return self.url.strip("/").rpartition("/")[2] or self.name


@dataclass(frozen=True, slots=True)
class NearbyWork:
    """A work by others, what it has in common with this researcher's, and which of the co-authors wrote it."""

    work: Work
    reason: str
    by: frozenset[int]


@dataclass(frozen=True, slots=True)
class Slice:
    """What stands around a researcher."""

    focus: Researcher
    collaborators: list[CollaboratorEdge]
    topics: list[TopicEdge]
    institutions: list[InstitutionEdge]
    nearby_works: list[NearbyWork]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing around the researcher at all."""
        return not (self.collaborators or self.topics or self.institutions or self.nearby_works)


def get_slice(focus: Researcher, years: tuple[int, int] = EVERY_YEAR) -> Slice:
    """Read the slice around a researcher in four queries; only works of these years count."""
    collaborators = list_collaborator_edges(focus, years)
    return Slice(
        focus,
        collaborators,
        list_topic_edges(focus, years),
        list_institution_edges(focus),
        list_nearby_works(focus, collaborators, years),
    )


TOPICS = f"""
WITH mine AS (
    SELECT DISTINCT w.id, {YEAR} AS year
    FROM works_authorship a JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
    WHERE a.researcher_id = %(focus)s AND a.attribution <> 'disputed' AND {YEAR} BETWEEN %(first)s AND %(last)s
)
SELECT t.*, count(*) AS number_of_works, (SELECT count(*) FROM mine) AS of_works,
    min(mine.year) AS first_year, max(mine.year) AS last_year
FROM mine JOIN works_worktopic wt ON wt.work_id = mine.id JOIN works_topic t ON t.id = wt.topic_id
GROUP BY t.id ORDER BY number_of_works DESC, t.code LIMIT %(most)s
"""  # noqa: S608 - composed of a constant


def list_topic_edges(focus: Researcher, years: tuple[int, int]) -> list[TopicEdge]:
    """Return the researcher's commonest topics with their shares of the works."""
    values = {"focus": focus.pk, "most": MOST_TOPICS} | between(years)
    topics: Iterable[Any] = Topic.objects.raw(TOPICS, values)  # with the counts
    return [
        TopicEdge(
            topic,
            topic.number_of_works,
            round(100 * topic.number_of_works / topic.of_works),
            topic.first_year,
            topic.last_year,
        )
        for topic in topics
    ]


# What the newest byline with an affiliation prints, and every institution that any byline means, the latest first;
# `is_current` is whether the newest print means it. A print that means none gives one row without an institution.
INSTITUTIONS = f"""
WITH mine AS MATERIALIZED (
    SELECT w.id AS work_id, w.arxiv_id, {YEAR} AS year, w.current_version_at, a.printed_affiliation AS printed
    FROM works_authorship a JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
    WHERE a.researcher_id = %(focus)s AND a.printed_affiliation <> '' AND a.attribution <> 'disputed'
),
newest AS (SELECT printed, arxiv_id, year FROM mine ORDER BY current_version_at DESC, work_id DESC LIMIT 1),
meant AS (
    SELECT m.institution_id, count(DISTINCT mine.work_id) AS works, min(mine.year) AS first_year,
        max(mine.year) AS last_year, max(mine.current_version_at) AS latest,
        bool_or(mine.printed = (SELECT printed FROM newest)) AS is_current
    FROM mine
    JOIN works_printedaffiliation p ON md5(p.text) = md5(mine.printed)
    JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id
    GROUP BY m.institution_id
)
SELECT newest.printed, newest.arxiv_id, newest.year, i.id, i.ror_id, i.name,
    meant.works, meant.first_year, meant.last_year, COALESCE(meant.is_current, FALSE)
FROM newest LEFT JOIN meant ON TRUE LEFT JOIN works_institution i ON i.id = meant.institution_id
ORDER BY meant.latest DESC, i.id LIMIT %(most)s
"""  # noqa: S608 - composed of a constant


def list_institution_edges(focus: Researcher) -> list[InstitutionEdge]:
    """Return the institutions that the bylines mean, the latest first, and what the newest prints if it means none."""
    with connection.cursor() as cursor:
        cursor.execute(INSTITUTIONS, {"focus": focus.pk, "most": MOST_INSTITUTIONS})
        rows = cursor.fetchall()
    if not rows:
        return []
    printed, arxiv_id, year = rows[0][:3]
    source = f"printed on arXiv:{arxiv_id}, {year}"
    edges = [] if any(row[-1] for row in rows) else [InstitutionEdge(printed, f"The current affiliation, {source}")]
    for key, ror_id, name, works, first_year, last_year, is_current in (row[3:] for row in rows if row[3]):
        when = explain_years(works, first_year, last_year)
        url = Institution(pk=key, ror_id=ror_id).get_absolute_url()
        edges.append(InstitutionEdge(name, f"current, {source}; {when}" if is_current else when, url))
    return edges


def explain_years(works: int, first_year: int, last_year: int) -> str:
    """Say in words on how many works an institution stands, and when."""
    on = f"on {works} works" if works > 1 else "on one work"
    return f"{on}, {first_year} to {last_year}" if first_year != last_year else f"{on}, {last_year}"


# Candidates are bounded by the slice, not by the focus: the newest works of the commonest topics and of the
# collaborators that the slice shows. A hub with thousands of co-authors costs what anybody costs.
NEARBY_WORKS = f"""
WITH mine AS MATERIALIZED (
    SELECT a.work_id FROM works_authorship a JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
    WHERE a.researcher_id = %(focus)s AND a.attribution <> 'disputed'
),
my_topic AS MATERIALIZED (
    SELECT wt.topic_id, count(*)::float / (SELECT count(*) FROM mine) AS share
    FROM works_worktopic wt WHERE wt.work_id IN (SELECT work_id FROM mine)
    GROUP BY wt.topic_id ORDER BY count(*) DESC, wt.topic_id LIMIT %(topics)s
),
by_collaborators AS MATERIALIZED (
    SELECT newest.work_id, array_agg(DISTINCT c.id) AS by
    FROM unnest(%(collaborators)s::bigint[]) AS c (id) CROSS JOIN LATERAL (
        SELECT a.work_id FROM works_authorship a WHERE a.researcher_id = c.id AND a.attribution <> 'disputed'
        ORDER BY a.work_id DESC LIMIT %(per_collaborator)s
    ) newest
    GROUP BY newest.work_id
),
candidate AS (
    SELECT newest.work_id FROM my_topic CROSS JOIN LATERAL (
        SELECT wt.work_id FROM works_worktopic wt WHERE wt.topic_id = my_topic.topic_id
        ORDER BY wt.work_id DESC LIMIT %(per_topic)s
    ) newest
    UNION SELECT work_id FROM by_collaborators
)
SELECT w.id, w.arxiv_id, w.title, w.year, w.curated, near.shared_topics, COALESCE(b.by, '{{}}') AS by
FROM (
    SELECT c.work_id, count(my_topic.topic_id) AS shared_topics, COALESCE(sum(my_topic.share), 0) AS nearness
    FROM candidate c
    LEFT JOIN works_worktopic wt ON wt.work_id = c.work_id
    LEFT JOIN my_topic ON my_topic.topic_id = wt.topic_id
    WHERE c.work_id NOT IN (SELECT work_id FROM mine)
    GROUP BY c.work_id
) near
LEFT JOIN by_collaborators b ON b.work_id = near.work_id
JOIN works_work w ON w.id = near.work_id AND NOT w.hidden AND {YEAR} BETWEEN %(first)s AND %(last)s
ORDER BY COALESCE(cardinality(b.by), 0) DESC, near.nearness DESC, near.work_id DESC
LIMIT %(most)s
"""  # noqa: S608 - composed of a constant


def list_nearby_works(
    focus: Researcher, collaborators: Sequence[CollaboratorEdge], years: tuple[int, int]
) -> list[NearbyWork]:
    """Return works by others, nearest first: by the collaborators that the slice shows, then by shared topics."""
    values = {
        "focus": focus.pk,
        "collaborators": [edge.researcher.pk for edge in collaborators],
        "topics": MOST_TOPICS,
        "per_topic": CANDIDATES_PER_TOPIC,
        "per_collaborator": CANDIDATES_PER_COLLABORATOR,
        "most": MOST_NEARBY_WORKS,
    } | between(years)
    works: Iterable[Any] = Work.objects.raw(NEARBY_WORKS, values)  # with `by` and `shared_topics`
    return [NearbyWork(work, explain_nearness(len(work.by), work.shared_topics), frozenset(work.by)) for work in works]


def explain_nearness(coauthors: int, shared_topics: int) -> str:
    """Say in words why a work is near."""
    reasons = []
    if coauthors:
        reasons.append(f"by {coauthors} of the collaborators" if coauthors > 1 else "by a collaborator")
    if shared_topics:
        reasons.append(f"shares {shared_topics} topics" if shared_topics > 1 else "shares a topic")
    return ", ".join(reasons)


def between(years: tuple[int, int]) -> dict[str, int]:
    """The years as values of a query."""
    return {"first": years[0], "last": years[1]}

"""The slice of the research graph around one researcher: reads only, a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from profiles.collaborators import Collaborator, list_collaborators
from profiles.models import Researcher
from profiles.queries import get_affiliation
from works.institutions.queries import InstitutionYears, list_institutions_of
from works.models import Topic, Work

MOST_COLLABORATORS = 12
MOST_TOPICS = 14
MOST_NEARBY_WORKS = 8
MOST_INSTITUTIONS = 12
WORKS_NAMED_PER_COLLABORATOR = 3
# Of a hub's thousands of works, only the newest are read for evidence.
MOST_JOINT_WORKS = 500
# Works that share a topic are many; only the newest of each topic are weighed.
CANDIDATES_PER_TOPIC = 200
EVERY_YEAR = (0, 9999)


@dataclass(slots=True)
class CollaboratorEdge:
    """A co-author, with the joint works as evidence, newest first."""

    collaborator: Collaborator
    works: list[Work] = field(default_factory=list)

    @property
    def newest_works(self) -> list[Work]:
        """The joint works that a list names."""
        return self.works[:WORKS_NAMED_PER_COLLABORATOR]

    @property
    def researcher(self) -> Researcher:
        """The co-author."""
        return self.collaborator.researcher

    @property
    def joint_works(self) -> int:
        """How many works name both."""
        return self.collaborator.joint_works

    @property
    def weight(self) -> float:
        """Newman's weight."""
        return self.collaborator.weight

    @property
    def is_close(self) -> bool:
        """Whether this is a close collaborator."""
        return self.collaborator.is_close


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
    """Read the slice around a researcher; only works of these years count."""
    return Slice(
        focus,
        list_collaborator_edges(focus, years),
        list_topic_edges(focus, years),
        list_institution_edges(focus),
        list_nearby_works(focus, years),
    )


# The focus's newest works with whoever of the collaborators stands on each: evidence for every edge among them.
JOINT_WORKS = """
SELECT w.id, w.arxiv_id, w.title, w.year, array_agg(other.researcher_id) AS by
FROM works_authorship mine
JOIN works_authorship other ON other.work_id = mine.work_id AND other.attribution <> 'disputed'
    AND other.researcher_id = ANY(%(collaborators)s)
JOIN works_work w ON w.id = mine.work_id AND NOT w.hidden
WHERE mine.researcher_id = %(focus)s AND mine.attribution <> 'disputed'
    AND w.year BETWEEN %(first)s AND %(last)s
GROUP BY w.id ORDER BY w.current_version_at DESC, w.id DESC LIMIT %(most)s
"""


def list_collaborator_edges(focus: Researcher, years: tuple[int, int]) -> list[CollaboratorEdge]:
    """Return the nearest collaborators with joint works as evidence."""
    edges = {
        c.researcher.pk: CollaboratorEdge(c) for c in list_collaborators(focus, limit=MOST_COLLABORATORS, years=years)
    }
    values = {"focus": focus.pk, "collaborators": list(edges), "most": MOST_JOINT_WORKS} | between(years)
    works: Iterable[Any] = Work.objects.raw(JOINT_WORKS, values)  # with `by`
    for work in works:
        for collaborator_id in set(work.by):
            edges[collaborator_id].works.append(work)
    return list(edges.values())


TOPICS = """
WITH mine AS (
    SELECT DISTINCT w.id, w.year FROM works_authorship a JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
    WHERE a.researcher_id = %(focus)s AND a.attribution <> 'disputed' AND w.year BETWEEN %(first)s AND %(last)s
)
SELECT t.*, count(*) AS number_of_works, (SELECT count(*) FROM mine) AS of_works,
    min(mine.year) AS first_year, max(mine.year) AS last_year
FROM mine JOIN works_worktopic wt ON wt.work_id = mine.id JOIN works_topic t ON t.id = wt.topic_id
GROUP BY t.id ORDER BY number_of_works DESC, t.code LIMIT %(most)s
"""


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


def list_institution_edges(focus: Researcher) -> list[InstitutionEdge]:
    """Return the institutions that the bylines mean, the latest first, and what the newest prints if it means none."""
    affiliation = get_affiliation(focus)
    if affiliation is None:
        return []
    source = f"printed on arXiv:{affiliation.work.arxiv_id}, {affiliation.year}"
    current = {institution.pk for institution in affiliation.institutions}
    edges = [] if current else [InstitutionEdge(affiliation.text, f"The current affiliation, {source}")]
    for found in list_institutions_of(focus.pk, limit=MOST_INSTITUTIONS):
        reason = (
            f"current, {source}; {explain_years(found)}" if found.institution.pk in current else explain_years(found)
        )
        edges.append(InstitutionEdge(found.institution.name, reason, found.institution.get_absolute_url()))
    return edges


def explain_years(found: InstitutionYears) -> str:
    """Say in words on how many works an institution stands, and when."""
    works = f"on {found.works} works" if found.works > 1 else "on one work"
    years = f"{found.first_year} to {found.last_year}" if found.first_year != found.last_year else f"{found.last_year}"
    return f"{works}, {years}"


NEARBY_WORKS = """
WITH mine AS (
    SELECT a.work_id FROM works_authorship a JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
    WHERE a.researcher_id = %(focus)s
),
my_topic AS (
    SELECT wt.topic_id, count(*)::float / (SELECT count(*) FROM mine) AS share
    FROM works_worktopic wt WHERE wt.work_id IN (SELECT work_id FROM mine) GROUP BY wt.topic_id
),
coauthor AS (
    SELECT DISTINCT o.researcher_id FROM works_authorship o
    WHERE o.work_id IN (SELECT work_id FROM mine) AND o.researcher_id <> %(focus)s LIMIT 500
),
candidate AS (
    SELECT newest.work_id FROM my_topic CROSS JOIN LATERAL (
        SELECT wt.work_id FROM works_worktopic wt WHERE wt.topic_id = my_topic.topic_id
        ORDER BY wt.work_id DESC LIMIT %(per_topic)s
    ) newest
    UNION
    SELECT work_id FROM (
        SELECT a.work_id FROM works_authorship a WHERE a.researcher_id IN (SELECT researcher_id FROM coauthor)
        ORDER BY a.work_id DESC LIMIT 500
    ) by_coauthors
)
SELECT w.id, w.arxiv_id, w.title, w.year, near.shared_topics,
    ARRAY(SELECT a.researcher_id FROM works_authorship a
        WHERE a.work_id = w.id AND a.researcher_id IN (SELECT researcher_id FROM coauthor)) AS by
FROM (
    SELECT c.work_id, count(my_topic.topic_id) AS shared_topics, COALESCE(sum(my_topic.share), 0) AS nearness,
        (SELECT count(*) FROM works_authorship a
            WHERE a.work_id = c.work_id AND a.researcher_id IN (SELECT researcher_id FROM coauthor)) AS coauthors
    FROM candidate c
    LEFT JOIN works_worktopic wt ON wt.work_id = c.work_id
    LEFT JOIN my_topic ON my_topic.topic_id = wt.topic_id
    WHERE c.work_id NOT IN (SELECT work_id FROM mine)
    GROUP BY c.work_id
) near
JOIN works_work w ON w.id = near.work_id AND NOT w.hidden AND w.year BETWEEN %(first)s AND %(last)s
ORDER BY near.coauthors DESC, near.nearness DESC, near.work_id DESC
LIMIT %(most)s
"""


def list_nearby_works(focus: Researcher, years: tuple[int, int]) -> list[NearbyWork]:
    """Return works by others, nearest first: by shared co-authors, then by shared topics."""
    values = {"focus": focus.pk, "per_topic": CANDIDATES_PER_TOPIC, "most": MOST_NEARBY_WORKS} | between(years)
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

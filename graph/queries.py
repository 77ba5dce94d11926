"""The slice of the research graph around one researcher: reads only, a fixed number of queries."""

from dataclasses import dataclass, field

from django.db import connection

from profiles.collaborators import Collaborator, list_collaborators
from profiles.models import Researcher
from profiles.queries import get_affiliation, list_topics
from works.models import Topic, Work
from works.queries import visible_works

MOST_COLLABORATORS = 12
MOST_TOPICS = 14
MOST_NEARBY_WORKS = 8
WORKS_NAMED_PER_COLLABORATOR = 3
# Works that share a topic are many; only the newest of each topic are weighed.
CANDIDATES_PER_TOPIC = 200


@dataclass(slots=True)
class CollaboratorEdge:
    """A co-author, with the newest of the joint works as evidence."""

    collaborator: Collaborator
    works: list[Work] = field(default_factory=list)

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
    """A topic, with the share of the researcher's works that carry it, in percent."""

    topic: Topic
    works: int
    share: int


@dataclass(frozen=True, slots=True)
class InstitutionEdge:
    """An organisation as printed in a byline, and why it is here."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class NearbyWork:
    """A work by others, and what it has in common with this researcher's."""

    work: Work
    reason: str


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


def get_slice(focus: Researcher) -> Slice:
    """Read the slice around a researcher."""
    return Slice(
        focus,
        list_collaborator_edges(focus),
        list_topic_edges(focus),
        list_institution_edges(focus),
        list_nearby_works(focus),
    )


JOINT_WORKS = """
SELECT collaborator_id, work_id FROM (
    SELECT other.researcher_id AS collaborator_id, other.work_id,
        row_number() OVER (PARTITION BY other.researcher_id ORDER BY w.current_version_at DESC, w.id) AS rank
    FROM works_authorship mine
    JOIN works_authorship other ON other.work_id = mine.work_id
    JOIN works_work w ON w.id = mine.work_id AND NOT w.hidden
    WHERE mine.researcher_id = %(focus)s AND other.researcher_id = ANY(%(collaborators)s)
) ranked WHERE rank <= %(most)s ORDER BY collaborator_id, rank
"""


def list_collaborator_edges(focus: Researcher) -> list[CollaboratorEdge]:
    """Return the nearest collaborators with joint works as evidence."""
    edges = {c.researcher.pk: CollaboratorEdge(c) for c in list_collaborators(focus, limit=MOST_COLLABORATORS)}
    with connection.cursor() as cursor:
        cursor.execute(
            JOINT_WORKS,
            {"focus": focus.pk, "collaborators": list(edges), "most": WORKS_NAMED_PER_COLLABORATOR},
        )
        pairs = cursor.fetchall()
    works = visible_works().in_bulk({work_id for _collaborator_id, work_id in pairs})
    for collaborator_id, work_id in pairs:
        edges[collaborator_id].works.append(works[work_id])
    return list(edges.values())


def list_topic_edges(focus: Researcher) -> list[TopicEdge]:
    """Return the researcher's commonest topics with their shares."""
    number_of_works = focus.authorships.filter(work__hidden=False).values("work").distinct().count()
    shares = list_topics(focus)[:MOST_TOPICS]
    return [TopicEdge(share.topic, share.works, round(100 * share.works / number_of_works)) for share in shares]


def list_institution_edges(focus: Researcher) -> list[InstitutionEdge]:
    """Return the affiliation that the newest byline prints; none where no byline prints any."""
    affiliation = get_affiliation(focus)
    if affiliation is None:
        return []
    return [InstitutionEdge(affiliation.text, f"Printed in the byline of arXiv:{affiliation.work.arxiv_id}")]


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
SELECT c.work_id,
    (SELECT count(*) FROM works_authorship a
        WHERE a.work_id = c.work_id AND a.researcher_id IN (SELECT researcher_id FROM coauthor)) AS coauthors,
    count(my_topic.topic_id) AS shared_topics,
    COALESCE(sum(my_topic.share), 0) AS nearness
FROM candidate c
LEFT JOIN works_worktopic wt ON wt.work_id = c.work_id
LEFT JOIN my_topic ON my_topic.topic_id = wt.topic_id
WHERE c.work_id NOT IN (SELECT work_id FROM mine)
GROUP BY c.work_id
ORDER BY coauthors DESC, nearness DESC, c.work_id DESC
LIMIT %(most)s
"""


def list_nearby_works(focus: Researcher) -> list[NearbyWork]:
    """Return works by others, nearest first: by shared co-authors, then by shared topics."""
    values = {"focus": focus.pk, "per_topic": CANDIDATES_PER_TOPIC, "most": MOST_NEARBY_WORKS}
    with connection.cursor() as cursor:
        cursor.execute(NEARBY_WORKS, values)
        rows = cursor.fetchall()
    works = visible_works().in_bulk([row[0] for row in rows])
    return [
        NearbyWork(works[work_id], explain_nearness(coauthors, shared_topics))
        for work_id, coauthors, shared_topics, _nearness in rows
        if work_id in works
    ]


def explain_nearness(coauthors: int, shared_topics: int) -> str:
    """Say in words why a work is near."""
    reasons = []
    if coauthors:
        reasons.append(f"by {coauthors} of the collaborators" if coauthors > 1 else "by a collaborator")
    if shared_topics:
        reasons.append(f"shares {shared_topics} topics" if shared_topics > 1 else "shares a topic")
    return ", ".join(reasons)

"""What stands around an institution: who stood on its newest works, their topics, and what it is part of."""

from collections.abc import Iterable
from typing import Any

from graph.around import topic_node
from graph.collaborators import say_works
from graph.neighbourhood import list_evidence, person_key, work_node
from graph.nodes import Key, Neighbourhood, Node
from profiles.models import Researcher
from works.models import Institution, Topic, Work

MOST_PEOPLE = 24
MOST_WORKS = 12
MOST_TOPICS = 14
MOST_RELATED = 10
# The largest have hundreds of thousands of works; the newest of them say what it is about now.
NEWEST = 500

RECENT = """
WITH byline AS MATERIALIZED (
    SELECT a.work_id, a.researcher_id
    FROM works_affiliationmatch m
    JOIN works_printedaffiliation p ON p.id = m.printed_affiliation_id
    JOIN works_authorship a ON a.printed_affiliation = p.text AND NOT (a.printed_affiliation = '')
        AND a.attribution <> 'disputed'
    WHERE m.institution_id = %(institution)s
),
recent AS MATERIALIZED (
    SELECT w.id, w.current_version_at FROM works_work w
    WHERE w.id IN (SELECT work_id FROM byline) AND NOT w.hidden
        AND COALESCE((w.curated->>'year')::smallint, w.year) BETWEEN %(first)s AND %(last)s
    ORDER BY w.current_version_at DESC, w.id DESC LIMIT %(newest)s
)
"""
PEOPLE = f"""{RECENT}
SELECT r.*, person.works, person.newest_work_ids FROM (
    SELECT b.researcher_id, count(DISTINCT recent.id) AS works,
        (array_agg(recent.id ORDER BY recent.current_version_at DESC))[:3] AS newest_work_ids
    FROM recent JOIN byline b ON b.work_id = recent.id GROUP BY b.researcher_id
) person JOIN profiles_researcher r ON r.id = person.researcher_id AND r.state = ANY(%(listed)s)
ORDER BY person.works DESC, r.id LIMIT %(most)s
"""  # noqa: S608 - composed of constants
TOPICS = f"""{RECENT}
SELECT t.*, count(*) AS on_works, (SELECT count(*) FROM recent) AS of_works
FROM recent JOIN works_worktopic wt ON wt.work_id = recent.id JOIN works_topic t ON t.id = wt.topic_id
GROUP BY t.id ORDER BY on_works DESC, t.code LIMIT %(most)s
"""  # noqa: S608 - composed of constants
WORKS = f"""{RECENT}
SELECT w.id, w.arxiv_id, w.title, w.year, w.curated FROM recent JOIN works_work w ON w.id = recent.id
ORDER BY recent.current_version_at DESC, w.id DESC LIMIT %(most)s
"""  # noqa: S608 - composed of constants
RELATED = """
SELECT i.*, r.kind AS how, r.institution_id = %(institution)s AS is_ours
FROM works_institutionrelation r
JOIN works_institution i ON i.id = CASE WHEN r.institution_id = %(institution)s THEN r.related_id
    ELSE r.institution_id END
WHERE %(institution)s IN (r.institution_id, r.related_id)
ORDER BY i.name, i.id LIMIT %(most)s
"""
# Whether the relation is told by this institution or by the other, and what it then means of the other.
HOW = {
    ("parent", True): "it is part of this",
    ("parent", False): "part of it",
    ("successor", True): "its successor",
    ("successor", False): "its predecessor",
}


def around_institution(institution: Institution, years: tuple[int, int]) -> Neighbourhood:
    """Of its newest works: who stood on most of them, their topics, and the newest themselves; and its relatives."""
    values = {"institution": institution.pk, "newest": NEWEST, "first": years[0], "last": years[1]}
    nodes = [*list_people(values), *list_topics(values), *list_works(values), *list_related(institution)]
    key = Key("institution", institution.ror_id or str(institution.pk))
    return Neighbourhood(key, institution.name, institution.get_absolute_url(), nodes, [])


def list_people(values: dict[str, Any]) -> list[Node]:
    """Who stood on most of the newest works with this affiliation."""
    people: list[Any] = list(
        Researcher.objects.raw(PEOPLE, {**values, "listed": Researcher.LISTED_STATES, "most": MOST_PEOPLE})
    )
    works = Work.objects.in_bulk({pk for one in people for pk in one.newest_work_ids})
    most = max((person.works for person in people), default=1)
    return [
        Node(
            person_key(person),
            person.display_name,
            person.get_absolute_url(),
            f"{say_works(person.works)} with this affiliation",
            person.works / most,
            person.works / most,
            list_evidence(works[pk] for pk in person.newest_work_ids),
        )
        for person in people
    ]


def list_topics(values: dict[str, Any]) -> list[Node]:
    """What the newest works are about."""
    topics: Iterable[Any] = Topic.objects.raw(TOPICS, {**values, "most": MOST_TOPICS})
    shares = [(topic, topic.on_works / topic.of_works) for topic in topics]
    return [topic_node(topic, f"on {round(100 * share)}% of its newest works", share) for topic, share in shares]


def list_works(values: dict[str, Any]) -> list[Node]:
    """The newest works."""
    works: list[Any] = list(Work.objects.raw(WORKS, {**values, "most": MOST_WORKS}))
    return [
        work_node(work, "among its newest works", nearness=1 - rank / (len(works) + 1))
        for rank, work in enumerate(works)
    ]


def list_related(institution: Institution) -> list[Node]:
    """Parents, parts, successors and predecessors by the registry."""
    values = {"institution": institution.pk, "most": MOST_RELATED}
    related: Iterable[Any] = Institution.objects.raw(RELATED, values)
    return [
        Node(
            Key("institution", other.ror_id or str(other.pk)),
            other.name,
            other.get_absolute_url(),
            f"{HOW[other.how, other.is_ours]}, by the registry (ROR)",
            0.5,
            0.4,
        )
        for other in related
    ]

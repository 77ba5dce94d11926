"""What stands around a work, and around a topic: bounded reads, in the common form."""

from collections.abc import Iterable
from typing import Any

from graph.collaborators import YEAR, say_works
from graph.neighbourhood import list_evidence, person_key, work_key, work_node
from graph.nodes import Key, Link, Neighbourhood, Node
from profiles.models import Researcher
from works.markup.render import plain_text
from works.models import Topic, Work

MOST_PEOPLE = 40
MOST_WORKS = 12
MOST_TOPICS = 14
# A topic has up to hundreds of thousands of works; the newest of them say what it is about now.
NEWEST_OF_TOPIC = 500

AUTHORS = """
SELECT r.*, a.position, (SELECT count(*) FROM works_authorship b WHERE b.work_id = a.work_id) AS authors
FROM works_authorship a JOIN profiles_researcher r ON r.id = a.researcher_id
WHERE a.work_id = %(work)s AND a.attribution <> 'disputed' AND r.state = ANY(%(listed)s)
ORDER BY a.position LIMIT %(most)s
"""
TOPICS_OF_WORK = """
SELECT t.*, wt.position FROM works_worktopic wt JOIN works_topic t ON t.id = wt.topic_id
WHERE wt.work_id = %(work)s ORDER BY wt.position
"""
# By those whom the list of authors shows: nobody must see which works belong to a record that was removed.
WORKS_BY_THE_SAME = f"""
WITH author AS (
    SELECT a.researcher_id
    FROM works_authorship a JOIN profiles_researcher r ON r.id = a.researcher_id AND r.state = ANY(%(listed)s)
    WHERE a.work_id = %(work)s AND a.attribution <> 'disputed'
    ORDER BY a.position LIMIT %(people)s
),
candidate AS (
    SELECT a.work_id, array_agg(a.researcher_id) AS by
    FROM author JOIN works_authorship a ON a.researcher_id = author.researcher_id AND a.attribution <> 'disputed'
    WHERE a.work_id <> %(work)s GROUP BY a.work_id ORDER BY count(*) DESC, a.work_id DESC LIMIT 500
)
SELECT w.id, w.arxiv_id, w.title, w.year, w.curated, c.by,
    (SELECT count(*) FROM works_worktopic mine JOIN works_worktopic theirs USING (topic_id)
        WHERE mine.work_id = %(work)s AND theirs.work_id = w.id) AS shared_topics
FROM candidate c JOIN works_work w ON w.id = c.work_id AND NOT w.hidden
WHERE {YEAR} BETWEEN %(first)s AND %(last)s
ORDER BY cardinality(c.by) DESC, shared_topics DESC, w.id DESC LIMIT %(most)s
"""  # noqa: S608 - composed of a constant


def around_work(work: Work, years: tuple[int, int]) -> Neighbourhood:
    """Authors, topics, and other works by the authors."""
    authors = list_authors(work)
    works, links = list_works_by_the_same(work, authors, years)
    people = [author_node(author) for author in authors]
    label = plain_text(work.title)
    return Neighbourhood(
        work_key(work), label, work.get_absolute_url(), [*people, *list_topics_of_work(work), *works], links
    )


def list_authors(work: Work) -> list[Any]:
    """The first authors, with `position` and the number of all `authors`."""
    values = {"work": work.pk, "listed": Researcher.LISTED_STATES, "most": MOST_PEOPLE}
    return list(Researcher.objects.raw(AUTHORS, values))


def author_node(author: Any) -> Node:
    """An author in the byline's order."""
    reason = f"author {author.position} of {author.authors}"
    nearness = 1 / author.position
    return Node(person_key(author), author.display_name, author.get_absolute_url(), reason, nearness, 0.4)


def list_topics_of_work(work: Work) -> list[Node]:
    """Its topics, the primary one nearest."""
    topics: Iterable[Any] = Topic.objects.raw(TOPICS_OF_WORK, {"work": work.pk})
    return [
        topic_node(topic, "primary topic" if topic.position == 1 else "also filed under it", 1 / topic.position)
        for topic in topics
    ]


def topic_node(topic: Topic, reason: str, nearness: float) -> Node:
    """A topic, as heavy as it is near."""
    return Node(
        Key("topic", topic.code), f"{topic.code} {topic.name}", topic.get_absolute_url(), reason, nearness, nearness
    )


def list_works_by_the_same(work: Work, authors: list[Any], years: tuple[int, int]) -> tuple[list[Node], list[Link]]:
    """Other works of the authors: most shared authors first, then most shared topics; and who wrote them."""
    values = {"work": work.pk, "people": MOST_PEOPLE, "most": MOST_WORKS, "first": years[0], "last": years[1]}
    found: list[Any] = list(Work.objects.raw(WORKS_BY_THE_SAME, values | {"listed": Researcher.LISTED_STATES}))
    nodes = [work_node(other, say_shared(other), nearness=len(other.by) / max(len(authors), 1)) for other in found]
    links = [
        Link(person_key(author), work_key(other), f"{author.display_name} wrote it")
        for other in found
        for author in authors
        if author.pk in other.by
    ]
    return nodes, links


def say_shared(work: Any) -> str:
    """Say what a work has in common with the focus."""
    authors = f"shares {len(work.by)} author{'' if len(work.by) == 1 else 's'}"
    if not work.shared_topics:
        return authors
    return f"{authors} and {work.shared_topics} topic{'' if work.shared_topics == 1 else 's'}"


RECENT = f"""
WITH recent AS MATERIALIZED (
    SELECT w.id, w.year, w.current_version_at FROM (
        SELECT work_id FROM works_worktopic WHERE topic_id = %(topic)s ORDER BY work_id DESC LIMIT %(newest)s
    ) newest JOIN works_work w ON w.id = newest.work_id AND NOT w.hidden AND {YEAR} BETWEEN %(first)s AND %(last)s
)
"""  # noqa: S608 - composed of a constant
PEOPLE_ON_TOPIC = f"""{RECENT}
SELECT r.*, person.works, person.newest_work_ids, (SELECT count(*) FROM recent) AS of_works FROM (
    SELECT a.researcher_id, count(*) AS works,
        (array_agg(recent.id ORDER BY recent.current_version_at DESC))[:3] AS newest_work_ids
    FROM recent JOIN works_authorship a ON a.work_id = recent.id
        AND a.researcher_id IS NOT NULL AND a.attribution <> 'disputed'
    GROUP BY a.researcher_id
) person JOIN profiles_researcher r ON r.id = person.researcher_id AND r.state = ANY(%(listed)s)
ORDER BY person.works DESC, r.id LIMIT %(most)s
"""  # noqa: S608 - composed of constants
TOPICS_WITH_TOPIC = f"""{RECENT}
SELECT t.*, count(*) AS on_works, (SELECT count(*) FROM recent) AS of_works
FROM recent JOIN works_worktopic wt ON wt.work_id = recent.id AND wt.topic_id <> %(topic)s
JOIN works_topic t ON t.id = wt.topic_id
GROUP BY t.id ORDER BY on_works DESC, t.code LIMIT %(most)s
"""  # noqa: S608 - composed of constants
WORKS_ON_TOPIC = f"""{RECENT}
SELECT w.id, w.arxiv_id, w.title, w.year, w.curated FROM recent JOIN works_work w ON w.id = recent.id
ORDER BY recent.current_version_at DESC, w.id DESC LIMIT %(most)s
"""  # noqa: S608 - composed of constants


def around_topic(topic: Topic, years: tuple[int, int]) -> Neighbourhood:
    """Of the newest works: who wrote most of them, which topics they also carry, and the newest themselves."""
    values = {"topic": topic.pk, "newest": NEWEST_OF_TOPIC, "first": years[0], "last": years[1]}
    nodes = [*list_people_on_topic(values), *list_topics_with(values), *list_works_on_topic(values)]
    return Neighbourhood(Key("topic", topic.code), f"{topic.code} {topic.name}", topic.get_absolute_url(), nodes, [])


def list_people_on_topic(values: dict[str, Any]) -> list[Node]:
    """Who wrote most of the newest works."""
    people: list[Any] = list(
        Researcher.objects.raw(PEOPLE_ON_TOPIC, {**values, "listed": Researcher.LISTED_STATES, "most": MOST_WORKS})
    )
    works = Work.objects.only("arxiv_id", "title", "year").in_bulk({pk for one in people for pk in one.newest_work_ids})
    most = max((person.works for person in people), default=1)
    return [
        Node(
            person_key(person),
            person.display_name,
            person.get_absolute_url(),
            f"{say_works(person.works)} of the newest {person.of_works}",
            person.works / most,
            person.works / most,
            list_evidence(works[pk] for pk in person.newest_work_ids),
        )
        for person in people
    ]


def list_topics_with(values: dict[str, Any]) -> list[Node]:
    """Which topics the newest works also carry."""
    topics: Iterable[Any] = Topic.objects.raw(TOPICS_WITH_TOPIC, {**values, "most": MOST_TOPICS})
    return [
        topic_node(
            topic,
            f"on {round(100 * topic.on_works / topic.of_works)}% of its newest works",
            topic.on_works / topic.of_works,
        )
        for topic in topics
    ]


def list_works_on_topic(values: dict[str, Any]) -> list[Node]:
    """The newest works."""
    works: list[Any] = list(Work.objects.raw(WORKS_ON_TOPIC, {**values, "most": MOST_WORKS}))
    return [
        work_node(work, "among its newest works", nearness=1 - rank / (len(works) + 1))
        for rank, work in enumerate(works)
    ]

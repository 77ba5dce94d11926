"""A researcher's slice as nodes and links."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from graph.collaborators import CollaboratorEdge, say_works
from graph.nearby import NearbyWork
from graph.nodes import Evidence, Key, Link, Neighbourhood, Node
from graph.own_works import TopicEdge
from graph.queries import Slice
from profiles.models import Researcher
from works.markup.render import plain_text
from works.models import Work


def neighbourhood_of(around: Slice) -> Neighbourhood:
    """Put a slice into the common form."""
    nodes = [*list_people(around), *list_topics(around), *list_works(around), *list_institutions(around)]
    links = [
        *link_collaborators(around.collaborators),
        *link_nearby_works(around.collaborators, around.nearby_works),
    ]
    return Neighbourhood(
        person_key(around.focus), around.focus.display_name, around.focus.get_absolute_url(), nodes, links
    )


def person_key(researcher: Researcher) -> Key:
    """Name a person by the public id."""
    return Key("person", researcher.public_id)


def work_key(work: Work) -> Key:
    """Name a work by its arXiv id."""
    return Key("work", work.arxiv_id)


def list_evidence(works: Iterable[Work]) -> tuple[Evidence, ...]:
    """Works as evidence for an edge."""
    return tuple(Evidence(plain_text(work.title), work.get_absolute_url(), work.year) for work in works)


def list_people(around: Slice) -> list[Node]:
    """Collaborators: near by Newman's weight, heavy by joint works."""
    most = max((edge.joint_works for edge in around.collaborators), default=1)
    return [
        Node(
            person_key(edge.researcher),
            edge.researcher.display_name,
            edge.researcher.get_absolute_url(),
            edge.reason,
            min(edge.weight, 1.0),
            edge.joint_works / most,
            list_evidence(edge.works),
            newman=edge.weight,
        )
        for edge in around.collaborators
    ]


def list_topics(around: Slice) -> list[Node]:
    """Topics: near and heavy by their share of the works, which the profile lists."""
    profile = around.focus.get_absolute_url()
    return [
        Node(
            Key("topic", edge.topic.code),
            f"{edge.topic.code} {edge.topic.name}",
            edge.topic.get_absolute_url(),
            f"{say_works(edge.works)}, {edge.share}% of them, {edge.years}",
            edge.share / 100,
            edge.share / 100,
            (evidence_on(profile, edge),),
        )
        for edge in around.topics
    ]


def evidence_on(profile: str, edge: TopicEdge) -> Evidence:
    """The works with a topic, where the profile lists them."""
    return Evidence(f"{say_works(edge.works)} on the profile", f"{profile}?topic={edge.topic.code}", edge.last_year)


def list_works(around: Slice) -> list[Node]:
    """Nearby works, the nearest first."""
    count = len(around.nearby_works)
    return [
        work_node(near.work, near.reason, nearness=0.5 * (1 - rank / count))
        for rank, near in enumerate(around.nearby_works)
    ]


def work_node(work: Work, reason: str, *, nearness: float) -> Node:
    """A work; all are drawn alike."""
    return Node(work_key(work), plain_text(work.title), work.get_absolute_url(), reason, nearness, 0.2)


def list_institutions(around: Slice) -> list[Node]:
    """Institutions, the current one first, each with the newest work whose byline prints it."""
    return [
        Node(Key("institution", edge.key), edge.name, edge.url, edge.reason, 0.6, 0.4, (evidence_of(edge.work),))
        for edge in around.institutions
    ]


def evidence_of(work: Work) -> Evidence:
    """Name a work by its arXiv id, where no more of it was read."""
    return Evidence(f"arXiv:{work.arxiv_id}", work.get_absolute_url(), work.year)


def link_collaborators(edges: Sequence[CollaboratorEdge]) -> Iterator[Link]:
    """Collaborators who stand together on works of the focus."""
    for one, other in combinations(edges, 2):
        together = len(one.work_ids & other.work_ids)
        if together:
            names = f"{one.researcher.display_name} and {other.researcher.display_name}"
            reason = f"{names}: {say_works(together)} together"
            yield Link(person_key(one.researcher), person_key(other.researcher), reason)


def link_nearby_works(edges: Sequence[CollaboratorEdge], nearby: Sequence[NearbyWork]) -> Iterator[Link]:
    """Nearby works that a collaborator wrote."""
    for near in nearby:
        for edge in edges:
            if edge.researcher.pk in near.by:
                reason = f"{edge.researcher.display_name} wrote it"
                yield Link(person_key(edge.researcher), work_key(near.work), reason)

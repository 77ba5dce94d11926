"""Give the clusters of a full re-run the ids of the records that they were before. Pure.

A cluster keeps the id that it has most mentions in common with; a record's claimed or decided home was settled
before this. A record that is left with nothing goes up in the cluster that took most of it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from profiles.identity.people import Mention, Person


@dataclass(slots=True)
class Placement:
    """Who is who after a re-run: people with ids (None for new records), and records that went up in others.

    `merged` maps the id of a record that was left with nothing to the person who took most of it.
    """

    people: list[Person]
    merged: dict[int, Person] = field(default_factory=dict)


def place(
    clusters: Sequence[Sequence[Mention]],
    homes: Sequence[int | None],
    banned: Sequence[set[int]],
    listed: Iterable[int],
) -> Placement:
    """Give each cluster its id; `homes` are those that decisions or claims fix, `listed` the ids that may be given.

    `banned` are the records that some of a cluster was decided not to be by.

    The largest overlap is served first; of equal ones the older record, then the cluster with the first mention.
    """
    people = [Person(home, list(cluster)) for cluster, home in zip(clusters, homes, strict=True)]
    free = set(listed) - {home for home in homes if home is not None}
    overlaps = [
        (-count, researcher_id, number)
        for number, cluster in enumerate(clusters)
        for researcher_id, count in count_former(cluster).items()
        if researcher_id not in banned[number]
    ]
    for _count, researcher_id, number in sorted(overlaps):
        if people[number].researcher_id is None and researcher_id in free:
            people[number].researcher_id = researcher_id
            free.discard(researcher_id)
    placement = Placement(people)
    for _count, researcher_id, number in sorted(overlaps):
        if researcher_id in free:
            placement.merged.setdefault(researcher_id, people[number])
    return placement


def count_former(cluster: Iterable[Mention]) -> Counter[int]:
    """Count how many mentions of a cluster each record held before."""
    return Counter(mention.researcher_id for mention in cluster if mention.researcher_id is not None)

"""The first, conservative rule: the same full name is the same person, unless something contradicts it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """One authorship to resolve; `is_full` where a given name is written out, not only initials."""

    authorship_id: int
    work_id: int
    printed_name: str
    name_key: str
    is_full: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A researcher whom a mention may mean, with the works that are theirs already."""

    researcher_id: int
    name_key: str


@dataclass(slots=True)
class Person:
    """Somebody who has mentions: a known researcher, or a new one while `researcher_id` is None."""

    researcher_id: int | None
    mentions: list[Mention]


def assign(
    mentions: Sequence[Mention], candidates: Iterable[Candidate], taken: Iterable[tuple[int, int]]
) -> list[Person]:
    """Share the mentions out among known and new people.

    A full name goes to the first person who bears it and is not on that work already: nobody
    holds two positions of one byline. Initials fit too many people, so they stay by themselves.
    `taken` holds (researcher id, work id) of authorships resolved before. The order of the
    mentions decides only who is first among namesakes of one work.
    """
    people_by_key: dict[str, list[Person]] = defaultdict(list)
    for candidate in candidates:
        people_by_key[candidate.name_key].append(Person(candidate.researcher_id, []))
    occupied = set(taken)
    loners: list[Person] = []
    for mention in mentions:
        if not mention.is_full:
            loners.append(Person(None, [mention]))
            continue
        namesakes = people_by_key[mention.name_key]
        person = next((person for person in namesakes if not is_on_work(person, mention.work_id, occupied)), None)
        if person is None:
            person = Person(None, [])
            namesakes.append(person)
        person.mentions.append(mention)
    known = [person for namesakes in people_by_key.values() for person in namesakes if person.mentions]
    return known + loners


def is_on_work(person: Person, work_id: int, occupied: set[tuple[int, int]]) -> bool:
    """Whether the person has a position in the byline of the work."""
    if (person.researcher_id or 0, work_id) in occupied:
        return True
    return any(mention.work_id == work_id for mention in person.mentions)

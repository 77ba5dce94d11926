"""The shortest way from one person to another over joint works."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from profiles.models import Researcher
from works.models import Work

LONGEST_PATH = 6
# Beyond so many names on a byline, standing on it together says little.
LONGEST_BYLINE = 25
# How many people one side may reach before the search gives up.
MOST_REACHED = 20_000

STEPS = """
SELECT DISTINCT ON (other.researcher_id) other.researcher_id, mine.researcher_id, mine.work_id
FROM works_authorship mine
JOIN works_work w ON w.id = mine.work_id AND NOT w.hidden
JOIN works_authorship other ON other.work_id = mine.work_id AND other.attribution <> 'disputed'
JOIN profiles_researcher r ON r.id = other.researcher_id AND r.state = ANY(%(listed)s)
WHERE mine.researcher_id = ANY(%(frontier)s) AND mine.attribution <> 'disputed'
    AND NOT other.researcher_id = ANY(%(reached)s)
    AND NOT EXISTS (
        SELECT FROM works_authorship longer WHERE longer.work_id = mine.work_id AND longer.position = %(too_long)s
    )
ORDER BY other.researcher_id, w.current_version_at DESC, mine.researcher_id
LIMIT %(most)s
"""

# Whom a person was reached from, and over which work; None for where the search began.
Trail = dict[int, tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Step:
    """A person of a path, and the work that joins them to the one before; None for the first."""

    researcher: Researcher
    work: Work | None


def find_path(start: Researcher, goal: Researcher) -> list[Step] | None:
    """Return a shortest path of at most six steps, both ends included; None when there is none within reach."""
    trails: tuple[Trail, Trail] = ({start.pk: None}, {goal.pk: None})
    frontiers = [{start.pk}, {goal.pk}]
    steps = 0
    while not (meeting := trails[0].keys() & trails[1].keys()) and steps < LONGEST_PATH:
        steps += 1
        side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        frontiers[side] = advance(trails[side], frontiers[side])
        if not frontiers[side]:
            return None
    return spell_out(min(meeting), trails) if meeting else None


def advance(trail: Trail, frontier: Iterable[int]) -> set[int]:
    """Take one step from everybody at the frontier; return who is new."""
    values: dict[str, Any] = {
        "frontier": list(frontier),
        "reached": list(trail),
        "listed": Researcher.LISTED_STATES,
        "too_long": LONGEST_BYLINE + 1,
        "most": max(MOST_REACHED - len(trail), 0),
    }
    with connection.cursor() as cursor:
        cursor.execute(STEPS, values)
        steps = {reached: (reached_from, work) for reached, reached_from, work in cursor}
    trail.update(steps)
    return set(steps)


def spell_out(meeting: int, trails: tuple[Trail, Trail]) -> list[Step]:
    """Join the two trails where they meet."""
    before, after = list_hops(trails[0], meeting), list_hops(trails[1], meeting)
    people = [*(person for person, _work in reversed(before)), meeting, *(person for person, _work in after)]
    hops = [*(work for _person, work in reversed(before)), *(work for _person, work in after)]
    researchers = Researcher.objects.in_bulk(people)
    works = Work.objects.only("arxiv_id", "title", "year").in_bulk(hops)
    joined = [None, *(works[work] for work in hops)]
    return [Step(researchers[person], work) for person, work in zip(people, joined, strict=True)]


def list_hops(trail: Trail, person: int) -> list[tuple[int, int]]:
    """The people before a person on a trail, the nearest first, each with the work that led on."""
    hops = []
    while hop := trail[person]:
        hops.append(hop)
        person = hop[0]
    return hops

"""Who wrote with whom, how often, and how closely."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from profiles.models import Researcher
from profiles.trust_facts import (
    CLOSE_MINIMUM_JOINT_WORKS,
    CLOSE_MINIMUM_WEIGHT,
    MINE,
    NOT_SUPPRESSED,
    WEIGHT,
)


@dataclass(frozen=True, slots=True)
class Collaborator:
    """A co-author: joint works, Newman's weight over them, the years shown on the first and last of them."""

    researcher: Researcher
    joint_works: int
    weight: float
    is_close: bool
    first_year: int
    last_year: int


LIST = f"""
WITH {MINE},
collaboration AS (
    SELECT other.researcher_id AS collaborator_id, count(*) AS joint_works,
        {WEIGHT} AS weight,
        min(mine.year) AS first_year, max(mine.year) AS last_year
    FROM mine
    JOIN byline ON byline.work_id = mine.work_id
    JOIN works_authorship other ON other.work_id = mine.work_id
        AND other.researcher_id <> mine.researcher_id AND other.attribution <> 'disputed' AND {NOT_SUPPRESSED}
    WHERE mine.year BETWEEN %(first)s AND %(last)s
    GROUP BY other.researcher_id
),
judged AS (
    SELECT *, joint_works >= {CLOSE_MINIMUM_JOINT_WORKS} AND weight >= {CLOSE_MINIMUM_WEIGHT} AS is_close
    FROM collaboration
)
SELECT r.*, joint_works, weight, is_close, first_year, last_year
FROM judged JOIN profiles_researcher r ON r.id = collaborator_id
WHERE r.state = ANY(%(listed)s)
ORDER BY is_close DESC, weight DESC, joint_works DESC, collaborator_id
LIMIT %(limit)s
"""  # noqa: S608 - composed of constants of trust_facts


def list_collaborators(
    researcher: Researcher, *, limit: int = 200, years: tuple[int, int] = (0, 9999)
) -> list[Collaborator]:
    """Return the co-authors of those years whose pages are public, close ones first, then by weight; one query."""
    values = {
        "researcher_ids": [researcher.pk],
        "listed": Researcher.LISTED_STATES,
        "limit": limit,
        "first": years[0],
        "last": years[1],
    }
    rows: Iterable[Any] = Researcher.objects.raw(LIST, values)  # with what was counted
    return [
        Collaborator(row, row.joint_works, float(row.weight), row.is_close, row.first_year, row.last_year)
        for row in rows
    ]

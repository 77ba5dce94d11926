"""Who wrote with whom, how often, and how closely."""

from dataclasses import dataclass

from django.db import connection

from profiles.models import Researcher
from profiles.trust_facts import COLLABORATIONS, IS_CLOSE


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
WITH {COLLABORATIONS}
SELECT collaborator_id, joint_works, weight, {IS_CLOSE}, first_year, last_year
FROM collaboration
ORDER BY ({IS_CLOSE}) DESC, weight DESC, joint_works DESC, collaborator_id
LIMIT %(limit)s
"""  # noqa: S608 - composed of constants of trust_facts


def list_collaborators(researcher: Researcher, *, limit: int = 200) -> list[Collaborator]:
    """Return the co-authors, close ones first, then by weight; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(LIST, {"researcher_ids": [researcher.pk], "limit": limit})
        rows = cursor.fetchall()
    people = Researcher.objects.in_bulk([row[0] for row in rows])
    return [
        Collaborator(people[pk], joint_works, float(weight), is_close, first_year, last_year)
        for pk, joint_works, weight, is_close, first_year, last_year in rows
    ]

"""Who is at an institution now: the researchers whose newest printed affiliation means it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from profiles.models import Researcher
from works.models import Authorship, Institution, Work
from works.position import Position

# Of those whose byline on these works means it: whoever has no newer byline that prints any affiliation.
_PEOPLE = """
SELECT w.id, a.id, a.researcher_id
FROM works_work w
JOIN works_authorship a ON a.work_id = w.id AND a.printed_affiliation <> '' AND a.attribution <> 'disputed'
JOIN works_printedaffiliation p ON md5(p.text) = md5(a.printed_affiliation)
JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id AND m.institution_id = %(institution)s
JOIN profiles_researcher r ON r.id = a.researcher_id AND r.state = ANY(%(listed)s)
WHERE w.id = ANY(%(works)s) AND NOT EXISTS (
    SELECT FROM works_authorship b JOIN works_work v ON v.id = b.work_id AND NOT v.hidden
    WHERE b.researcher_id = a.researcher_id AND b.printed_affiliation <> '' AND b.attribution <> 'disputed'
        AND (v.current_version_at, v.id) > (w.current_version_at, w.id)
)
ORDER BY w.current_version_at DESC, w.id DESC, a.position
"""


@dataclass(frozen=True, slots=True)
class PersonHere:
    """A researcher at an institution, and the newest work that says so."""

    researcher: Researcher
    printed: str
    work: Work


@dataclass(frozen=True, slots=True)
class PeopleHere:
    """Some of the people who are there now, whose work is newest first; `after` is where the others begin, if any."""

    people: list[PersonHere]
    after: Position | None


def list_people_at(institution: Institution, places: Sequence[Position], size: int, *, more: bool) -> PeopleHere:
    """The first `size` people of the works at these places, and all others of the last one's work; two queries.

    `more` says that there are works behind these places.
    """
    works = [place.pk for place in places]
    listed = [str(state) for state in Researcher.LISTED_STATES]
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"institution": institution.pk, "works": works, "listed": listed})
        rows = cursor.fetchall()
    end = works.index(rows[size - 1][0]) + 1 if len(rows) > size else len(works)
    shown = set(works[:end])
    authorships: dict[int, int] = {}  # by researcher: who stands on a work twice is listed once
    for work, authorship, researcher in rows:
        if work in shown:
            authorships.setdefault(researcher, authorship)
    after = places[end - 1] if end < len(works) or (more and works) else None
    return PeopleHere(describe_people(list(authorships.values())), after)


def describe_people(authorship_ids: Sequence[int]) -> list[PersonHere]:
    """The researchers of some authorships, with their works; one query."""
    rows = Authorship.objects.select_related("researcher", "work").in_bulk(authorship_ids)
    found = (rows[authorship] for authorship in authorship_ids)
    return [PersonHere(row.researcher, row.printed_affiliation, row.work) for row in found if row.researcher]

"""Who is at an institution now: the researchers whose newest printed affiliation means it."""

from dataclasses import dataclass

from django.db import connection

from profiles.models import Researcher
from works.models import Authorship, Institution, Work

# Whoever once printed it is looked at; of each, the newest byline that prints any affiliation decides.
_PEOPLE = """
WITH once AS MATERIALIZED (
    SELECT DISTINCT a.researcher_id
    FROM works_affiliationmatch m
    JOIN works_printedaffiliation p ON p.id = m.printed_affiliation_id
    JOIN works_authorship a ON a.printed_affiliation = p.text AND NOT (a.printed_affiliation = '')
    WHERE m.institution_id = %(institution)s AND a.researcher_id IS NOT NULL
)
SELECT r.id, newest.authorship_id
FROM once
JOIN profiles_researcher r ON r.id = once.researcher_id AND r.state = ANY(%(listed)s)
CROSS JOIN LATERAL (
    SELECT a.id AS authorship_id, a.printed_affiliation, w.current_version_at
    FROM works_authorship a JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
    WHERE a.researcher_id = once.researcher_id AND a.printed_affiliation <> '' AND a.attribution <> 'disputed'
    ORDER BY w.current_version_at DESC, w.id DESC LIMIT 1
) newest
JOIN works_printedaffiliation p ON md5(p.text) = md5(newest.printed_affiliation)
JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id AND m.institution_id = %(institution)s
ORDER BY newest.current_version_at DESC, r.id
"""


@dataclass(frozen=True, slots=True)
class PersonHere:
    """A researcher at an institution, and the newest work that says so."""

    researcher: Researcher
    printed: str
    work: Work


def list_people_at(institution: Institution) -> list[tuple[int, int]]:
    """Pairs of researcher and authorship, by key: everybody who is there now, whose work is newest first."""
    listed = [str(state) for state in Researcher.LISTED_STATES]
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"institution": institution.pk, "listed": listed})
        return list(cursor)


def describe_people(pairs: list[tuple[int, int]]) -> list[PersonHere]:
    """The researchers of some pairs, with their works; one query."""
    rows = Authorship.objects.select_related("researcher", "work").in_bulk([authorship for _, authorship in pairs])
    found = (rows[authorship] for _, authorship in pairs)
    return [PersonHere(row.researcher, row.printed_affiliation, row.work) for row in found if row.researcher]

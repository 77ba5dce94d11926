"""The slice of the research graph around one researcher: reads only, a fixed number of queries."""

from dataclasses import dataclass

from django.db import connection

from graph.collaborators import YEAR, CollaboratorEdge
from graph.nearby import NearbyWork, list_nearby_works
from graph.own_works import TopicEdge, read_own_works
from profiles.models import Researcher
from works.institutions.models import Institution
from works.models import Work

MOST_INSTITUTIONS = 12
EVERY_YEAR = (0, 9999)


@dataclass(frozen=True, slots=True)
class InstitutionEdge:
    """An organisation of the researcher's bylines, why it is here, and the newest work that says so.

    `url` is empty for one that is only printed, and `pk`, the key of its row, is None.
    """

    name: str
    reason: str
    work: Work
    url: str = ""
    pk: int | None = None

    @property
    def key(self) -> str:
        """What tells it from others, of which some have the same name: the end of its address, or the name."""
        return self.url.strip("/").rpartition("/")[2] or self.name


@dataclass(frozen=True, slots=True)
class Slice:
    """What stands around a researcher."""

    focus: Researcher
    collaborators: list[CollaboratorEdge]
    topics: list[TopicEdge]
    institutions: list[InstitutionEdge]
    nearby_works: list[NearbyWork]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing around the researcher at all."""
        return not (self.collaborators or self.topics or self.institutions or self.nearby_works)


def get_slice(focus: Researcher, years: tuple[int, int] = EVERY_YEAR) -> Slice:
    """Read the slice around a researcher in three queries; only works of these years count."""
    own = read_own_works(focus, years)
    nearby = list_nearby_works(focus, own, years)
    return Slice(focus, own.collaborators, own.topics, list_institution_edges(focus), nearby)


# What the newest byline with an affiliation prints, and every institution that any byline means, the latest first;
# `is_current` is whether the newest print means it. A print that means none gives one row without an institution.
INSTITUTIONS = f"""
WITH mine AS MATERIALIZED (
    SELECT w.id AS work_id, w.arxiv_id, {YEAR} AS year, w.current_version_at, a.printed_affiliation AS printed
    FROM works_authorship a JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
    WHERE a.researcher_id = %(focus)s AND a.printed_affiliation <> '' AND a.attribution <> 'disputed'
),
newest AS (SELECT printed, arxiv_id, year FROM mine ORDER BY current_version_at DESC, work_id DESC LIMIT 1),
meant AS (
    SELECT m.institution_id, count(DISTINCT mine.work_id) AS works, min(mine.year) AS first_year,
        max(mine.year) AS last_year, max(mine.current_version_at) AS latest,
        (array_agg(mine.arxiv_id ORDER BY mine.current_version_at DESC, mine.work_id DESC))[1] AS arxiv_id,
        bool_or(mine.printed = (SELECT printed FROM newest)) AS is_current
    FROM mine
    JOIN works_printedaffiliation p ON md5(p.text) = md5(mine.printed)
    JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id
    GROUP BY m.institution_id
)
SELECT newest.printed, newest.arxiv_id, newest.year, i.id, i.ror_id, i.name,
    meant.works, meant.first_year, meant.last_year, meant.arxiv_id, COALESCE(meant.is_current, FALSE)
FROM newest LEFT JOIN meant ON TRUE LEFT JOIN works_institution i ON i.id = meant.institution_id
ORDER BY meant.latest DESC, i.id LIMIT %(most)s
"""  # noqa: S608 - composed of a constant


def list_institution_edges(focus: Researcher) -> list[InstitutionEdge]:
    """Return the institutions that the bylines mean, the latest first, and what the newest prints if it means none."""
    with connection.cursor() as cursor:
        cursor.execute(INSTITUTIONS, {"focus": focus.pk, "most": MOST_INSTITUTIONS})
        rows = cursor.fetchall()
    if not rows:
        return []
    printed, arxiv_id, year = rows[0][:3]
    source = f"printed on arXiv:{arxiv_id}, {year}"
    edges = []
    if not any(row[-1] for row in rows):
        edges.append(InstitutionEdge(printed, f"The current affiliation, {source}", Work(arxiv_id=arxiv_id, year=year)))
    for key, ror_id, name, works, first_year, last_year, newest, is_current in (row[3:] for row in rows if row[3]):
        when = explain_years(works, first_year, last_year)
        url = Institution(pk=key, ror_id=ror_id).get_absolute_url()
        reason = f"current, {source}; {when}" if is_current else when
        edges.append(InstitutionEdge(name, reason, Work(arxiv_id=newest, year=last_year), url, key))
    return edges


def explain_years(works: int, first_year: int, last_year: int) -> str:
    """Say in words on how many works an institution stands, and when."""
    on = f"on {works} works" if works > 1 else "on one work"
    return f"{on}, {first_year} to {last_year}" if first_year != last_year else f"{on}, {last_year}"

"""The nearest collaborators with the joint works that show it: a part of the one query over a researcher's own works.

`profiles.collaborators` lists all of them and reads the bylines twice; a hub's thousands of works make the difference.
Both must say the same of whoever is here, which a test compares.
"""

from dataclasses import dataclass
from typing import Any

from profiles.collaborators import Collaborator
from profiles.models import Researcher
from profiles.trust_facts import CLOSE_MINIMUM_JOINT_WORKS, CLOSE_MINIMUM_WEIGHT, NOT_SUPPRESSED, WEIGHT
from works.models import Work

MOST_COLLABORATORS = 12
WORKS_NAMED_PER_COLLABORATOR = 3
# Of a hub's thousands of works, only the newest are read for who stands on them together.
MOST_JOINT_WORKS = 500
# The fields of a joint work, as the query gives them: in the order of the model.
WORK_FIELDS = ("id", "arxiv_id", "title", "year", "curated")

# The year that pages show: a curator's, where one put it right.
YEAR = "COALESCE((w.curated->>'year')::smallint, w.year)"
# Of a researcher, as the public id and the address are made of them.
RESEARCHER_FIELDS = ("id", "display_name", "slug", "state")
# Common table expressions over `mine`, the own works: work_id, year, shown_at.
NEAREST = f"""
byline AS MATERIALIZED (
    SELECT mine.work_id, mine.year, mine.shown_at, a.researcher_id, a.attribution,
        count(*) FILTER (WHERE a.kind = 'person') OVER (PARTITION BY mine.work_id) AS authors
    FROM mine JOIN works_authorship a ON a.work_id = mine.work_id
),
collaboration AS (
    SELECT other.researcher_id AS id, count(*) AS joint_works, {WEIGHT.replace("byline.", "other.")} AS weight,
        min(other.year) AS first_year, max(other.year) AS last_year, min(other.authors) AS fewest_authors
    FROM byline other
    WHERE other.researcher_id <> %(focus)s AND other.attribution <> 'disputed' AND {NOT_SUPPRESSED}
    GROUP BY other.researcher_id
),
nearest AS MATERIALIZED (
    SELECT *, joint_works >= {CLOSE_MINIMUM_JOINT_WORKS} AND weight >= {CLOSE_MINIMUM_WEIGHT} AS is_close
    FROM collaboration ORDER BY is_close DESC, weight DESC, joint_works DESC, id LIMIT %(most)s
),
joint AS MATERIALIZED (
    SELECT byline.work_id, byline.shown_at, array_agg(DISTINCT byline.researcher_id) AS by
    FROM byline JOIN nearest ON nearest.id = byline.researcher_id AND byline.attribution <> 'disputed'
    GROUP BY byline.work_id, byline.shown_at
    ORDER BY byline.shown_at DESC, byline.work_id DESC LIMIT {MOST_JOINT_WORKS}
),
collaborator AS (
    SELECT jsonb_build_array(
        jsonb_build_array(r.id, r.display_name, r.slug, r.state),
        nearest.joint_works, nearest.weight, nearest.is_close, nearest.first_year, nearest.last_year,
        nearest.fewest_authors,
        ARRAY(SELECT work_id FROM joint WHERE r.id = ANY(joint.by)),
        (SELECT COALESCE(jsonb_agg(jsonb_build_array(w.id, w.arxiv_id, w.title, w.year, w.curated)
                ORDER BY newest.shown_at DESC, newest.work_id DESC), '[]')
            FROM (
                SELECT work_id, shown_at FROM joint WHERE r.id = ANY(joint.by)
                ORDER BY shown_at DESC, work_id DESC LIMIT {WORKS_NAMED_PER_COLLABORATOR}
            ) newest JOIN works_work w ON w.id = newest.work_id)
    ) AS edge, row_number() OVER (
        ORDER BY nearest.is_close DESC, nearest.weight DESC, nearest.joint_works DESC, nearest.id
    ) AS place
    FROM nearest JOIN profiles_researcher r ON r.id = nearest.id AND r.state = ANY(%(listed)s)
)
"""  # noqa: S608 - composed of constants


@dataclass(frozen=True, slots=True)
class CollaboratorEdge:
    """A co-author, with the newest joint works as evidence, and the ids of more of them.

    `fewest_authors` is how many people stand on the joint work that has the fewest.
    """

    collaborator: Collaborator
    fewest_authors: int
    works: list[Work]
    work_ids: frozenset[int]

    @property
    def researcher(self) -> Researcher:
        """The co-author."""
        return self.collaborator.researcher

    @property
    def joint_works(self) -> int:
        """How many works name both."""
        return self.collaborator.joint_works

    @property
    def weight(self) -> float:
        """Newman's weight."""
        return self.collaborator.weight

    @property
    def is_close(self) -> bool:
        """Whether this is a close collaborator."""
        return self.collaborator.is_close

    @property
    def reason(self) -> str:
        """Say how many joint works there are, of which years, and how much they weigh."""
        return f"{say_works(self.joint_works, 'joint work')}, {self.particulars}"

    @property
    def particulars(self) -> str:
        """Say of which years the joint works are, and how much they weigh."""
        years = say_years(self.collaborator.first_year, self.collaborator.last_year)
        if self.weight:
            return f"{years}, weight {self.weight:.2f}{', close' * self.is_close}"
        # "Weight 0.00" would tell nobody anything.
        return f"{years}, of {self.fewest_authors} authors{' or more' * (self.joint_works > 1)}: too many to weigh"


def make_edge(row: list[Any]) -> CollaboratorEdge:
    """Make an edge of what the query gives of a collaborator."""
    fields, joint_works, weight, is_close, first_year, last_year, authors, work_ids, newest = row
    researcher = Researcher.from_db(None, RESEARCHER_FIELDS, fields)
    collaborator = Collaborator(researcher, joint_works, float(weight), is_close, first_year, last_year)
    works = [Work.from_db(None, WORK_FIELDS, values) for values in newest]
    return CollaboratorEdge(collaborator, authors, works, frozenset(work_ids))


def say_works(number: int, noun: str = "work") -> str:
    """Say how many works there are."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def say_years(first: int, last: int) -> str:
    """`2019` or `2019–2022`."""
    return str(first) if first == last else f"{first}–{last}"

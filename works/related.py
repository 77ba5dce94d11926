"""Works that are related to one: by the same people, on the same topics."""

from dataclasses import dataclass

from django.db import connection

from works.models import Work
from works.queries import visible_works

RELATED_SHOWN = 5
# Of a long byline the first names tell, and of a person with a thousand works the last of them: the page stays fast.
NEAREST = """
    WITH authors AS MATERIALIZED (
        SELECT researcher_id FROM works_authorship
        WHERE work_id = %(work)s AND researcher_id IS NOT NULL AND attribution <> 'disputed' AND position <= 25
        GROUP BY researcher_id
    ), others AS MATERIALIZED (
        SELECT a.work_id, count(DISTINCT authors.researcher_id) AS people
        FROM authors CROSS JOIN LATERAL (
            SELECT work_id FROM works_authorship x
            WHERE x.researcher_id = authors.researcher_id AND x.work_id <> %(work)s AND x.attribution <> 'disputed'
            ORDER BY work_id DESC LIMIT 100
        ) a
        GROUP BY a.work_id ORDER BY people DESC, a.work_id DESC LIMIT 100
    )
    SELECT others.work_id, people, (
        SELECT count(*) FROM works_worktopic mine JOIN works_worktopic theirs USING (topic_id)
        WHERE mine.work_id = %(work)s AND theirs.work_id = others.work_id
    ) AS topics
    FROM others JOIN works_work w ON w.id = others.work_id AND NOT w.hidden
    ORDER BY people DESC, topics DESC, w.current_version_at DESC, w.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class RelatedWork:
    """A work with how many of the people and topics of the other one it has."""

    work: Work
    people: int
    topics: int


def list_related_works(work: Work) -> list[RelatedWork]:
    """Return works that share people with the work, then topics, then are newer; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, {"work": work.pk, "limit": RELATED_SHOWN})
        rows = cursor.fetchall()
    found = visible_works().only("arxiv_id", "title", "year", "curated").in_bulk([row[0] for row in rows])
    return [RelatedWork(found[pk], people, topics) for pk, people, topics in rows if pk in found]

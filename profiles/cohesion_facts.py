"""Read what bears on whose the works of a record are, for many records at once."""

import json
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from profiles.cohesion import LONGEST_TELLING_BYLINE, WorkFacts
from profiles.resemblance import PairFacts, names_agree

FACTS = f"""
SELECT a.researcher_id, a.id, w.id, w.arxiv_id, w.year, a.printed_name, a.attribution,
    ARRAY(SELECT t.code FROM works_worktopic wt JOIN works_topic t ON t.id = wt.topic_id WHERE wt.work_id = w.id),
    byline.people, byline.length
FROM works_authorship a
JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
CROSS JOIN LATERAL (
    -- One more than can tell is enough to know that it cannot.
    SELECT count(*) AS length, array_agg(o.researcher_id) AS people FROM (
        SELECT researcher_id FROM works_authorship
        WHERE work_id = w.id AND kind = 'person' LIMIT {LONGEST_TELLING_BYLINE + 1}
    ) o
) byline
WHERE a.researcher_id = ANY(%s) AND a.attribution <> 'disputed'
ORDER BY a.researcher_id, w.year DESC, w.title, w.id
"""  # noqa: S608 - composed of a constant


def list_work_facts(researcher_ids: Iterable[int]) -> dict[int, list[WorkFacts]]:
    """Return the works of each researcher in the order of their page, without disputed and hidden ones; one query."""
    facts: dict[int, list[WorkFacts]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [list(researcher_ids)])
        for researcher_id, pk, work_id, arxiv_id, year, name, attribution, topics, people, length in cursor:
            telling = length <= LONGEST_TELLING_BYLINE
            facts[researcher_id].append(
                WorkFacts(
                    authorship_id=pk,
                    work_id=work_id,
                    arxiv_id=arxiv_id,
                    year=year,
                    printed_name=name,
                    attribution=attribution,
                    topics=frozenset(topics),
                    coauthors=frozenset(each for each in people if telling and each and each != researcher_id),
                    byline_length=length,
                )
            )
    return facts


# Of each record in question: others of its surname whom its co-authors wrote with, and who those co-authors are.
# Bylines that are too long to tell are left out on both sides.
PAIRS = f"""
WITH mine AS MATERIALIZED (
    SELECT r.id AS researcher_id, split_part(r.name_key, '|', 1) AS surname, a.work_id
    FROM profiles_researcher r
    JOIN works_authorship a ON a.researcher_id = r.id
    WHERE r.id = ANY(%(ids)s) AND r.state IN ('unclaimed', 'claimed')
        AND NOT EXISTS (
            SELECT FROM works_authorship o WHERE o.work_id = a.work_id AND o.position > {LONGEST_TELLING_BYLINE}
        )
),
colleague AS MATERIALIZED (
    SELECT DISTINCT mine.researcher_id, mine.surname, o.researcher_id AS colleague_id
    FROM mine JOIN works_authorship o ON o.work_id = mine.work_id AND o.researcher_id <> mine.researcher_id
),
pair AS MATERIALIZED (
    SELECT c.researcher_id, other.researcher_id AS other_id, array_agg(DISTINCT c.colleague_id) AS colleagues
    FROM colleague c
    JOIN works_authorship theirs ON theirs.researcher_id = c.colleague_id
    JOIN works_authorship other ON other.work_id = theirs.work_id
        AND split_part(other.name_key, '|', 1) = c.surname
        AND other.researcher_id NOT IN (c.researcher_id, c.colleague_id)
        AND other.position <= {LONGEST_TELLING_BYLINE}
    GROUP BY c.researcher_id, other.researcher_id
)
SELECT r.id, o.id, r.name_key, o.name_key, pair.colleagues
FROM pair
JOIN profiles_researcher r ON r.id = pair.researcher_id
JOIN profiles_researcher o ON o.id = pair.other_id AND o.state IN ('unclaimed', 'claimed')
"""  # noqa: S608 - composed of a constant

# What the few pairs whose names agree have in common.
COMMON = """
SELECT r.id, o.id, r.display_name, o.display_name, r.name_key, o.name_key,
    ARRAY(
        SELECT c.display_name FROM jsonb_array_elements_text(pair.colleagues) each
        JOIN profiles_researcher c ON c.id = each::bigint ORDER BY c.display_name
    ),
    ARRAY(
        SELECT code FROM works_topic WHERE id IN (
            SELECT wt.topic_id FROM works_authorship a JOIN works_worktopic wt USING (work_id)
            WHERE a.researcher_id = r.id
            INTERSECT
            SELECT wt.topic_id FROM works_authorship a JOIN works_worktopic wt USING (work_id)
            WHERE a.researcher_id = o.id
        ) ORDER BY code
    ),
    (SELECT count(*) FROM works_authorship a JOIN works_authorship b USING (work_id)
        WHERE a.researcher_id = r.id AND b.researcher_id = o.id)
FROM jsonb_to_recordset(%s::jsonb) AS pair (one bigint, other bigint, colleagues jsonb)
JOIN profiles_researcher r ON r.id = pair.one
JOIN profiles_researcher o ON o.id = pair.other
"""


def list_pair_facts(researcher_ids: Iterable[int]) -> dict[tuple[int, int], PairFacts]:
    """Return the pairs of records (by id, the lower first) whose names agree and who wrote with the same people.

    One of each pair is among the ids. Two queries: most pairs of a surname are told apart by their names alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"ids": list(researcher_ids)})
        pairs = {
            (min(one, other), max(one, other)): colleagues
            for one, other, key, other_key, colleagues in cursor
            if names_agree(key, other_key)
        }
        if not pairs:
            return {}
        rows = [{"one": pair[0], "other": pair[1], "colleagues": people} for pair, people in pairs.items()]
        cursor.execute(COMMON, [json.dumps(rows)])
        return {
            (one, other): PairFacts((name, other_name), (key, other_key), coauthors, topics, joint)
            for one, other, name, other_name, key, other_key, coauthors, topics, joint in cursor
        }

"""Count the facts that trust is computed from, and keep what was computed."""

from collections.abc import Iterable
from dataclasses import asdict

from django.db import connection, transaction
from django.db.models.functions import Now

from profiles.models import TrustSnapshot
from profiles.trust import TrustFacts, compute_trust
from works.arxiv.load import lock_bylines

CLOSE_MINIMUM_JOINT_WORKS = 2
CLOSE_MINIMUM_WEIGHT = 0.4
LARGEST_WEIGHTED_BYLINE = 25

# Newman's weight: 1/(n − 1) for each joint work of n authors; nothing for bylines longer than 25.
# M. E. J. Newman, PNAS 98, 404 (2001). Rounded, because 1/3 + 1/15 must reach 0.4.
WEIGHT = f"""round(COALESCE(sum(1.0 / (byline.authors - 1))
    FILTER (WHERE byline.authors BETWEEN 2 AND {LARGEST_WEIGHTED_BYLINE}), 0), 6)"""
# Co-authors who were removed at their wish are neither listed nor counted.
NOT_SUPPRESSED = "other.researcher_id NOT IN (SELECT id FROM profiles_researcher WHERE state = 'suppressed')"
MINE = """
    mine AS MATERIALIZED (
        SELECT a.researcher_id, a.work_id, COALESCE((w.curated->>'year')::smallint, w.year) AS year,
            COALESCE(w.curated->>'doi', w.doi) <> '' OR COALESCE(w.curated->>'journal_ref', w.journal_ref) <> ''
                AS of_record
        FROM works_authorship a JOIN works_work w ON w.id = a.work_id
        WHERE a.researcher_id = ANY(%(researcher_ids)s) AND a.attribution <> 'disputed' AND NOT w.hidden
    ),
    byline AS MATERIALIZED (
        SELECT work_id, count(*) AS authors FROM works_authorship
        WHERE work_id IN (SELECT work_id FROM mine) AND kind = 'person' GROUP BY work_id
    )
"""
# Only bylines that carry weight are joined with themselves: 1,000 authors would make a million pairs.
# Who is near enough by weight but shares only one such work may share another with a longer byline.
FACTS = f"""
WITH {MINE},
weighed AS (
    SELECT mine.researcher_id, other.researcher_id AS collaborator_id, count(*) AS joint_works, {WEIGHT} AS weight
    FROM byline
    JOIN mine ON mine.work_id = byline.work_id
    JOIN works_authorship other ON other.work_id = byline.work_id
        AND other.researcher_id <> mine.researcher_id AND other.attribution <> 'disputed' AND {NOT_SUPPRESSED}
    WHERE byline.authors BETWEEN 2 AND {LARGEST_WEIGHTED_BYLINE}
    GROUP BY mine.researcher_id, other.researcher_id
),
close AS (
    SELECT researcher_id, count(*) AS collaborators FROM weighed
    WHERE weight >= {CLOSE_MINIMUM_WEIGHT} AND {CLOSE_MINIMUM_JOINT_WORKS} <= CASE
        WHEN joint_works >= {CLOSE_MINIMUM_JOINT_WORKS} THEN joint_works
        ELSE joint_works + (
            SELECT count(*) FROM mine
            JOIN byline ON byline.work_id = mine.work_id AND byline.authors > {LARGEST_WEIGHTED_BYLINE}
            JOIN works_authorship other ON other.work_id = mine.work_id AND other.attribution <> 'disputed'
            WHERE mine.researcher_id = weighed.researcher_id AND other.researcher_id = weighed.collaborator_id
        ) END
    GROUP BY researcher_id
),
counted AS (
    SELECT researcher_id, count(*) AS works, count(DISTINCT year) AS active_years,
        count(*) FILTER (WHERE of_record) AS works_of_record
    FROM mine GROUP BY researcher_id
),
topic AS (
    SELECT mine.researcher_id, count(DISTINCT wt.topic_id) AS topics
    FROM mine JOIN works_worktopic wt USING (work_id) GROUP BY mine.researcher_id
),
verified_follower AS (
    SELECT f.researcher_id, count(DISTINCT f.follower_id) AS followers
    FROM profiles_follow f
    WHERE f.researcher_id = ANY(%(researcher_ids)s) AND EXISTS (
        SELECT 1 FROM profiles_researcher own
        WHERE own.owner_id = f.follower_id AND own.identity_level >= 3 AND own.id <> f.researcher_id
    )
    GROUP BY f.researcher_id
)
SELECT r.id, r.identity_level, COALESCE(works, 0), COALESCE(active_years, 0), COALESCE(works_of_record, 0),
    COALESCE(topics, 0), COALESCE(collaborators, 0), r.vouching_coauthors, r.affiliation_verified,
    COALESCE(r.confirmed_at > now() - interval '1 year', false), COALESCE(followers, 0)
FROM profiles_researcher r
LEFT JOIN counted ON counted.researcher_id = r.id
LEFT JOIN topic ON topic.researcher_id = r.id
LEFT JOIN close ON close.researcher_id = r.id
LEFT JOIN verified_follower ON verified_follower.researcher_id = r.id
WHERE r.id = ANY(%(researcher_ids)s)
"""  # noqa: S608 - composed of the constants above


def count_facts(researcher_ids: Iterable[int]) -> dict[int, TrustFacts]:
    """Count what there is about each researcher, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"researcher_ids": list(researcher_ids)})
        return {
            researcher_id: TrustFacts(*facts)  # in the order of the fields
            for researcher_id, *facts in cursor
        }


@transaction.atomic
def refresh_trust(researcher_ids: Iterable[int]) -> None:
    """Compute and store the trust of the researchers; ids that do not exist are passed over.

    No byline changes between the count and its time stamp, so a work changed after `computed_at` was not counted.
    """
    lock_bylines()
    snapshots = [
        TrustSnapshot(
            researcher_id=researcher_id,
            score=(report := compute_trust(facts)).score,
            formula_version=report.formula_version,
            facts=asdict(facts),
            computed_at=Now(),
        )
        for researcher_id, facts in sorted(count_facts(researcher_ids).items())
    ]
    TrustSnapshot.objects.bulk_create(
        snapshots,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["researcher"],
        update_fields=["score", "formula_version", "facts", "computed_at"],
    )

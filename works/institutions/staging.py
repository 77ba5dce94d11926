"""The staging tables of the registry's import, and the statements that carry their rows into the real ones."""

CREATE_STAGING = """
CREATE TEMPORARY TABLE stage_institution (
    ror_id text PRIMARY KEY, name text, country_code text, city text, status text,
    website text, domains varchar(253)[], types varchar(24)[], is_new boolean, is_changed boolean
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_name (line bigint GENERATED ALWAYS AS IDENTITY, ror_id text, kind text, value text)
    ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_relation (ror_id text, kind text, related text) ON COMMIT DROP;
"""
COPY_INSTITUTIONS = """COPY stage_institution (ror_id, name, country_code, city, status, website, domains, types)
    FROM STDIN"""
COPY_NAMES = "COPY stage_name (ror_id, kind, value) FROM STDIN"
COPY_RELATIONS = "COPY stage_relation (ror_id, kind, related) FROM STDIN"

FORGET = (
    "DELETE FROM stage_institution WHERE ror_id = ANY(%s)",
    "DELETE FROM stage_name WHERE ror_id = ANY(%s)",
    "DELETE FROM stage_relation WHERE ror_id = ANY(%s)",
)

INDEX_STAGING = """
CREATE INDEX ON stage_name (ror_id);
CREATE INDEX ON stage_relation (ror_id);
ANALYZE stage_institution, stage_name, stage_relation;
"""
# What is new is told apart before anything is written; relations and names count as part of the organisation.
MARK_CHANGED = """
UPDATE stage_institution s SET is_new = i.id IS NULL, is_changed = i.id IS NULL
    OR (i.name, i.country_code, i.city, i.status, i.website, i.domains, i.types)
        IS DISTINCT FROM (s.name, s.country_code, s.city, s.status, s.website, s.domains, s.types)
    OR (SELECT array_agg(n.kind || n.value ORDER BY n.kind, n.value) FROM works_institutionname n
            WHERE n.institution_id = i.id)
        IS DISTINCT FROM (SELECT array_agg(n.kind || n.value ORDER BY n.kind, n.value) FROM stage_name n
            WHERE n.ror_id = s.ror_id)
    OR (SELECT count(*) FROM works_institutionrelation r WHERE r.institution_id = i.id)
        <> (SELECT count(DISTINCT (r.kind, r.related)) FROM stage_relation r
            JOIN works_institution o ON o.ror_id = r.related WHERE r.ror_id = s.ror_id)
FROM stage_institution t LEFT JOIN works_institution i ON i.ror_id = t.ror_id
WHERE t.ror_id = s.ror_id
"""
UPSERT_INSTITUTIONS = """
INSERT INTO works_institution AS i (ror_id, name, country_code, city, status, website, domains, types)
SELECT ror_id, name, country_code, city, status, website, domains, types FROM stage_institution WHERE is_changed
ORDER BY ror_id
ON CONFLICT (ror_id) DO UPDATE SET
    name = excluded.name, country_code = excluded.country_code, city = excluded.city, status = excluded.status,
    website = excluded.website, domains = excluded.domains, types = excluded.types, changed_at = clock_timestamp()
"""
CARRY_NAMES_AND_RELATIONS = (
    """DELETE FROM works_institutionname n USING stage_institution s JOIN works_institution i USING (ror_id)
    WHERE n.institution_id = i.id AND s.is_changed AND NOT EXISTS (SELECT FROM stage_name sn
        WHERE sn.ror_id = s.ror_id AND sn.kind = n.kind AND sn.value = n.value)""",
    """INSERT INTO works_institutionname (institution_id, kind, value)
    SELECT i.id, sn.kind, sn.value
    FROM stage_institution s JOIN works_institution i USING (ror_id) JOIN stage_name sn USING (ror_id)
    WHERE s.is_changed ORDER BY sn.line ON CONFLICT DO NOTHING""",
    """DELETE FROM works_institutionrelation r USING stage_institution s JOIN works_institution i USING (ror_id)
    WHERE r.institution_id = i.id AND NOT EXISTS (SELECT FROM stage_relation sr
        JOIN works_institution o ON o.ror_id = sr.related
        WHERE sr.ror_id = s.ror_id AND sr.kind = r.kind AND o.id = r.related_id)""",
    """INSERT INTO works_institutionrelation (institution_id, kind, related_id)
    SELECT i.id, sr.kind, o.id FROM works_institution i JOIN stage_relation sr USING (ror_id)
        JOIN works_institution o ON o.ror_id = sr.related
    WHERE o.id <> i.id ON CONFLICT DO NOTHING""",
)
COUNT = """
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_changed AND NOT is_new),
    count(*) FILTER (WHERE NOT is_changed) FROM stage_institution
"""
DROP_STAGING = "DROP TABLE stage_institution, stage_name, stage_relation"

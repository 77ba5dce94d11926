"""The sources of kept slices, their changes, and the triggers that note them in the transaction that makes them."""

import django.db.models.functions.datetime
from django.db import migrations, models

KINDS = [
    (1, "a person's name, state and own bylines"),
    (2, "whatever stands on a person's works, and what becomes of those works"),
    (3, "a work's title, year and visibility"),
]
# What is said of (kind, key) pairs is written only where somebody watches; where nobody does, as during a first load,
# nothing is even looked at.
NOTE_BYLINES = """
CREATE FUNCTION graph_note_changed_bylines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM graph_watched) THEN RETURN NULL; END IF;
    WITH changed AS MATERIALIZED (
        SELECT o.work_id, o.researcher_id AS before, n.researcher_id AS after
        FROM was o JOIN written n USING (id)
        WHERE o.researcher_id IS DISTINCT FROM n.researcher_id
            OR (o.attribution = 'disputed') <> (n.attribution = 'disputed')
            OR o.printed_affiliation <> n.printed_affiliation
    ),
    source AS (
        SELECT 1 AS kind, before AS key FROM changed UNION SELECT 1, after FROM changed
        UNION SELECT 2, before FROM changed UNION SELECT 2, after FROM changed
        UNION SELECT 2, a.researcher_id FROM works_authorship a WHERE a.work_id IN (SELECT work_id FROM changed)
    )
    INSERT INTO graph_change (kind, key) SELECT kind, key FROM source JOIN graph_watched USING (kind, key);
    RETURN NULL;
END $$;
CREATE TRIGGER graph_changed_bylines AFTER UPDATE ON works_authorship
    REFERENCING OLD TABLE AS was NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION graph_note_changed_bylines();
CREATE FUNCTION graph_note_deleted_bylines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM graph_watched) THEN RETURN NULL; END IF;
    WITH source AS (
        SELECT kind.kind, was.researcher_id AS key FROM was, (VALUES (1), (2)) AS kind (kind)
        UNION SELECT 2, a.researcher_id FROM works_authorship a WHERE a.work_id IN (SELECT work_id FROM was)
    )
    INSERT INTO graph_change (kind, key) SELECT kind, key FROM source JOIN graph_watched USING (kind, key);
    RETURN NULL;
END $$;
CREATE TRIGGER graph_deleted_bylines AFTER DELETE ON works_authorship
    REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION graph_note_deleted_bylines();
"""
NOTE_WORKS = """
CREATE FUNCTION graph_note_changed_works() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM graph_watched) THEN RETURN NULL; END IF;
    WITH changed AS MATERIALIZED (
        SELECT id FROM was o JOIN written n USING (id)
        WHERE o.record_digest IS DISTINCT FROM n.record_digest OR o.hidden <> n.hidden
            OR o.curated IS DISTINCT FROM n.curated OR o.title <> n.title OR o.year <> n.year
    ),
    source AS (
        SELECT 3 AS kind, id AS key FROM changed
        UNION SELECT kind.kind, a.researcher_id
        FROM works_authorship a, (VALUES (1), (2)) AS kind (kind) WHERE a.work_id IN (SELECT id FROM changed)
    )
    INSERT INTO graph_change (kind, key) SELECT kind, key FROM source JOIN graph_watched USING (kind, key);
    RETURN NULL;
END $$;
CREATE TRIGGER graph_changed_works AFTER UPDATE ON works_work
    REFERENCING OLD TABLE AS was NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION graph_note_changed_works();
"""
# Whoever is listed no more, or again, stands in other company's slices, too, also where they were not shown before.
NOTE_PEOPLE = """
CREATE FUNCTION graph_note_changed_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM graph_watched) THEN RETURN NULL; END IF;
    WITH changed AS MATERIALIZED (
        SELECT id, (o.state IN ('unclaimed', 'claimed')) <> (n.state IN ('unclaimed', 'claimed')) AS in_lists
        FROM was o JOIN written n USING (id)
        WHERE o.display_name <> n.display_name OR o.slug <> n.slug
            OR (o.state IN ('unclaimed', 'claimed')) <> (n.state IN ('unclaimed', 'claimed'))
    ),
    source AS (
        SELECT 1 AS kind, id AS key FROM changed
        UNION SELECT 2, other.researcher_id
        FROM changed JOIN works_authorship mine ON mine.researcher_id = changed.id AND changed.in_lists
        JOIN works_authorship other ON other.work_id = mine.work_id
    )
    INSERT INTO graph_change (kind, key) SELECT kind, key FROM source JOIN graph_watched USING (kind, key);
    RETURN NULL;
END $$;
CREATE TRIGGER graph_changed_people AFTER UPDATE ON profiles_researcher
    REFERENCING OLD TABLE AS was NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION graph_note_changed_people();
"""
NOTE_AFFILIATIONS = """
CREATE FUNCTION graph_note_changed_affiliations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM graph_watched) THEN RETURN NULL; END IF;
    WITH source AS (
        SELECT DISTINCT a.researcher_id AS key
        FROM matched JOIN works_printedaffiliation p ON p.id = matched.printed_affiliation_id
        JOIN works_authorship a ON a.printed_affiliation = p.text AND NOT (a.printed_affiliation = '')
    )
    INSERT INTO graph_change (kind, key) SELECT 2, key FROM source JOIN graph_watched USING (key) WHERE kind = 2;
    RETURN NULL;
END $$;
CREATE TRIGGER graph_new_affiliations AFTER INSERT ON works_affiliationmatch
    REFERENCING NEW TABLE AS matched FOR EACH STATEMENT EXECUTE FUNCTION graph_note_changed_affiliations();
CREATE TRIGGER graph_deleted_affiliations AFTER DELETE ON works_affiliationmatch
    REFERENCING OLD TABLE AS matched FOR EACH STATEMENT EXECUTE FUNCTION graph_note_changed_affiliations();
"""
UNDO = {
    "bylines": "DROP TRIGGER graph_changed_bylines ON works_authorship;"
    "DROP TRIGGER graph_deleted_bylines ON works_authorship;"
    "DROP FUNCTION graph_note_changed_bylines(); DROP FUNCTION graph_note_deleted_bylines();",
    "works": "DROP TRIGGER graph_changed_works ON works_work; DROP FUNCTION graph_note_changed_works();",
    "people": "DROP TRIGGER graph_changed_people ON profiles_researcher; DROP FUNCTION graph_note_changed_people();",
    "affiliations": "DROP TRIGGER graph_new_affiliations ON works_affiliationmatch;"
    "DROP TRIGGER graph_deleted_affiliations ON works_affiliationmatch;"
    "DROP FUNCTION graph_note_changed_affiliations();",
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [("profiles", "0010_find_suppressed"), ("works", "0010_authorships_by_affiliation")]

    operations = [
        migrations.CreateModel(
            name="Watched",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.PositiveSmallIntegerField(choices=KINDS)),
                ("key", models.BigIntegerField()),
                ("watched_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"db_table": "graph_watched"},
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.PositiveSmallIntegerField(choices=KINDS)),
                ("key", models.BigIntegerField()),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "graph_change",
                "indexes": [models.Index(fields=["kind", "key", "id"], name="graph_change_of")],
            },
        ),
        migrations.RunSQL(NOTE_BYLINES, UNDO["bylines"]),
        migrations.RunSQL(NOTE_WORKS, UNDO["works"]),
        migrations.RunSQL(NOTE_PEOPLE, UNDO["people"]),
        migrations.RunSQL(NOTE_AFFILIATIONS, UNDO["affiliations"]),
    ]

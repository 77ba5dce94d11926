"""Notes of what strangers' works do to a kept slice, and of new names of topics and institutions."""

from django.db import migrations, models

KINDS = [
    (1, "a person's name, state and own bylines"),
    (2, "whatever stands on a person's works, and what becomes of those works"),
    (3, "a work's title, year and visibility"),
    (4, "a topic's name, which works carry it, and what those say"),
    (5, "an institution's name"),
]
# A work is looked for near a slice only by its collaborators, whose bylines are noted, and on its topics. So what brings
# one near is a work that gets a topic or loses it, or one that says something else, is hidden or shown again.
NOTE_TOPICS = """
CREATE FUNCTION graph_note_topics_of_works() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM graph_watched) THEN RETURN NULL; END IF;
    INSERT INTO graph_change (kind, key)
    SELECT w.kind, w.key FROM graph_watched w WHERE w.kind = 4 AND w.key IN (SELECT topic_id FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER graph_new_topics_of_works AFTER INSERT ON works_worktopic
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION graph_note_topics_of_works();
CREATE TRIGGER graph_deleted_topics_of_works AFTER DELETE ON works_worktopic
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION graph_note_topics_of_works();
"""
NOTE_TEXTS = """
CREATE FUNCTION graph_note_changed_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM graph_watched) THEN RETURN NULL; END IF;
    WITH source AS (
        SELECT DISTINCT unnest(n.topic_ids) AS key FROM was o JOIN written n USING (id)
        WHERE o.title <> n.title OR o.hidden <> n.hidden OR o.curated IS DISTINCT FROM n.curated
            OR o.abstract <> n.abstract
    )
    INSERT INTO graph_change (kind, key) SELECT kind, key FROM source JOIN graph_watched USING (key) WHERE kind = 4;
    RETURN NULL;
END $$;
CREATE TRIGGER graph_changed_texts AFTER UPDATE ON works_work
    REFERENCING OLD TABLE AS was NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION graph_note_changed_texts();
"""
NOTE_NAMES = """
CREATE FUNCTION graph_note_renamed_topics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO graph_change (kind, key)
    SELECT w.kind, w.key FROM was o JOIN written n USING (id) JOIN graph_watched w ON w.kind = 4 AND w.key = id
    WHERE o.name <> n.name OR o.code <> n.code;
    RETURN NULL;
END $$;
CREATE TRIGGER graph_renamed_topics AFTER UPDATE ON works_topic
    REFERENCING OLD TABLE AS was NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION graph_note_renamed_topics();
CREATE FUNCTION graph_note_renamed_institutions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO graph_change (kind, key)
    SELECT w.kind, w.key FROM was o JOIN written n USING (id) JOIN graph_watched w ON w.kind = 5 AND w.key = id
    WHERE o.name <> n.name OR o.ror_id IS DISTINCT FROM n.ror_id;
    RETURN NULL;
END $$;
CREATE TRIGGER graph_renamed_institutions AFTER UPDATE ON works_institution
    REFERENCING OLD TABLE AS was NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION graph_note_renamed_institutions();
"""
UNDO = {
    "topics": "DROP TRIGGER graph_new_topics_of_works ON works_worktopic;"
    "DROP TRIGGER graph_deleted_topics_of_works ON works_worktopic; DROP FUNCTION graph_note_topics_of_works();",
    "texts": "DROP TRIGGER graph_changed_texts ON works_work; DROP FUNCTION graph_note_changed_texts();",
    "names": "DROP TRIGGER graph_renamed_topics ON works_topic; DROP FUNCTION graph_note_renamed_topics();"
    "DROP TRIGGER graph_renamed_institutions ON works_institution; DROP FUNCTION graph_note_renamed_institutions();",
}


class Migration(migrations.Migration):
    dependencies = [("graph", "0001_changes_of_slices"), ("works", "0014_topics_by_date")]

    operations = [
        migrations.AlterField("Watched", "kind", models.PositiveSmallIntegerField(choices=KINDS)),
        migrations.AlterField("Change", "kind", models.PositiveSmallIntegerField(choices=KINDS)),
        migrations.RunSQL(NOTE_TOPICS, UNDO["topics"]),
        migrations.RunSQL(NOTE_TEXTS, UNDO["texts"]),
        migrations.RunSQL(NOTE_NAMES, UNDO["names"]),
    ]

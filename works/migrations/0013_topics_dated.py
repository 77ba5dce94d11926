"""The date beside each topic of a work, and the topics beside the text of a work: each for an index that has both.

A topic's newest works are then one range of a B-tree, and the works that have a word and a topic one look-up in a GIN.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# The loader copies the date in; whatever else gives a work a topic has it filled in here. Loads hold the lock of
# `works.arxiv.load`, so no date changes between the look-up and the commit.
FILLED = """
CREATE FUNCTION works_date_new_topic() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT current_version_at INTO NEW.current_version_at FROM works_work WHERE id = NEW.work_id;
    RETURN NEW;
END $$;
CREATE TRIGGER works_worktopic_date_filled BEFORE INSERT ON works_worktopic
    FOR EACH ROW WHEN (NEW.current_version_at IS NULL) EXECUTE FUNCTION works_date_new_topic();
"""
NOT_FILLED = """
DROP TRIGGER works_worktopic_date_filled ON works_worktopic;
DROP FUNCTION works_date_new_topic();
"""
# A new version moves the topics of the work with it, in the same transaction, whoever wrote it.
FOLLOWED = """
CREATE FUNCTION works_move_topic_dates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE works_worktopic SET current_version_at = NEW.current_version_at WHERE work_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER works_worktopic_date_followed AFTER UPDATE OF current_version_at ON works_work
    FOR EACH ROW WHEN (OLD.current_version_at <> NEW.current_version_at) EXECUTE FUNCTION works_move_topic_dates();
"""
NOT_FOLLOWED = """
DROP TRIGGER works_worktopic_date_followed ON works_work;
DROP FUNCTION works_move_topic_dates();
"""
# The loader copies these as well; a work whose topics are as it says is not written again.
GATHERED = """
CREATE FUNCTION works_gather_topics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE works_work w SET topic_ids = gathered.ids FROM (
        SELECT work_id, ARRAY(
            SELECT topic_id::int FROM works_worktopic t WHERE t.work_id = changed.work_id ORDER BY 1) AS ids
        FROM changed GROUP BY work_id
    ) gathered WHERE w.id = gathered.work_id AND w.topic_ids <> gathered.ids;
    RETURN NULL;
END $$;
CREATE TRIGGER works_worktopic_gathered_when_new AFTER INSERT ON works_worktopic
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION works_gather_topics();
CREATE TRIGGER works_worktopic_gathered_when_gone AFTER DELETE ON works_worktopic
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION works_gather_topics();
"""
NOT_GATHERED = """
DROP TRIGGER works_worktopic_gathered_when_new ON works_worktopic;
DROP TRIGGER works_worktopic_gathered_when_gone ON works_worktopic;
DROP FUNCTION works_gather_topics();
"""
BACKFILL = """
UPDATE works_worktopic t SET current_version_at = w.current_version_at FROM works_work w WHERE w.id = t.work_id;
UPDATE works_work w SET topic_ids = gathered.ids
    FROM (SELECT work_id, array_agg(topic_id::int ORDER BY topic_id) AS ids FROM works_worktopic GROUP BY work_id) gathered
    WHERE gathered.work_id = w.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("works", "0012_drop_title_trigrams")]
    operations = [
        migrations.AddField(
            model_name="worktopic",
            name="current_version_at",
            field=models.DateTimeField(editable=False, help_text="That of the work", null=True),
        ),
        migrations.AddField(
            model_name="work",
            name="topic_ids",
            field=ArrayField(models.IntegerField(), default=list, db_default=[], editable=False, size=None),
        ),
        migrations.RunSQL(FILLED, NOT_FILLED),
        migrations.RunSQL(FOLLOWED, NOT_FOLLOWED),
        migrations.RunSQL(GATHERED, NOT_GATHERED),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="worktopic",
            constraint=models.CheckConstraint(
                condition=models.Q(("current_version_at__isnull", False)), name="works_worktopic_dated"
            ),
        ),
    ]

"""The date of its current version beside each topic of a work: a topic's newest works are then one range of an index."""

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
BACKFILL = """
UPDATE works_worktopic t SET current_version_at = w.current_version_at FROM works_work w WHERE w.id = t.work_id;
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
        migrations.RunSQL(FILLED, NOT_FILLED),
        migrations.RunSQL(FOLLOWED, NOT_FOLLOWED),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="worktopic",
            constraint=models.CheckConstraint(
                condition=models.Q(("current_version_at__isnull", False)), name="works_worktopic_dated"
            ),
        ),
    ]

"""Index the words of titles together with topics and institutions."""

from django.db import migrations

# Under the name that it had, and never without an index. Backwards these run from the last to the first.
STEPS = {
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS search_work_title_all"
    " ON works_work USING gin (search_title_words(title), topic_ids, institution_ids)": "ALTER INDEX"
    " search_work_title_topics RENAME TO search_work_title",
    "DROP INDEX CONCURRENTLY IF EXISTS search_work_title": "DROP INDEX CONCURRENTLY IF EXISTS search_work_title",
    "ALTER INDEX search_work_title_all RENAME TO search_work_title": "CREATE INDEX CONCURRENTLY IF NOT EXISTS"
    " search_work_title_topics ON works_work USING gin (search_title_words(title), topic_ids)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0005_proven_orcids"), ("works", "0016_words_with_institutions")]
    operations = [migrations.RunSQL(step, undone) for step, undone in STEPS.items()]

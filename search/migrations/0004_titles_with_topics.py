"""Index the words of titles together with topics: a common word on a rare topic is then one look-up."""

from django.db import migrations

# Under the name that it had, and never without an index. Backwards these run from the last to the first.
STEPS = {
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS search_work_title_topics"
    " ON works_work USING gin (search_title_words(title), topic_ids)": "ALTER INDEX search_work_title_alone"
    " RENAME TO search_work_title",
    "DROP INDEX CONCURRENTLY IF EXISTS search_work_title": "DROP INDEX CONCURRENTLY IF EXISTS search_work_title",
    "ALTER INDEX search_work_title_topics RENAME TO search_work_title": "CREATE INDEX CONCURRENTLY IF NOT EXISTS"
    " search_work_title_alone ON works_work USING gin (search_title_words(title))",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0003_title_beginnings"), ("works", "0014_topics_by_date")]
    operations = [migrations.RunSQL(step, undone) for step, undone in STEPS.items()]

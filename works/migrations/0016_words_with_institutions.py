"""Index words together with topics and institutions; nothing waits for it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

CREATE = "CREATE INDEX CONCURRENTLY IF NOT EXISTS"
# Under the name that it has elsewhere, and never without an index.
WITH = [
    f"{CREATE} works_work_search_all ON works_work USING gin (search_vector, topic_ids, institution_ids)",
    "DROP INDEX CONCURRENTLY IF EXISTS works_work_search",
    "ALTER INDEX works_work_search_all RENAME TO works_work_search",
]
WITHOUT = [
    f"{CREATE} works_work_search_topics ON works_work USING gin (search_vector, topic_ids)",
    "DROP INDEX CONCURRENTLY IF EXISTS works_work_search",
    "ALTER INDEX works_work_search_topics RENAME TO works_work_search",
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("works", "0015_institutions_gathered")]

    operations = [
        # Backwards these run from the last to the first.
        *(migrations.RunSQL(step, undone) for step, undone in zip(WITH, WITHOUT[::-1], strict=True)),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="work", name="works_work_search"),
                migrations.AddIndex(
                    model_name="work",
                    index=GinIndex(fields=["search_vector", "topic_ids", "institution_ids"], name="works_work_search"),
                ),
            ]
        ),
    ]

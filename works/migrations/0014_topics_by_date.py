"""Index the works of each topic by date, words together with topics, and the few hidden works; nothing waits for it."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F

# Under the name that it has elsewhere, and never without an index.
WITH_TOPICS = [
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS works_work_search_topics ON works_work USING gin (search_vector, topic_ids)",
    "DROP INDEX CONCURRENTLY IF EXISTS works_work_search",
    "ALTER INDEX works_work_search_topics RENAME TO works_work_search",
]
WITHOUT_TOPICS = [
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS works_work_search_alone ON works_work USING gin (search_vector)",
    "DROP INDEX CONCURRENTLY IF EXISTS works_work_search",
    "ALTER INDEX works_work_search_alone RENAME TO works_work_search",
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("works", "0013_topics_dated")]

    operations = [
        # Backwards these run from the last to the first.
        *(migrations.RunSQL(step, undone) for step, undone in zip(WITH_TOPICS, WITHOUT_TOPICS[::-1], strict=True)),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="work", name="works_work_search"),
                migrations.AddIndex(
                    model_name="work",
                    index=GinIndex(fields=["search_vector", "topic_ids"], name="works_work_search"),
                ),
            ]
        ),
        AddIndexConcurrently(
            model_name="worktopic",
            index=models.Index(
                F("topic"), F("current_version_at").desc(), F("work").desc(), name="works_worktopic_newest"
            ),
        ),
        AddIndexConcurrently(
            model_name="work",
            index=models.Index(fields=["id"], condition=models.Q(("hidden", True)), name="works_work_hidden"),
        ),
    ]

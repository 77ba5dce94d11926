"""Index an eighth of all works besides: where common words have a thousand matches, nothing else need be looked at."""

from django.db import migrations

INDEXES = {"search_work_some_titles": "search_title_words(title)", "search_work_some_texts": "search_vector"}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0007_names_with_institutions"), ("works", "0016_words_with_institutions")]
    operations = [
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON works_work"
            f" USING gin ({words}, topic_ids, institution_ids) WHERE id % 8 = 0",
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        )
        for name, words in INDEXES.items()
    ]

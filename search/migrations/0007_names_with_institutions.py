"""Index the words of names together with institutions."""

from django.db import migrations

# Under the name that it had, and never without an index. Backwards these run from the last to the first.
STEPS = {
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS search_researcher_words_all"
    " ON profiles_researcher USING gin (search_name_words(search_name), institution_ids)": "ALTER INDEX"
    " search_researcher_words_alone RENAME TO search_researcher_words",
    "DROP INDEX CONCURRENTLY IF EXISTS search_researcher_words": "DROP INDEX CONCURRENTLY IF EXISTS"
    " search_researcher_words",
    "ALTER INDEX search_researcher_words_all RENAME TO search_researcher_words": "CREATE INDEX CONCURRENTLY IF NOT"
    " EXISTS search_researcher_words_alone ON profiles_researcher USING gin (search_name_words(search_name))",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0006_titles_with_institutions"), ("profiles", "0015_institutions_gathered")]
    operations = [migrations.RunSQL(step, undone) for step, undone in STEPS.items()]

"""Indexes for search and browsing, on tables of other rooms too; nothing is locked while they are built.

They are made in SQL and stand in no model: each is over a function or a collation that only this room's queries ask for.
docs/decisions/0008-search.md says what each costs.
"""

from django.db import migrations

INDEXES = {
    "search_researcher_words": "profiles_researcher USING gin (search_name_words(search_name))",
    # By family name for browsing; byte order, so that a prefix is one range and a page ends where the next begins.
    "search_researcher_by_name": 'profiles_researcher (name_key COLLATE "C", id)',
    "search_nameword_deletions": "search_nameword USING gin (search_deletions(word))",
    "search_titleword_deletions": "search_titleword USING gin (search_deletions(word))",
    "search_work_title": "works_work USING gin (search_title_words(title))",
    "search_work_year": "works_work (year)",
    "search_work_doi": "works_work USING gin (string_to_array(lower(doi), ' ')) WHERE doi <> ''",
    "search_institution_words": "works_institution USING gin (search_title_words(name))",
    "search_institution_trigrams": "works_institution USING gin (name gin_trgm_ops)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0001_words")]
    operations = [
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {definition}",
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        )
        for name, definition in INDEXES.items()
    ]

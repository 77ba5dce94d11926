"""Index the ORCID iDs that proofs hold for: an iD in the search box leads to its owner's page."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0004_titles_with_topics"), ("claims", "0001_tables")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS search_proven_orcid ON claims_evidence (address)"
            " WHERE kind IN ('orcid', 'author_feed') AND status = 'verified'",
            "DROP INDEX CONCURRENTLY IF EXISTS search_proven_orcid",
        )
    ]

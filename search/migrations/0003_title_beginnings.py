"""Index works by how their title begins: what is typed into the search box is mostly that, and common words cost most."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0002_indexes")]
    operations = [
        migrations.RunSQL(
            # Byte order, so that a beginning is one range; forty letters tell titles apart and take half the room.
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS search_work_beginning"
            ' ON works_work (left(lower(title), 40) COLLATE "C")',
            "DROP INDEX CONCURRENTLY IF EXISTS search_work_beginning",
        )
    ]

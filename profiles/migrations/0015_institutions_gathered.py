"""The institutions that a person's bylines mean, beside the names, for an index that has both."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

BACKFILL = """
UPDATE profiles_researcher r SET institution_ids = gathered.ids
FROM (
    SELECT a.researcher_id, array_agg(DISTINCT m.institution_id ORDER BY m.institution_id) AS ids
    FROM works_authorship a
    JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
    JOIN works_printedaffiliation p ON md5(p.text) = md5(a.printed_affiliation)
    JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id
    WHERE a.printed_affiliation <> '' AND a.attribution <> 'disputed' GROUP BY a.researcher_id
) gathered WHERE gathered.researcher_id = r.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("profiles", "0014_topic_follows"), ("works", "0015_institutions_gathered")]
    operations = [
        migrations.AddField(
            model_name="researcher",
            name="institution_ids",
            field=ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False, size=None),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]

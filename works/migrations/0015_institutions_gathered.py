"""The institutions that a work prints, beside its text, for an index that has both."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

BACKFILL = """
UPDATE works_work w SET institution_ids = gathered.ids
FROM (
    SELECT a.work_id, array_agg(DISTINCT m.institution_id ORDER BY m.institution_id) AS ids
    FROM works_authorship a
    JOIN works_printedaffiliation p ON md5(p.text) = md5(a.printed_affiliation)
    JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id
    WHERE a.printed_affiliation <> '' GROUP BY a.work_id
) gathered WHERE gathered.work_id = w.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("works", "0014_topics_by_date")]
    operations = [
        migrations.AddField(
            model_name="work",
            name="institution_ids",
            field=ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False, size=None),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]

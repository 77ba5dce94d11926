"""Index the bylines by what they print as affiliation; concurrently, because the table is the largest of all."""

from django.contrib.postgres.indexes import HashIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("works", "0009_institutions_from_ror")]

    operations = [
        AddIndexConcurrently(
            model_name="authorship",
            index=HashIndex(
                fields=["printed_affiliation"],
                condition=models.Q(("printed_affiliation", ""), _negated=True),
                name="works_authorship_affiliation",
            ),
        ),
    ]

"""One index on folded names for both equal names and ranges of them; the old one served the first only."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("profiles", "0007_resolution_runs")]
    operations = [
        AddIndexConcurrently(
            model_name="researcher",
            index=models.Index(
                OpClass(models.F("name_key"), name="text_pattern_ops"), name="profiles_researcher_names"
            ),
        ),
        RemoveIndexConcurrently(model_name="researcher", name="profiles_researcher_name_key"),
    ]

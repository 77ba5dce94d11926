"""Index the works of each topic by date, and the few hidden works; concurrently, so that nothing waits for it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("works", "0013_topics_dated")]

    operations = [
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

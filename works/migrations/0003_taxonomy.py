"""Loads arXiv's taxonomy; running it again brings the rows up to date."""

from django.db import migrations

from works.taxonomy import ARCHIVES, CATEGORIES, GROUPS, canonical_code


def load_topics(apps, schema_editor):
    Topic = apps.get_model("works", "Topic")
    for category in CATEGORIES.values():
        Topic.objects.update_or_create(
            code=category.code,
            defaults={
                "name": category.name,
                "archive": category.archive,
                "archive_name": ARCHIVES[category.archive].name,
                "group": category.group,
                "group_name": GROUPS[category.group].name,
                "active": category.active,
            },
        )
    ids = dict(Topic.objects.values_list("code", "pk"))
    for category in CATEGORIES.values():
        if category.alias_of and canonical_code(category.code) != category.code:
            Topic.objects.filter(code=category.code).update(alias_of_id=ids[category.alias_of])


class Migration(migrations.Migration):
    dependencies = [("works", "0002_tables")]
    operations = [migrations.RunPython(load_topics, migrations.RunPython.noop)]

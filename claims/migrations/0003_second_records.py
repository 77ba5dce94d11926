"""Proposals to merge an owner's second record, changes that an operation made, and where lists put hidden names."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from works.names import name_key


def place_in_lists(apps, schema_editor):
    """Put records that hide names already where their shown names belong."""
    pages = apps.get_model("claims", "OwnerPage").objects
    for record in apps.get_model("profiles", "Researcher").objects.exclude(hidden_names=[]).iterator():
        pages.update_or_create(researcher=record, defaults={"browse_key": name_key(record.display_name)})


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0002_steps_and_logs"),
        ("profiles", "0010_find_suppressed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MergeProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waiting for a curator"),
                            ("approved", "merged"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                ("decision_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="ownerpage",
            name="browse_key",
            field=models.TextField(blank=True, db_default="", editable=False),
        ),
        migrations.AddField(
            model_name="recordchange",
            name="operation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="profiles.identityoperation",
            ),
        ),
        migrations.AlterField(
            model_name="claimevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("submitted", "Submitted"),
                    ("evidence_added", "Evidence added"),
                    ("evidence_asked", "More evidence asked for"),
                    ("auto_approved", "Approved by rule"),
                    ("approved", "Approved by a curator"),
                    ("rejected", "Rejected"),
                    ("objected", "Objected to"),
                    ("objection_dismissed", "Objection dismissed"),
                    ("frozen", "Frozen"),
                    ("thawed", "Dispute decided for this claim"),
                    ("level_raised", "Level raised"),
                    ("renewal_due", "Renewal due"),
                    ("level_lapsed", "Level lapsed"),
                    ("window_passed", "Objection window passed"),
                    ("revoked", "Revoked"),
                    ("withdrawn", "Withdrawn"),
                    ("expired", "Expired"),
                    ("appealed", "Appealed"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddIndex(
            model_name="ownerpage",
            index=models.Index(
                django.db.models.functions.comparison.Collate("browse_key", "C"),
                models.F("researcher"),
                condition=models.Q(("browse_key", ""), _negated=True),
                name="claims_ownerpage_browse",
            ),
        ),
        migrations.AddField(
            model_name="mergeproposal",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merge_proposals", to="claims.claim"
            ),
        ),
        migrations.AddField(
            model_name="mergeproposal",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="mergeproposal",
            name="operation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="profiles.identityoperation",
            ),
        ),
        migrations.AddField(
            model_name="mergeproposal",
            name="researcher",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merge_proposals", to="profiles.researcher"
            ),
        ),
        migrations.AddField(
            model_name="mergeproposal",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="profiles.researcher"
            ),
        ),
        migrations.AddConstraint(
            model_name="mergeproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("researcher", "second"),
                name="claims_mergeproposal_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="mergeproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("researcher", models.F("second")), _negated=True),
                name="claims_mergeproposal_two_records",
            ),
        ),
        migrations.AddConstraint(
            model_name="mergeproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="claims_mergeproposal_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="mergeproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "open")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("state__in", ["approved", "refused", "withdrawn"]),
                        models.Q(("decision_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="claims_mergeproposal_decided_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="mergeproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("operation__isnull", False), ("state", "approved")),
                    models.Q(models.Q(("state", "approved"), _negated=True), ("operation__isnull", True)),
                    _connector="OR",
                ),
                name="claims_mergeproposal_merged_by_operation",
            ),
        ),
        migrations.RunPython(place_in_lists, migrations.RunPython.noop),
    ]

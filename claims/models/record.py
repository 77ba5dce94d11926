"""What an owner says of themselves, every change to a record, and who vouches for whom."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate, Now

from claims.models.claim import Claim
from profiles.models import Researcher

MOST_HIGHLIGHTS = 5


class OwnerPage(models.Model):
    """What the owner adds to a page beyond what the record itself holds."""

    researcher = models.OneToOneField(Researcher, models.CASCADE, primary_key=True, related_name="owner_page")
    affiliation = models.CharField(max_length=200, blank=True, help_text="As stated by the owner")
    links = models.JSONField(default=list, blank=True, help_text="[{url, label, verified}], in their order")
    highlights = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="Work ids, in their order")
    collaboration_topics = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    # Where lists by family name put somebody who has hidden a name: by the shown one. Empty for everybody else.
    browse_key = models.TextField(blank=True, db_default="", editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(highlights__len__lte=MOST_HIGHLIGHTS), name="claims_ownerpage_at_most_5_highlights"
            ),
        ]
        indexes = [
            models.Index(
                Collate("browse_key", "C"), "researcher", condition=~Q(browse_key=""), name="claims_ownerpage_browse"
            ),
        ]

    def __str__(self) -> str:
        return f"what the owner of {self.researcher_id} says"


class RecordChange(models.Model):
    """One change to a record by its owner; rows are only ever added (a trigger sees to it)."""

    researcher = models.ForeignKey(Researcher, models.PROTECT, related_name="record_changes")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="record_changes")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    field = models.CharField(max_length=32)
    # A former name that is hidden must not appear in the log either: such a change is private.
    is_public = models.BooleanField(default=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    # What it decided about identity: of a work on the record, or, where something went over, by an operation.
    decision = models.ForeignKey("profiles.IdentityDecision", models.PROTECT, null=True, related_name="+")
    operation = models.ForeignKey("profiles.IdentityOperation", models.PROTECT, null=True, related_name="+")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"change {self.pk} of {self.field}"

    @property
    def is_about_identity(self) -> bool:
        """Whether it said who wrote what; those are taken back by what takes curators' decisions back."""
        return self.decision_id is not None or self.operation_id is not None


class Vouch(models.Model):
    """An owner at level 3 or above says that a co-author's record is that co-author's."""

    voucher = models.ForeignKey(Researcher, models.CASCADE, related_name="vouches_given")
    vouchee = models.ForeignKey(Researcher, models.CASCADE, related_name="vouches_received")
    given_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voucher", "vouchee"], name="claims_vouch_once"),
            models.CheckConstraint(condition=~Q(voucher=F("vouchee")), name="claims_vouch_not_for_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} vouches for {self.vouchee_id}"

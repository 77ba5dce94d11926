"""Two members who claim one record, and the curators who decide between them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models.claim import Claim

CURATORS_NEEDED = 2


class Dispute(models.Model):
    """A claim in force and one that competes with it; open until two curators agree."""

    holder = models.ForeignKey(Claim, models.PROTECT, related_name="disputes_held")
    challenger = models.ForeignKey(Claim, models.PROTECT, related_name="disputes_raised")
    winner = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["challenger"], condition=Q(closed_at__isnull=True), name="claims_dispute_one_open"
            ),
            models.CheckConstraint(condition=~Q(holder=F("challenger")), name="claims_dispute_two_claims"),
        ]

    def __str__(self) -> str:
        return f"dispute {self.pk}: claims {self.holder_id} and {self.challenger_id}"


class Verdict(models.Model):
    """What one curator thinks of a dispute; each has one say."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="verdicts")
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    favours = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    reason = models.TextField()
    given_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "curator"], name="claims_verdict_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="claims_verdict_has_reason"),
        ]

    def __str__(self) -> str:
        return f"verdict on {self.dispute_id} for claim {self.favours_id}"

"""An owner's word that another record is theirs too."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models.claim import Claim
from profiles.models import Researcher


class MergeProposal(models.Model):
    """A second record of an owner that is to go up in the first; decided by a curator, or by a rule at once."""

    class State(models.TextChoices):
        OPEN = "open", "waiting for a curator"
        APPROVED = "approved", "merged"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"

    researcher = models.ForeignKey(Researcher, models.PROTECT, related_name="merge_proposals")
    second = models.ForeignKey(Researcher, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="merge_proposals")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField()
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    # Nobody where a rule decided.
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)
    operation = models.ForeignKey("profiles.IdentityOperation", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["researcher", "second"], condition=Q(state="open"), name="claims_mergeproposal_one_open"
            ),
            models.CheckConstraint(condition=~Q(researcher=F("second")), name="claims_mergeproposal_two_records"),
            models.CheckConstraint(condition=~Q(reason=""), name="claims_mergeproposal_has_reason"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (
                    Q(state__in=["approved", "refused", "withdrawn"], decided_at__isnull=False) & ~Q(decision_reason="")
                ),
                name="claims_mergeproposal_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", operation__isnull=False)
                | (~Q(state="approved") & Q(operation__isnull=True)),
                name="claims_mergeproposal_merged_by_operation",
            ),
        ]

    def __str__(self) -> str:
        names = [f"{each.display_name} ({each.public_id})" for each in (self.second, self.researcher)]
        return f"{names[0]} is {names[1]} as well: {self.get_state_display()}"

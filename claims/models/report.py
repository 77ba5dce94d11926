"""What people without an account ask for: corrections, objections, removal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.claim import Claim
from profiles.models import Researcher


class Report(models.Model):
    """Something is wrong with a record; it reaches the curators once its e-mail address is confirmed."""

    class Kind(models.TextChoices):
        WRONG_WORK = "wrong_work", "A work is not theirs"
        MISSING_WORK = "missing_work", "A work is missing"
        DUPLICATE = "duplicate", "There is a second record of the same person"
        OBJECTION = "objection", "This page was claimed by somebody else"
        REMOVAL = "removal", "Remove this person"

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "waiting for the address to be confirmed"
        OPEN = "open", "waiting for a curator"
        GRANTED = "granted", "granted"
        REFUSED = "refused", "refused"

    researcher = models.ForeignKey(Researcher, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.UNCONFIRMED)
    # Emptied when it is forgotten.
    email = models.EmailField(max_length=254, help_text="Shown to curators only; forgotten a year after the decision")
    what = models.TextField(blank=True, help_text="arXiv ids or the address of the other record")
    message = models.TextField(blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    reported_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="objections")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["unconfirmed", "open"], decided_at__isnull=True)
                | (Q(state__in=["granted", "refused"], decided_at__isnull=False) & ~Q(decision_reason="")),
                name="claims_report_decided_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="open"), name="claims_report_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"


class Suppression(models.Model):
    """A granted removal: the record stays hidden, and takes in what later imports bring under its name."""

    researcher = models.OneToOneField(Researcher, models.PROTECT, primary_key=True, related_name="suppression")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    state_before = models.CharField(max_length=16)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"suppression of {self.researcher_id}"

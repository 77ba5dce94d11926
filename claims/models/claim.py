"""A member's request that a record be theirs, what was shown for it, and everything that happened to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.machine import IN_FORCE, LABELS, OPEN, State
from profiles.models import Researcher

STATES = [(state.value, LABELS[state]) for state in State]


class Transition(models.Model):
    """A step that a claim may take; the trigger on claims looks here, and a test compares it with `machine`."""

    from_state = models.CharField(max_length=16, choices=STATES)
    to_state = models.CharField(max_length=16, choices=STATES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["from_state", "to_state"], name="claims_transition_once")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Claim(models.Model):
    """A member's request that a researcher be theirs; `claimant` is forgotten when the account is deleted."""

    researcher = models.ForeignKey(Researcher, models.PROTECT, related_name="claims")
    claimant = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="claims")
    state = models.CharField(max_length=16, choices=STATES, default=State.SUBMITTED)
    # The level that was granted; 0 while nothing is. Level 2 takes effect when the window has passed.
    level = models.PositiveSmallIntegerField(default=0)
    marks = models.JSONField(default=dict, blank=True, help_text="Work id → mine, not_mine or unsure, as submitted")
    submitted_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    objection_until = models.DateTimeField(null=True, blank=True)
    renew_by = models.DateTimeField(null=True, blank=True, help_text="When level 4 lapses unless it is renewed")
    first_curator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    record_before = models.JSONField(null=True, editable=False, help_text="The record as it was before the claim held")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["researcher"],
                condition=Q(state__in=[state.value for state in IN_FORCE]),
                name="claims_claim_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["researcher", "claimant"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="claims_claim_one_open_per_member",
            ),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="claims_claim_state"),
            models.CheckConstraint(condition=Q(level__in=[0, 2, 3, 4]), name="claims_claim_level"),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in IN_FORCE])
                | Q(level__gte=2, record_before__isnull=False),
                name="claims_claim_in_force_has_level",
            ),
        ]
        indexes = [models.Index(fields=["state", "changed_at"], name="claims_claim_queue")]

    def __str__(self) -> str:
        return f"claim {self.pk} ({self.get_state_display()})"

    @property
    def holds(self) -> bool:
        """Whether the record is the claimant's, disputed or not."""
        return self.state in IN_FORCE

    @property
    def may_edit(self) -> bool:
        """Whether the claimant may change the record: not while it is objected to or disputed."""
        return self.state == State.APPROVED


class Evidence(models.Model):
    """One thing shown for a claim; `address` is the mailbox, page, repository or ORCID iD, never shown to others."""

    class Kind(models.TextChoices):
        INSTITUTIONAL_EMAIL = "institutional_email", "Address at an institution"
        ORCID = "orcid", "ORCID sign-in"
        BACK_LINK = "back_link", "Link back from a home page"
        TOKEN = "token", "Token where an abstract points"
        AUTHOR_FEED = "author_feed", "arXiv author feed of the ORCID iD"
        STATEMENT = "statement", "Statement for a curator"
        CURATOR_CHECK = "curator_check", "Checked by a curator"

    class Status(models.TextChoices):
        PENDING = "pending", "waiting"
        CHECKING = "checking", "being checked"
        VERIFIED = "verified", "holds"
        FAILED = "failed", "does not hold"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=24, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    address = models.TextField(blank=True)
    note = models.TextField(blank=True, help_text="What was found, in words for the claimant")
    # Whether the rules may grant level 2 or 3 for it; a verified proof may still be too weak for that.
    decisive = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "kind", "address"], name="claims_evidence_once"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "checking", "verified", "failed"]), name="claims_evidence_status"
            ),
            models.CheckConstraint(condition=Q(decisive=False) | Q(status="verified"), name="claims_evidence_decisive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_status_display()}"


class ClaimEvent(models.Model):
    """One dated step of a claim; rows are only ever added (a trigger sees to it)."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        EVIDENCE_ADDED = "evidence_added", "Evidence added"
        EVIDENCE_ASKED = "evidence_asked", "More evidence asked for"
        AUTO_APPROVED = "auto_approved", "Approved by rule"
        APPROVED = "approved", "Approved by a curator"
        REJECTED = "rejected", "Rejected"
        OBJECTED = "objected", "Objected to"
        OBJECTION_DISMISSED = "objection_dismissed", "Objection dismissed"
        FROZEN = "frozen", "Frozen"
        THAWED = "thawed", "Dispute decided for this claim"
        LEVEL_RAISED = "level_raised", "Level raised"
        RENEWAL_DUE = "renewal_due", "Renewal due"
        LEVEL_LAPSED = "level_lapsed", "Level lapsed"
        WINDOW_PASSED = "window_passed", "Objection window passed"
        REVOKED = "revoked", "Revoked"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Expired"
        APPEALED = "appealed", "Appealed"

    class Actor(models.TextChoices):
        RULE = "rule", "a rule"
        CLAIMANT = "claimant", "the claimant"
        CURATOR = "curator", "a curator"
        OTHER = "other", "somebody else"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=24, choices=Kind)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16, choices=STATES)
    level = models.PositiveSmallIntegerField(default=0)
    actor_role = models.CharField(max_length=10, choices=Actor)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    happened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="claims_claimevent_has_reason"),
            models.CheckConstraint(
                condition=Q(actor_role__in=["rule", "claimant", "curator", "other"]), name="claims_claimevent_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.get_actor_role_display()}"

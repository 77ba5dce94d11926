"""Researchers, who follows them, how well their records are evidenced, and what people decided about identity."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.db.models.lookups import IsNull

from profiles.public_ids import encode_public_id
from profiles.topic_follow import TopicFollow
from works.addresses import address

__all__ = ["TopicFollow"]  # defined elsewhere, offered here as all models are


class Researcher(models.Model):
    """An author entity: the record that a profile page shows. Made by import, so at first unclaimed."""

    class State(models.TextChoices):
        UNCLAIMED = "unclaimed", "Unclaimed author"
        CLAIMED = "claimed", "Claimed by its owner"
        MERGED = "merged", "Merged into another record"
        SUPPRESSED = "suppressed", "Suppressed"

    class Collaboration(models.TextChoices):
        OPEN = "open", "Open to collaborate"
        SELECTIVE = "selective", "Selective about collaborating"
        NOT_NOW = "not_now", "Not collaborating now"

    class IdentityLevel(models.IntegerChoices):
        L0 = 0, "L0"
        L1 = 1, "L1"
        L2 = 2, "L2"
        L3 = 3, "L3"
        L4 = 4, "L4"

    LISTED_STATES: ClassVar[list[str]] = [State.UNCLAIMED, State.CLAIMED]

    display_name = models.TextField()
    slug = models.CharField(max_length=60, help_text="The readable part of the address; the id alone decides")
    name_variants = ArrayField(models.TextField(), default=list, blank=True)
    # The folded full name by which authorships find this record. Namesakes share it.
    name_key = models.TextField()
    # All name variants, folded, for search.
    search_name = models.TextField()
    state = models.CharField(max_length=16, choices=State, default=State.UNCLAIMED)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_records")
    identity_level = models.PositiveSmallIntegerField(choices=IdentityLevel, default=IdentityLevel.L1)
    summary = models.CharField(max_length=200, blank=True, help_text="One line by the owner")
    collaboration = models.CharField(max_length=16, choices=Collaboration, default=Collaboration.OPEN)
    # What its bylines mean, in order, for the search: kept by `profiles.gather_institutions`.
    institution_ids = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    # How many of its works hang together by co-authors, topics or decisions; null until that was looked at.
    tied_works = models.PositiveIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # What claims have brought about. The owner is never shown; trust and the queries below read them.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="owned_records", editable=False
    )
    # Former names, folded, that its owner has hidden: nothing may show or find them.
    hidden_names = ArrayField(models.TextField(), default=list, db_default=[], blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="By its owner, all of it")
    affiliation_verified = models.BooleanField(default=False, db_default=False, editable=False)
    vouching_coauthors = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="At L3 or above, a reciprocal pair counted once"
    )

    class Meta:
        indexes = [
            # For equal names, and for ranges of names in the order of their bytes.
            models.Index(OpClass(F("name_key"), name="text_pattern_ops"), name="profiles_researcher_names"),
            models.Index(fields=["id"], condition=Q(state="suppressed"), name="profiles_researcher_suppressed"),
            models.Index(OpClass(F("search_name"), name="text_pattern_ops"), name="profiles_researcher_prefix"),
            GinIndex(OpClass(F("search_name"), name="gin_trgm_ops"), name="profiles_researcher_trigrams"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(display_name=""), name="profiles_researcher_has_name"),
            models.CheckConstraint(condition=~Q(slug=""), name="profiles_researcher_has_slug"),
            models.CheckConstraint(
                condition=Q(state__in=["unclaimed", "claimed", "merged", "suppressed"]),
                name="profiles_researcher_state",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="profiles_researcher_merged_has_target",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="profiles_researcher_not_into_itself"),
            models.CheckConstraint(
                condition=Q(identity_level__gte=0, identity_level__lte=4), name="profiles_researcher_level_0_to_4"
            ),
            models.CheckConstraint(
                condition=Q(collaboration__in=["open", "selective", "not_now"]),
                name="profiles_researcher_collaboration",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return address("profiles:profile", self.handle)

    @staticmethod
    def address_of(primary_key: int, slug: str) -> str:
        """The address of a record of which only these are known: a list of a hundred names makes no models."""
        return address("profiles:profile", f"{slug}-{encode_public_id(primary_key)}")

    @property
    def public_id(self) -> str:
        """The short id in the address."""
        return encode_public_id(self.pk)

    @property
    def handle(self) -> str:
        """The name part and the id, as they stand in an address: `greg-yang-7kq2m9c`."""
        return f"{self.slug}-{self.public_id}"


class Follow(models.Model):
    """A member follows a researcher."""

    follower = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows", db_index=False)
    researcher = models.ForeignKey(Researcher, models.CASCADE, related_name="follows")
    followed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "researcher"], name="profiles_follow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.researcher_id}"


class TrustSnapshot(models.Model):
    """The trust of a researcher as last computed, with the counted facts and the version of the formula."""

    researcher = models.OneToOneField(Researcher, models.CASCADE, primary_key=True, related_name="trust")
    score = models.PositiveSmallIntegerField()
    formula_version = models.PositiveSmallIntegerField()
    facts = models.JSONField(help_text="The counts that the formula was given; see profiles.trust.TrustFacts")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=100), name="profiles_trustsnapshot_score_to_100"),
        ]

    def __str__(self) -> str:
        return f"trust {self.score} of {self.researcher_id}"


class IdentityDecision(models.Model):
    """A lasting human decision about who wrote what; rows are only ever added (a trigger sees to it).

    A mention is a work and a name as printed at a position: it outlives a re-import that renumbers
    the byline. `revokes` takes an earlier decision back, which is how one is undone.
    """

    class Kind(models.TextChoices):
        SAME_PERSON = "same_person", "these two are the same person"
        DIFFERENT_PEOPLE = "different_people", "these two are different people"
        BELONGS_TO = "belongs_to", "this is by that researcher"
        NOT_BY = "not_by", "this is not by that researcher"
        REVOKED = "revoked", "an earlier decision is taken back"

    kind = models.CharField(max_length=20, choices=Kind)
    work = models.ForeignKey("works.Work", models.PROTECT, null=True, related_name="+")
    position = models.PositiveIntegerField(null=True)
    printed_name = models.TextField(blank=True)
    other_work = models.ForeignKey("works.Work", models.PROTECT, null=True, related_name="+")
    other_position = models.PositiveIntegerField(null=True)
    other_printed_name = models.TextField(blank=True)
    researcher = models.ForeignKey(Researcher, models.PROTECT, null=True, related_name="identity_decisions")
    revokes = models.OneToOneField("self", models.PROTECT, null=True, related_name="revoked_by")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    operation = models.ForeignKey("IdentityOperation", models.PROTECT, null=True, related_name="decisions")
    reason = models.TextField()
    decided_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="profiles_identitydecision_says_about_what",
                condition=(
                    Q(kind__in=["same_person", "different_people"], work__isnull=False, position__isnull=False)
                    & Q(other_work__isnull=False, other_position__isnull=False, researcher__isnull=True)
                    & Q(revokes__isnull=True)
                )
                | (
                    Q(kind__in=["belongs_to", "not_by"], work__isnull=False, position__isnull=False)
                    & Q(other_work__isnull=True, researcher__isnull=False, revokes__isnull=True)
                )
                | (Q(kind="revoked", revokes__isnull=False, work__isnull=True, other_work__isnull=True)),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="profiles_identitydecision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}: {self.get_kind_display()}"


class IdentityOperation(models.Model):
    """One step that a curator (or a full re-run) took: whose works went where, with all that undoing it needs.

    Rows are only ever added (a trigger sees to it); undoing one adds another that `undoes` it. Authorships go from
    `source` to `target`. `changes` holds what was there before, see `profiles.curation.changes`.
    """

    class Kind(models.TextChoices):
        MOVE = "move", "moved to another record"
        SPLIT = "split", "split off as a record of its own"
        MERGE = "merge", "merged into another record"
        AUTOMATIC_MERGE = "automatic_merge", "merged by a full re-run"
        UNDO = "undo", "undone"

    kind = models.CharField(max_length=16, choices=Kind)
    # Made with the form: what is submitted twice is done once.
    token = models.UUIDField(unique=True, editable=False)
    source = models.ForeignKey(Researcher, models.PROTECT, related_name="operations_from")
    target = models.ForeignKey(Researcher, models.PROTECT, related_name="operations_to")
    made_target = models.BooleanField(default=False, help_text="The target was made by this operation")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    changes = models.JSONField(default=dict, editable=False)
    performed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField()
    performed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        permissions = [("curate_identity", "Can merge, split and move author records")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["move", "split", "merge", "automatic_merge", "undo"]),
                name="profiles_identityoperation_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="profiles_identityoperation_undo_of_what",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="profiles_identityoperation_two_records"),
            models.CheckConstraint(condition=~Q(reason=""), name="profiles_identityoperation_has_reason"),
        ]

    def __str__(self) -> str:
        return f"operation {self.pk}: {self.get_kind_display()}"


class IdentityNotice(models.Model):
    """A suspicion for curators to look at: that a record holds several people, or that two records are of one.

    `fingerprint` names the suspicion and its grounds, so that the same one is raised once and, dismissed, stays so.
    """

    class Kind(models.TextChoices):
        SPLIT = "split", "split suspected"
        MERGE = "merge", "merge suspected"

    class Status(models.TextChoices):
        OPEN = "open", "open"
        DISMISSED = "dismissed", "dismissed"
        ACTED = "acted", "acted upon"
        LAPSED = "lapsed", "no longer suspected"

    kind = models.CharField(max_length=8, choices=Kind)
    researcher = models.ForeignKey(Researcher, models.CASCADE, related_name="identity_notices")
    other = models.ForeignKey(Researcher, models.CASCADE, null=True, related_name="+")
    works = models.ManyToManyField("works.Work", related_name="+", blank=True)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    evidence = models.JSONField(default=list, help_text="The grounds, a sentence each")
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    raised_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_reason = models.TextField(blank=True)
    operation = models.ForeignKey(IdentityOperation, models.SET_NULL, null=True, related_name="notices")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], condition=Q(status="open"), name="profiles_identitynotice_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="split", other__isnull=True) | Q(kind="merge", other__isnull=False),
                name="profiles_identitynotice_about_whom",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "dismissed", "acted", "lapsed"]),
                name="profiles_identitynotice_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.researcher_id}"


class Doubt(models.Model):
    """An authorship whose place the clustering is unsure of, and how sure it is; it shows as unconfirmed.

    No foreign key: rows are written with every page of an import, and one whose authorship is gone says nothing.
    """

    authorship_id = models.BigIntegerField(primary_key=True)
    confidence = models.FloatField(help_text="From 0 to below 0.5, with two decimals")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lt=0.5), name="profiles_doubt_confidence_below_half"
            ),
        ]

    def __str__(self) -> str:
        return f"authorship {self.authorship_id}, {self.confidence:.2f} sure"


class ResolutionRun(models.Model):
    """One full re-run of identity resolution over all names; at most one at a time."""

    chunk_count = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                # The same for every row that is not over.
                IsNull(F("finished_at"), True),
                condition=Q(finished_at__isnull=True),
                name="profiles_resolutionrun_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"resolution run {self.pk}"


class ResolutionChunk(models.Model):
    """A range of names whose blocks one job resolves: folded names from `first_key` up to, without, `end_key`;
    without an `end_key` to the last.

    Resolved first, then `touched_ids` get their trust counted anew: killed in between, a job does only that.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "pending"
        RESOLVED = "resolved", "resolved, figures to be counted"
        DONE = "done", "done"

    run = models.ForeignKey(ResolutionRun, models.CASCADE, related_name="chunks")
    first_key = models.TextField(blank=True)
    end_key = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    moved = models.PositiveIntegerField(default=0, help_text="Authorships that changed hands")
    merged = models.PositiveIntegerField(default=0, help_text="Records that went up in others")
    touched_ids = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["run", "id"], condition=~Q(status="done"), name="profiles_chunk_unfinished"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "resolved", "done"]), name="profiles_resolutionchunk_status"
            ),
        ]

    def __str__(self) -> str:
        return f"names from {self.first_key!r}"

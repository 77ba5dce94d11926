"""What keeps an import going: its runs, what they rejected, what sweeps saw, and what is left to bring up to date."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class ImportRun(models.Model):
    """One harvest: what it asked for, how far it came, what it did. Its checkpoint is saved with each page.

    A fetch of some papers from the Atom API is over in a moment and is noted when it is.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        PAUSED = "paused", "paused"
        SUCCEEDED = "succeeded", "succeeded"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    class Kind(models.TextChoices):
        HARVEST = "harvest", "harvest"
        SWEEP = "sweep", "sweep: which records are still there"
        FETCH = "fetch", "fetch: some papers, or those of an author"

    ACTIVE = (Status.QUEUED, Status.RUNNING)
    OVER = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)

    kind = models.CharField(max_length=16, choices=Kind, default=Kind.HARVEST)
    endpoint = models.URLField(max_length=300)
    metadata_prefix = models.CharField(max_length=16, default="arXivRaw")
    set_spec = models.CharField(max_length=64, blank=True)
    asked_for = models.TextField(blank=True, help_text="Of a fetch: the papers, the author or the feed")
    from_date = models.DateField(null=True, blank=True)
    until_date = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    resumption_token = models.TextField(blank=True)
    pages = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0, help_text="Records that the repository calls deleted")
    list_size = models.PositiveIntegerField(null=True, blank=True, help_text="Records in the list, where it says so")
    last_datestamp = models.DateField(null=True, blank=True, help_text="The newest datestamp loaded so far")
    # While datestamps never went back, everything before the newest is loaded, and a restart may begin there.
    in_order = models.BooleanField(default=True)
    restarts = models.PositiveSmallIntegerField(default=0, help_text="Since the newest datestamp last moved on")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Times without an answer since the last page")
    retry_at = models.DateTimeField(null=True, blank=True, help_text="Not to ask again before")
    active_seconds = models.FloatField(default=0, help_text="Spent on its pages, waiting for arXiv's pace included")
    error = models.TextField(blank=True)
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(status__in=["queued", "running", "paused"]), name="works_importrun_open"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "paused", "succeeded", "failed", "cancelled"]),
                name="works_importrun_status",
            ),
            models.CheckConstraint(condition=Q(kind__in=["harvest", "sweep", "fetch"]), name="works_importrun_kind"),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(from_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="works_importrun_window",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "paused"], finished_at__isnull=True)
                | Q(status__in=["succeeded", "failed", "cancelled"], finished_at__isnull=False),
                name="works_importrun_finished_when_over",
            ),
        ]

    def __str__(self) -> str:
        return f"import run {self.pk} ({self.status})"

    @property
    def records(self) -> int:
        """How many records it has been through."""
        return self.created + self.updated + self.unchanged + self.rejected + self.deleted


class SweptId(models.Model):
    """An arXiv id that a sweep has seen so far; they are deleted when it is over."""

    pk = models.CompositePrimaryKey("run_id", "arxiv_id")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="swept", db_index=False)
    arxiv_id = models.CharField(max_length=24)

    def __str__(self) -> str:
        return self.arxiv_id


class VanishedWork(models.Model):
    """A work whose record is not at its source any more. It is reported, never deleted."""

    class Reason(models.TextChoices):
        MISSING = "missing", "a whole sweep did not find it"
        DELETED = "deleted", "its source calls it deleted"

    work = models.OneToOneField("works.Work", models.CASCADE, primary_key=True, related_name="vanished")
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="vanished", db_index=False)
    reason = models.CharField(max_length=16, choices=Reason)
    noticed_at = models.DateTimeField(db_default=Now(), editable=False)
    returned_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When a sweep found it again")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=["missing", "deleted"]), name="works_vanishedwork_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.work_id}: {self.get_reason_display()}"


class PendingUpdate(models.Model):
    """A work, or a researcher who lost an authorship, whose profiles are to be brought up to date: an outbox.

    Written in the transaction that changed the work, deleted when the profiles have followed, so that a lost task
    loses nothing. No foreign keys: a load writes a row for each work, and the rows live for minutes.
    """

    work_id = models.BigIntegerField(null=True)
    researcher_id = models.BigIntegerField(null=True)
    noted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["work_id"], condition=Q(work_id__isnull=False), name="works_pendingupdate_work"),
            models.Index(
                fields=["researcher_id"],
                condition=Q(researcher_id__isnull=False),
                name="works_pendingupdate_researcher",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(work_id__isnull=True) ^ Q(researcher_id__isnull=True),
                name="works_pendingupdate_one",
            ),
        ]

    def __str__(self) -> str:
        return f"work {self.work_id}" if self.work_id else f"researcher {self.researcher_id}"


class RejectedRecord(models.Model):
    """A record that could not be read, kept as it came so that it can be looked at and tried again."""

    import_run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rejected_records")
    identifier = models.TextField(blank=True)
    reason = models.TextField()
    raw = models.BinaryField()
    rejected_at = models.DateTimeField(db_default=Now(), editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it was loaded after all")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.identifier or 'a record without an identifier'}: {self.reason}"

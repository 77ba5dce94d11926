"""Loads of arXiv's metadata snapshot, and what a first load has left out of the tables."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class SnapshotRun(models.Model):
    """One load of a metadata snapshot. Its checkpoint is saved with each block of lines.

    Offsets count the bytes of the text, not those of a compressed file. The digests tell whether a file is the one
    that the run was reading: of its first line, and of all of them up to the checkpoint.
    """

    source = models.TextField(help_text="The file as it was named; - is standard input")
    head_digest = models.CharField(max_length=32)
    offset = models.PositiveBigIntegerField(default=0)
    offset_digest = models.CharField(max_length=32, blank=True)
    lines = models.PositiveBigIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    rejects_file = models.TextField(help_text="Holds each rejected line with its number and the reason")
    rejects_bytes = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    checkpoint_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["head_digest"], condition=Q(finished_at=None), name="works_snapshotrun_unfinished"),
        ]

    def __str__(self) -> str:
        return f"snapshot run {self.pk} ({'finished' if self.finished_at else f'up to line {self.lines:,}'})"


class LeftOut(models.Model):
    """An index or constraint that a first load has dropped, and has to make again. See works.arxiv.lean_tables."""

    table = models.TextField()
    name = models.TextField(unique=True)
    kind = models.CharField(max_length=12)
    definition = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["index", "constraint"]), name="works_leftout_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

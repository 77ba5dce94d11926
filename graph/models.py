"""What kept slices depend on, and its changes, which triggers write in the transaction that makes them."""

from django.db import models
from django.db.models.functions import Now


class Source(models.IntegerChoices):
    """What a kept slice depends on; the key is that of its row."""

    PERSON = 1, "a person's name, state and own bylines"
    COMPANY = 2, "whatever stands on a person's works, and what becomes of those works"
    WORK = 3, "a work's title, year and visibility"
    TOPIC = 4, "a topic's name, which works carry it, and what those say"
    INSTITUTION = 5, "an institution's name"


class Watched(models.Model):
    """A source of some kept slice: only changes of these are noted, so that imports pay nothing for the others."""

    pk = models.CompositePrimaryKey("kind", "key")
    kind = models.PositiveSmallIntegerField(choices=Source)
    key = models.BigIntegerField()
    watched_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "graph_watched"

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Change(models.Model):
    """That a watched source changed. Rows are only added, so that no two writers wait for each other."""

    kind = models.PositiveSmallIntegerField(choices=Source)
    key = models.BigIntegerField()
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "graph_change"
        indexes = [models.Index(fields=["kind", "key", "id"], name="graph_change_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

"""Organisations of the Research Organization Registry (ROR), and which of them a printed affiliation means.

`works.models` offers these beside its own; they stand apart because nothing else there needs them.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5, Now
from django.urls import reverse


class Institution(models.Model):
    """An organisation, keyed by its ROR id where that is known."""

    class Status(models.TextChoices):
        ACTIVE = "active", "active"
        INACTIVE = "inactive", "no longer active"
        WITHDRAWN = "withdrawn", "withdrawn from the registry"

    ror_id = models.CharField("ROR id", max_length=9, null=True, blank=True, unique=True)
    name = models.CharField(max_length=500)
    country_code = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    website = models.TextField(blank=True)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    types = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    changed_at = models.DateTimeField(db_default=Now(), editable=False, help_text="When an import last changed it")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ror_id__isnull=True) | Q(ror_id__regex=r"^0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$"),
                name="works_institution_ror_id_form",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="works_institution_has_name"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "inactive", "withdrawn"]), name="works_institution_status"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("profiles:institution", args=[self.ror_id or self.pk])

    @property
    def ror_url(self) -> str:
        """The organisation's page at the registry, empty where its id is not known."""
        return f"https://ror.org/{self.ror_id}" if self.ror_id else ""


class InstitutionName(models.Model):
    """One of the names under which an organisation goes, in any language."""

    class Kind(models.TextChoices):
        NAME = "name", "name"
        LABEL = "label", "name in a language"
        ALIAS = "alias", "another name"
        ACRONYM = "acronym", "acronym"

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="names", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=500)

    class Meta:
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "kind", "value"], name="works_institutionname_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["name", "label", "alias", "acronym"]), name="works_institutionname_kind"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="works_institutionname_not_empty"),
        ]

    def __str__(self) -> str:
        return self.value


class InstitutionRelation(models.Model):
    """What another organisation is to this one: its parent, or its successor."""

    class Kind(models.TextChoices):
        PARENT = "parent", "parent"
        SUCCESSOR = "successor", "successor"

    pk = models.CompositePrimaryKey("institution_id", "kind", "related_id")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="relations", db_index=False)
    related = models.ForeignKey(Institution, models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=12, choices=Kind)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(institution=F("related")), name="works_institutionrelation_not_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["parent", "successor"]), name="works_institutionrelation_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.related_id} is {self.kind} of {self.institution_id}"


class PrintedAffiliation(models.Model):
    """One distinct affiliation as bylines print it, and which version of the matcher last looked at it."""

    text = models.TextField()
    matcher_version = models.PositiveSmallIntegerField()
    matched_at = models.DateTimeField(db_default=Now(), editable=False)
    institutions = models.ManyToManyField(Institution, through="AffiliationMatch", related_name="printed_affiliations")

    class Meta:
        constraints = [
            # By its digest: a printed affiliation may be longer than what an index can hold.
            models.UniqueConstraint(MD5("text"), name="works_printedaffiliation_once"),
            models.CheckConstraint(condition=~Q(text=""), name="works_printedaffiliation_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


class AffiliationMatch(models.Model):
    """One organisation that a printed affiliation means, with the evidence for and against it."""

    printed_affiliation = models.ForeignKey(PrintedAffiliation, models.CASCADE, related_name="matches", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="In the order in which the affiliation names them, from 1")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="affiliation_matches")
    score = models.PositiveSmallIntegerField(help_text="0 to 100")
    matched_name = models.TextField(help_text="The registry's name that was found in the text")
    reasons = ArrayField(models.TextField(), default=list, help_text="What spoke for it and against it, in words")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["printed_affiliation", "position"], name="works_affiliationmatch_position"),
            models.UniqueConstraint(
                fields=["printed_affiliation", "institution"], name="works_affiliationmatch_institution_once"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100), name="works_affiliationmatch_score_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_affiliation_id} is {self.institution_id} ({self.score})"

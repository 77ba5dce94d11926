"""Works, their bylines and topics; institutions and the runs that import works stand in rooms of their own.

The keys and indexes are planned for 3 million works and 12 million authorships; what each costs
stands in docs/decisions/0005-keys-and-indexes.md.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, HashIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear, Length, Now
from django.db.models.lookups import LessThanOrEqual

from works.addresses import address
from works.institutions.models import (
    AffiliationMatch,
    Institution,
    InstitutionName,
    InstitutionRelation,
    PrintedAffiliation,
)
from works.run_models import ImportRun, PendingUpdate, RejectedRecord, SweptId, VanishedWork
from works.snapshot_models import LeftOut, SnapshotRun
from works.topic_scopes import scope_of

if TYPE_CHECKING:
    from works.queries import BylineName

# Defined elsewhere, offered here as all models are.
__all__ = [
    "AffiliationMatch",
    "ImportRun",
    "Institution",
    "InstitutionName",
    "InstitutionRelation",
    "LeftOut",
    "PendingUpdate",
    "PrintedAffiliation",
    "RejectedRecord",
    "SnapshotRun",
    "SweptId",
    "VanishedWork",
]

SEARCH_CONFIGURATION = "bzpeer"  # made in migration 0001: English stems, diacritics removed
LONGEST_NAME = 300  # characters; the longest of 284,913 real ones has 54


class Topic(models.Model):
    """One category of arXiv's taxonomy; the rows are loaded by migration from `works.taxonomy`."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    archive = models.CharField(max_length=24)
    archive_name = models.CharField(max_length=120)
    group = models.CharField(max_length=24)
    group_name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)
    alias_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="aliases")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(alias_of=F("id")), name="works_topic_not_its_own_alias"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Za-z0-9.-]+$"), name="works_topic_code_form"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return address("works:topic", self.code)

    @property
    def scope(self) -> str:
        """What its works are about, in a sentence."""
        return scope_of(self.code)


class Work(models.Model):
    """One scholarly item with all its versions; columns are written by the importer only, but for the last two.

    A value that a curator put right is shown in the place of the imported one, which stays in its column.
    """

    class Kind(models.TextChoices):
        PREPRINT = "preprint", "preprint"

    class Source(models.TextChoices):
        ARXIV = "arxiv", "arXiv"

    arxiv_id = models.CharField("arXiv id", max_length=24)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PREPRINT)
    source = models.CharField(max_length=16, choices=Source, default=Source.ARXIV)
    title = models.TextField()
    abstract = models.TextField(blank=True)
    # Null where the source does not say: the `arXiv` format gives neither the number nor the first date.
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    current_version = models.PositiveSmallIntegerField(null=True, blank=True)
    current_version_at = models.DateTimeField()
    # Shown beside the title and sorted by; stored so that sorting a long list needs no expression.
    year = models.GeneratedField(
        expression=ExtractYear("current_version_at"), output_field=models.SmallIntegerField(), db_persist=True
    )
    withdrawn = models.BooleanField(default=False)
    and_others = models.BooleanField(default=False, help_text="The author line ends in “et al.”")
    submitter = models.TextField(blank=True)
    comments = models.TextField(blank=True)
    journal_ref = models.TextField("journal reference", blank=True)
    doi = models.TextField("DOI", blank=True)
    report_no = models.TextField("report number", blank=True)
    license = models.TextField("licence", blank=True)
    datestamp = models.DateField(help_text="When arXiv last touched the record")
    # A digest of the record as it was last loaded: an unchanged record is recognised without staging it.
    record_digest = models.BinaryField(max_length=16, editable=False)
    hidden = models.BooleanField(default=False, help_text="Set by a curator: shown nowhere. Imports leave it alone.")
    # Field to value: the corrections that hold, kept here as well so that no page needs another query for them.
    curated = models.JSONField(null=True, blank=True, editable=False)
    imported_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now(), editable=False, help_text="When an import last changed it")
    topics = models.ManyToManyField(Topic, through="WorkTopic", related_name="works")
    # A copy of the work's topics, ordered, so that one index has words and topics. Kept by triggers (migration 0013).
    topic_ids = ArrayField(models.IntegerField(), default=list, db_default=[], editable=False)
    # The institutions that its bylines print, ordered, for the same index. Kept by `works.institutions.gather`.
    institution_ids = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    search_vector = models.GeneratedField(
        expression=(
            SearchVector("title", config=SEARCH_CONFIGURATION, weight="A")
            + SearchVector("abstract", config=SEARCH_CONFIGURATION, weight="B")
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    # Attached for pages by `works.queries.attach_bylines`; no columns.
    byline: "list[BylineName]"
    more_authors: int
    attribution: str
    # Of each corrected field, what the import says. No column.
    imported: dict[str, Any]

    class Meta:
        indexes = [
            GinIndex(fields=["search_vector", "topic_ids", "institution_ids"], name="works_work_search"),
            models.Index(F("current_version_at").desc(), F("id").desc(), name="works_work_newest"),
            # The few that count nowhere, for whoever counts all by an index and takes these away.
            models.Index(fields=["id"], condition=Q(hidden=True), name="works_work_hidden"),
            # A few pages in all: rows are changed in about the order in which they lie on disk.
            BrinIndex(fields=["changed_at"], name="works_work_changed", pages_per_range=32),
        ]
        constraints = [
            # Not unique=True: that would add a second index for LIKE, which nothing asks of an id.
            models.UniqueConstraint(fields=["arxiv_id"], name="works_work_arxiv_id_once"),
            models.CheckConstraint(
                condition=Q(arxiv_id__regex=r"^([a-z-]+(\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})$"),
                name="works_work_arxiv_id_form",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="works_work_has_title"),
            models.CheckConstraint(condition=Q(current_version__gte=1), name="works_work_version_from_1"),
            models.CheckConstraint(condition=Q(kind__in=["preprint"]), name="works_work_kind"),
            models.CheckConstraint(condition=Q(source__in=["arxiv"]), name="works_work_source"),
        ]

    def __str__(self) -> str:
        return f"{self.arxiv_id} {self.title}"

    def save(self, *args: Any, **options: Any) -> None:
        """Write the row; raise ValueError where a correction would go into the column of the import."""
        written = options.get("update_fields")
        clobbered = self.imported_now.keys() if written is None else self.imported_now.keys() & set(written)
        if clobbered:
            raise ValueError(f"Corrections of {self.arxiv_id} would overwrite the import: {sorted(clobbered)}")
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return address("works:work", self.arxiv_id)

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> "Work":
        """Show what curators put right; `imported` keeps what the row says of it."""
        work: Work = super().from_db(db, field_names, values, **options)
        curated = work.__dict__.get("curated") or {}
        work.imported = {name: work.__dict__[name] for name in curated if name in work.__dict__}
        for name in work.imported:
            setattr(work, name, curated[name])
        return work

    @property
    def imported_now(self) -> dict[str, Any]:
        """What the import says of each corrected field; empty for a work that was just made."""
        imported: dict[str, Any] = self.__dict__.get("imported", {})
        return imported

    @property
    def arxiv_url(self) -> str:
        """The abstract page on arXiv."""
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def has_version_of_record(self) -> bool:
        """Whether a DOI or a journal reference says that it was published."""
        return bool(self.doi or self.journal_ref)


class WorkCorrection(models.Model):
    """What a curator put right in a work: who, when, why. It is undone or replaced, never changed or deleted."""

    class Field(models.TextChoices):
        TITLE = "title", "title"
        ABSTRACT = "abstract", "abstract"
        COMMENTS = "comments", "comments"
        JOURNAL_REF = "journal_ref", "journal reference"
        DOI = "doi", "DOI"
        REPORT_NO = "report_no", "report number"
        LICENSE = "license", "licence"
        YEAR = "year", "year"

    work = models.ForeignKey(Work, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=16, choices=Field)
    value = models.TextField(blank=True, help_text="Empty where the import says something and nothing is right")
    reason = models.TextField(help_text="Why, and by what evidence; shown on the page of the work")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "field"], condition=Q(undone_at__isnull=True), name="works_workcorrection_one_holds"
            ),
            models.CheckConstraint(
                condition=Q(field__in=["title", "abstract", "comments", "journal_ref", "doi", "report_no", "license",
                                       "year"]),
                name="works_workcorrection_field",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="works_workcorrection_has_reason"),
            models.CheckConstraint(condition=~Q(field="title", value=""), name="works_workcorrection_title_not_empty"),
            models.CheckConstraint(
                condition=~Q(field="year") | Q(value__regex=r"^(19|20)\d\d$"), name="works_workcorrection_year_form"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_field_display()} of {self.work_id}"


class WorkVersion(models.Model):
    """One version of a work, with the time at which it was submitted."""

    pk = models.CompositePrimaryKey("work_id", "number")
    work = models.ForeignKey(Work, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    size = models.CharField(max_length=24, blank=True, help_text="As arXiv gives it, such as 36kb")
    source_type = models.CharField(max_length=12, blank=True, help_text="arXiv's code; I means withdrawn")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="works_workversion_number_from_1"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class WorkTopic(models.Model):
    """A topic of a work; position 1 is the primary one."""

    pk = models.CompositePrimaryKey("work_id", "topic_id")
    work = models.ForeignKey(Work, models.CASCADE, related_name="work_topics", db_index=False)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="topic_works", db_index=False)
    position = models.PositiveSmallIntegerField()
    # A copy, so that the newest works of a topic are one range of an index. Filled in and kept by triggers
    # (migration 0013) where the loader does not write it: None in Python, never in the table.
    current_version_at = models.DateTimeField(null=True, editable=False, help_text="That of the work")

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["topic", "-work"], name="works_worktopic_topic_work"),
            models.Index(F("topic"), F("current_version_at").desc(), F("work").desc(), name="works_worktopic_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="works_worktopic_position_from_1"),
            models.CheckConstraint(condition=Q(current_version_at__isnull=False), name="works_worktopic_dated"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} of {self.work_id}"


class Authorship(models.Model):
    """One byline position of one work: a name as printed, and the researcher whom identity resolution found."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        COLLABORATION = "collaboration", "collaboration"

    class Attribution(models.TextChoices):
        AUTOMATIC = "automatic", "by rule"
        CONFIRMED = "confirmed", "confirmed by a person"
        UNCONFIRMED = "unconfirmed", "unconfirmed"
        DISPUTED = "disputed", "disputed"

    work = models.ForeignKey(Work, models.CASCADE, related_name="authorships", db_index=False)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PERSON)
    printed_name = models.TextField()
    given_name = models.TextField(blank=True)
    particle = models.TextField(blank=True)
    family_name = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    # The folded full name; equal keys are the same name, however it was printed. See works.names.name_key.
    name_key = models.TextField(blank=True)
    printed_affiliation = models.TextField(blank=True)
    researcher = models.ForeignKey(
        "profiles.Researcher", models.PROTECT, null=True, blank=True, related_name="authorships", db_index=False
    )
    attribution = models.CharField(max_length=16, choices=Attribution, default=Attribution.AUTOMATIC)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["researcher", "work"], name="works_authorship_researcher"),
            # From an institution to the bylines that print it; a hash, because what is printed may be long.
            HashIndex(
                fields=["printed_affiliation"],
                condition=~Q(printed_affiliation=""),
                name="works_authorship_affiliation",
            ),
            # Both the list of what is left to resolve and its outbox: nothing is lost when a task is.
            models.Index(
                fields=["id"],
                condition=Q(researcher__isnull=True, kind="person"),
                name="works_authorship_unresolved",
            ),
        ]
        constraints = [
            # Deferred, so that a byline can be reordered in place and each authorship keeps its researcher.
            models.UniqueConstraint(
                fields=["work", "position"],
                name="works_authorship_one_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="works_authorship_position_from_1"),
            models.CheckConstraint(condition=~Q(printed_name=""), name="works_authorship_has_name"),
            # Longer than any name, shorter than what the indexes on a researcher's names can hold (2.7 kB).
            models.CheckConstraint(
                condition=Q(kind="collaboration") | Q(LessThanOrEqual(Length("printed_name"), LONGEST_NAME)),
                name="works_authorship_name_is_a_name",
            ),
            models.CheckConstraint(condition=Q(kind__in=["person", "collaboration"]), name="works_authorship_kind"),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(researcher__isnull=True), name="works_authorship_only_people_resolve"
            ),
            models.CheckConstraint(
                condition=Q(attribution__in=["automatic", "confirmed", "unconfirmed", "disputed"]),
                name="works_authorship_attribution",
            ),
        ]

    def __str__(self) -> str:
        return self.printed_name

"""Curation of imported works, and a look at the imports."""

from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.models import User
from works.curate import correct_work, set_hidden, undo_correction
from works.import_admin import ImportRunAdmin
from works.models import (
    AffiliationMatch,
    Authorship,
    Institution,
    InstitutionName,
    PrintedAffiliation,
    RejectedRecord,
    Topic,
    VanishedWork,
    Work,
    WorkCorrection,
)
from works.retry import retry_rejected
from works.snapshot_models import SnapshotRun

__all__ = ["ImportRunAdmin"]  # registered by its own module, which Django does not look for


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list to look at: what is in it is written by imports and migrations."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody deletes."""
        return False


class AuthorshipInline(admin.TabularInline):
    """The byline of a work, as printed."""

    model = Authorship
    readonly_fields = ("position", "printed_name", "printed_affiliation", "researcher", "attribution")
    fields = readonly_fields
    extra = 0
    can_delete = False
    max_num = 0
    show_change_link = False


class CorrectionInline(admin.TabularInline):
    """What curators put right in a work, undone corrections included."""

    model = WorkCorrection
    readonly_fields = ("field", "value", "reason", "made_by", "made_at", "undone_by", "undone_at")
    fields = readonly_fields
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """They have a form of their own."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Another correction takes its place."""
        return False


@admin.register(Work)
class WorkAdmin(admin.ModelAdmin):
    """Works; a curator may hide one here, and put one right by adding a correction; the rest is what arXiv says."""

    list_display = ["arxiv_id", "title", "year", "withdrawn", "hidden", "changed_at"]
    list_filter = ["hidden", "withdrawn"]
    search_fields = ["=arxiv_id"]
    show_full_result_count = False
    ordering = ["-current_version_at", "-id"]
    readonly_fields = (
        "arxiv_id", "title", "abstract", "first_submitted_at", "current_version", "current_version_at",
        "withdrawn", "submitter", "comments", "journal_ref", "doi", "report_no", "license", "datestamp",
        "imported_at", "changed_at",
    )  # fmt: skip
    fields = ("hidden", *readonly_fields)
    inlines = [CorrectionInline, AuthorshipInline]

    def save_model(self, request: HttpRequest, obj: Work, form: ModelForm, change: bool) -> None:
        """Hide or show; nothing else can be changed here."""
        set_hidden(obj, hidden=obj.hidden)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Works come by import."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """A deleted work would come back with the next harvest; hiding lasts."""
        return False


@admin.register(WorkCorrection)
class WorkCorrectionAdmin(admin.ModelAdmin):
    """Corrections of imported works: added, undone, never changed or deleted."""

    list_display = ["work", "field", "value", "reason", "made_by", "made_at", "undone_at"]
    list_filter = ["field", ("undone_at", admin.EmptyFieldListFilter)]
    search_fields = ["=work__arxiv_id"]
    fields = ("work", "field", "value", "reason")
    raw_id_fields = ("work",)
    actions = ["undo"]

    def save_model(self, request: HttpRequest, obj: WorkCorrection, form: ModelForm, change: bool) -> None:
        """Make the correction, which ends an earlier one of the same field."""
        saved = correct_work(
            obj.work_id, field=obj.field, value=obj.value, reason=obj.reason, by=cast("User", request.user)
        )
        obj.pk = saved.pk

    @admin.action(description="Undo: show again what the import says", permissions=["add"])
    def undo(self, request: HttpRequest, corrections: QuerySet[WorkCorrection]) -> None:
        """End the chosen corrections."""
        for correction in corrections:
            undo_correction(correction, by=cast("User", request.user))

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Another correction takes its place."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Who put what right stays known."""
        return False


@admin.register(RejectedRecord)
class RejectedRecordAdmin(ReadOnlyAdmin):
    """Records that could not be read, with the reason; they can be tried again from the bytes that were kept."""

    list_display = ["__str__", "import_run", "rejected_at", "resolved_at"]
    list_filter = [("resolved_at", admin.EmptyFieldListFilter)]
    readonly_fields = ("identifier", "reason", "import_run", "rejected_at", "resolved_at", "raw_text")
    fields = readonly_fields
    actions = ["try_again"]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever may change rejected records may have them tried again."""
        return request.user.has_perm("works.change_rejectedrecord")

    @admin.action(description="Try again: read and load them from the bytes that were kept", permissions=["retry"])
    def try_again(self, request: HttpRequest, records: QuerySet[RejectedRecord]) -> None:
        """Say how many of the chosen records are loaded now."""
        outcomes = [retry_rejected(pk) for pk in records.values_list("pk", flat=True)]
        level = messages.SUCCESS if all(outcomes) else messages.WARNING
        self.message_user(request, f"{sum(outcomes)} of {len(outcomes)} are loaded now.", level)

    @admin.display(description="as received")
    def raw_text(self, record: RejectedRecord) -> str:
        """Show the bytes as text."""
        return bytes(record.raw).decode("utf-8", "replace")


@admin.register(SnapshotRun)
class SnapshotRunAdmin(ReadOnlyAdmin):
    """Loads of arXiv's metadata snapshot, by `manage.py import_snapshot`."""

    list_display = ["id", "source", "lines", "created", "updated", "unchanged", "rejected", "started_at",
                    "checkpoint_at", "finished_at"]  # fmt: skip


@admin.register(VanishedWork)
class VanishedWorkAdmin(ReadOnlyAdmin):
    """Works whose records are not at arXiv any more; they stay here until a curator hides them."""

    list_display = ["work", "reason", "run", "noticed_at", "returned_at"]
    list_filter = ["reason", ("returned_at", admin.EmptyFieldListFilter)]
    list_select_related = ["work", "run"]


@admin.register(Topic)
class TopicAdmin(ReadOnlyAdmin):
    """arXiv's taxonomy."""

    list_display = ["code", "name", "archive_name", "group_name", "active", "alias_of"]
    list_filter = ["group_name", "active"]
    search_fields = ["code", "name"]


class InstitutionNameInline(admin.TabularInline):
    """The names under which affiliations are found."""

    model = InstitutionName
    readonly_fields = ("kind", "value")
    extra = 0
    can_delete = False
    max_num = 0


@admin.register(Institution)
class InstitutionAdmin(ReadOnlyAdmin):
    """Organisations, as the registry has them."""

    list_display = ["name", "ror_id", "country_code", "city", "status"]
    list_filter = ["status"]
    search_fields = ["name", "=ror_id"]
    show_full_result_count = False
    inlines = [InstitutionNameInline]


class AffiliationMatchInline(admin.TabularInline):
    """What the matcher answered, and why."""

    model = AffiliationMatch
    readonly_fields = ("institution", "score", "matched_name", "reasons")
    fields = readonly_fields
    extra = 0
    can_delete = False
    max_num = 0


@admin.register(PrintedAffiliation)
class PrintedAffiliationAdmin(ReadOnlyAdmin):
    """Affiliations as bylines print them."""

    list_display = ["text", "matcher_version", "matched_at"]
    search_fields = ["text"]
    show_full_result_count = False
    inlines = [AffiliationMatchInline]

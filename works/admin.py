"""Curation of imported works, and a look at the imports."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from works.curate import set_hidden
from works.models import (
    AffiliationMatch,
    Authorship,
    ImportRun,
    Institution,
    InstitutionName,
    PrintedAffiliation,
    RejectedRecord,
    Topic,
    Work,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list to look at: what is in it is written by imports and migrations."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
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


@admin.register(Work)
class WorkAdmin(admin.ModelAdmin):
    """Works; a curator may hide one, everything else is what arXiv says."""

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
    inlines = [AuthorshipInline]

    def save_model(self, request: HttpRequest, obj: Work, form: ModelForm, change: bool) -> None:  # noqa: ARG002
        """Hide or show; nothing else can be changed here."""
        set_hidden(obj, hidden=obj.hidden)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Works come by import."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """A deleted work would come back with the next harvest; hiding lasts."""
        return False


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """What was imported, from where, and how it went."""

    list_display = ["id", "status", "endpoint", "set_spec", "from_date", "pages", "created", "updated", "unchanged",
                    "rejected", "started_at", "finished_at"]  # fmt: skip
    list_filter = ["status"]


@admin.register(RejectedRecord)
class RejectedRecordAdmin(ReadOnlyAdmin):
    """Records that could not be read, with the reason."""

    list_display = ["identifier", "reason", "import_run", "rejected_at"]
    readonly_fields = ("identifier", "reason", "import_run", "rejected_at", "raw_text")
    fields = readonly_fields

    @admin.display(description="as received")
    def raw_text(self, record: RejectedRecord) -> str:
        """Show the bytes as text."""
        return bytes(record.raw).decode("utf-8", "replace")


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

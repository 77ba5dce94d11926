"""A curator's look at researchers, at what was decided about identity, and at what is doubtful."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from profiles.curation import pages
from profiles.curation.forms import ReasonForm
from profiles.models import IdentityDecision, IdentityNotice, IdentityOperation, Researcher
from works.admin import ReadOnlyAdmin


class CuratorAdmin(ReadOnlyAdmin):
    """A list that whoever may curate identities may see."""

    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Curators see it without a permission of its own."""
        return request.user.has_perm(pages.PERMISSION) or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """And find it on the first page."""
        return request.user.has_perm(pages.PERMISSION) or super().has_module_permission(request)

    def has_curate_permission(self, request: HttpRequest) -> bool:
        """Who may use the actions that ask for `curate`."""
        return request.user.has_perm(pages.PERMISSION)


def workbench(researcher: Researcher, query: str = "") -> str:
    """Return the address of the form in which works are moved and records merged."""
    return f"{reverse('admin:profiles_researcher_workbench', args=[researcher.pk])}{query}"


@admin.register(Researcher)
class ResearcherAdmin(CuratorAdmin):
    """Author records."""

    list_display = ["display_name", "public_id", "state", "identity_level", "tied_works", "created_at"]
    list_filter = ["state", "identity_level"]
    search_fields = ["search_name"]
    actions = ["move_or_split", "merge_two"]
    change_form_template = "admin/profiles/researcher_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the workbench."""
        view = self.admin_site.admin_view(pages.workbench)
        return [
            path("<int:researcher_id>/identity/", view, name="profiles_researcher_workbench"),
            *super().get_urls(),
        ]

    def view_on_site(self, obj: Researcher) -> str:
        """Lead to the public page."""
        return obj.get_absolute_url()

    @admin.action(description="Move or split works of this record…", permissions=["curate"])
    def move_or_split(self, request: HttpRequest, queryset: QuerySet[Researcher]) -> HttpResponse | None:
        """Open the workbench of one record."""
        chosen = list(queryset[:2])
        if len(chosen) == 1:
            return HttpResponseRedirect(workbench(chosen[0]))
        messages.error(request, "Choose one record.")
        return None

    @admin.action(description="Merge these two records…", permissions=["curate"])
    def merge_two(self, request: HttpRequest, queryset: QuerySet[Researcher]) -> HttpResponse | None:
        """Open the workbench of the newer record, to be merged into the older one; a claimed one stays."""
        chosen = sorted(queryset[:3], key=lambda record: (record.state != Researcher.State.CLAIMED, record.pk))
        if len(chosen) == 2:
            return HttpResponseRedirect(workbench(chosen[1], f"?into={chosen[0].public_id}"))
        messages.error(request, "Choose two records.")
        return None


@admin.register(IdentityDecision)
class IdentityDecisionAdmin(CuratorAdmin):
    """Decisions, which are only ever added."""

    list_display = ["id", "kind", "work", "printed_name", "researcher", "decided_by", "decided_at", "reason"]
    list_filter = ["kind"]
    list_select_related = ["work", "researcher", "decided_by"]


@admin.register(IdentityOperation)
class IdentityOperationAdmin(CuratorAdmin):
    """What was done, to be undone from here."""

    list_display = ["id", "kind", "source", "target", "performed_by", "performed_at", "is_undone", "reason"]
    list_filter = ["kind"]
    list_select_related = ["source", "target", "performed_by", "undone_by"]
    readonly_fields = ("kind", "source", "target", "made_target", "undoes", "performed_by", "performed_at", "reason")
    fields = readonly_fields
    change_form_template = "admin/profiles/operation_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page that undoes one."""
        view = self.admin_site.admin_view(pages.undo)
        return [path("<int:operation_id>/undo/", view, name="profiles_identityoperation_undo"), *super().get_urls()]

    @admin.display(boolean=True, description="undone")
    def is_undone(self, operation: IdentityOperation) -> bool:
        """Whether another operation took it back."""
        return hasattr(operation, "undone_by")


@admin.register(IdentityNotice)
class IdentityNoticeAdmin(CuratorAdmin):
    """The queue of what is doubtful."""

    list_display = ["suspicion", "status", "raised_at"]
    list_display_links = None
    list_filter = ["status", "kind"]
    list_select_related = ["researcher", "other"]
    actions = ["act"]
    readonly_fields = (
        "kind", "status", "record", "other_record", "grounds", "doubted_works", "raised_at", "settled_by", "settled_at",
        "settled_reason", "operation",
    )  # fmt: skip
    fields = readonly_fields
    change_form_template = "admin/profiles/notice_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page that dismisses one."""
        view = self.admin_site.admin_view(pages.dismiss_notice)
        return [path("<int:notice_id>/dismiss/", view, name="profiles_identitynotice_dismiss"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show what is open, unless something else is asked for."""
        if request.method == "GET" and not request.GET and self.has_view_permission(request):
            return HttpResponseRedirect(f"{request.path}?status__exact=open")
        return super().changelist_view(request, extra_context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the form that dismisses it."""
        return super().change_view(request, object_id, form_url, {"dismissal": ReasonForm(), **(extra_context or {})})

    @admin.display(description="suspicion", ordering="kind")
    def suspicion(self, notice: IdentityNotice) -> SafeString:
        """Say of whom what is suspected, why, and link to what can be done about it."""
        names = " and ".join(each.display_name for each in (notice.researcher, notice.other) if each)
        return format_html(
            '<a class="suspicion" href="{}">{}: {}</a><p class="suspicion-grounds">{}</p><a href="{}">{}</a>',
            reverse("admin:profiles_identitynotice_change", args=[notice.pk]),
            notice.get_kind_display().capitalize(),
            names,
            self.grounds(notice),
            workbench_of(notice),
            "Merge the two" if notice.other else "Move or split the works",
        )

    @admin.display(description="grounds")
    def grounds(self, notice: IdentityNotice) -> str:
        """The sentences of the evidence."""
        return " ".join(notice.evidence)

    @admin.display(description="record")
    def record(self, notice: IdentityNotice) -> SafeString:
        """Link to the public page."""
        return link_to(notice.researcher)

    @admin.display(description="other record")
    def other_record(self, notice: IdentityNotice) -> SafeString | str:
        """Link to the public page of the second."""
        return link_to(notice.other) if notice.other else "none"

    @admin.display(description="doubted works")
    def doubted_works(self, notice: IdentityNotice) -> SafeString | str:
        """Link each work to what speaks for and against it."""
        handle = notice.researcher.handle
        rows = [
            (reverse("profiles:why", args=[handle, work.arxiv_id]), work.arxiv_id, work.title)
            for work in notice.works.all()
        ]
        return format_html_join(", ", '<a href="{}">{}</a> {}', rows) or "none"

    @admin.action(description="Move, split or merge…", permissions=["curate"])
    def act(self, request: HttpRequest, queryset: QuerySet[IdentityNotice]) -> HttpResponse | None:
        """Open the workbench with what one notice suggests."""
        chosen = list(queryset.select_related("researcher", "other")[:2])
        if len(chosen) == 1:
            return HttpResponseRedirect(workbench_of(chosen[0]))
        messages.error(request, "Choose one notice.")
        return None


def workbench_of(notice: IdentityNotice) -> str:
    """Return its address, filled in with what a notice suggests: the older of two records stays."""
    if notice.other:
        return workbench(notice.other, f"?into={notice.researcher.public_id}")
    return workbench(notice.researcher, f"?notice={notice.pk}")


def link_to(researcher: Researcher) -> SafeString:
    """Link a record's name to its public page."""
    name = f"{researcher.display_name} ({researcher.public_id})"
    return format_html('<a href="{}">{}</a>', researcher.get_absolute_url(), name)

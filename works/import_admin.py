"""Import runs in the admin: the list with its actions, and a page that shows live how they go."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from works.models import ImportRun
from works.progress import is_anything_moving, list_progress, list_snapshot_progress
from works.runs import RunStateError, cancel_run, pause_run, resume_run
from works.tasks import harvest

MOVES: dict[str, Callable[[int], ImportRun]] = {"pause": pause_run, "resume": resume_run, "cancel": cancel_run}


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """What was imported, from where, and how it went; runs can be paused, resumed and cancelled."""

    list_display = ["id", "status", "kind", "endpoint", "metadata_prefix", "set_spec", "from_date", "pages", "created",
                    "updated", "unchanged", "rejected", "last_datestamp", "started_at", "finished_at"]  # fmt: skip
    list_filter = ["status", "kind"]
    actions = ["pause", "resume", "cancel"]
    change_list_template = "admin/works/importrun/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the live page, its fragment, and the buttons on it."""
        pages = [
            path("live/", self.admin_site.admin_view(require_safe(self.live)), name="works_importrun_live"),
            path("live/runs/", self.admin_site.admin_view(require_safe(self.live_runs)), name="works_importrun_runs"),
            path(
                "<int:run_id>/<str:move>/", self.admin_site.admin_view(require_POST(self.move)),
                name="works_importrun_move",
            ),
        ]  # fmt: skip
        return pages + super().get_urls()

    def live(self, request: HttpRequest) -> HttpResponse:
        """Show how the runs go."""
        title = {"title": "How the imports go", "opts": self.opts}
        context = {**self.admin_site.each_context(request), **title, **self.look(request)}
        return TemplateResponse(request, "admin/works/importrun/live.html", context)

    def live_runs(self, request: HttpRequest) -> HttpResponse:
        """The part of it that changes."""
        response = TemplateResponse(request, "admin/works/importrun/_runs.html", self.look(request))
        response["Cache-Control"] = "private, no-store"
        return response

    def look(self, request: HttpRequest) -> dict[str, Any]:
        """What both show; raise PermissionDenied for who may not see runs."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_move = self.has_move_permission(request)
        runs = {"runs": list_progress(), "snapshots": list_snapshot_progress()}
        return {**runs, "is_moving": is_anything_moving(), "may_move": may_move}

    def move(self, request: HttpRequest, run_id: int, move: str) -> HttpResponse:
        """Pause, resume or cancel one run, and go back to the live page."""
        if not self.has_move_permission(request):
            raise PermissionDenied
        self.move_runs(request, move, [run_id])
        return redirect("admin:works_importrun_live")

    def move_runs(self, request: HttpRequest, move: str, run_ids: list[int]) -> None:
        """Move each run; say which could not be moved, and why."""
        for run_id in run_ids:
            try:
                run = MOVES[move](run_id)
            except (RunStateError, ImportRun.DoesNotExist, KeyError) as error:
                self.message_user(request, str(error), messages.WARNING)
                continue
            if run.status == ImportRun.Status.QUEUED:
                transaction.on_commit(lambda pk=run.pk: harvest.delay(pk), robust=True)  # type: ignore[misc]  # mypy: the default of a lambda
            self.message_user(request, f"Import run {run.pk} is {run.get_status_display()}.", messages.SUCCESS)

    @admin.action(description="Pause, after the page that they are at", permissions=["move"])
    def pause(self, request: HttpRequest, chosen: QuerySet[ImportRun]) -> None:
        """Pause the chosen runs."""
        self.move_runs(request, "pause", list(chosen.values_list("pk", flat=True)))

    @admin.action(description="Resume, where they stood", permissions=["move"])
    def resume(self, request: HttpRequest, chosen: QuerySet[ImportRun]) -> None:
        """Resume the chosen runs."""
        self.move_runs(request, "resume", list(chosen.values_list("pk", flat=True)))

    @admin.action(description="Cancel; what they loaded stays", permissions=["move"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[ImportRun]) -> None:
        """Cancel the chosen runs."""
        self.move_runs(request, "cancel", list(chosen.values_list("pk", flat=True)))

    def has_move_permission(self, request: HttpRequest) -> bool:
        """Whoever may change runs may pause, resume and cancel them."""
        return request.user.has_perm("works.change_importrun")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Runs begin by schedule and by command."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What a run did is not edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """The next window follows from the runs there were."""
        return False

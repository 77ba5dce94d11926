"""The curators' intermediate pages in the admin: fill in, see the outcome, then do it."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from profiles.curation.forms import OperationForm, ReasonForm
from profiles.curation.mandate import OperationRefused
from profiles.curation.notices import dismiss
from profiles.curation.preview import Preview, preview
from profiles.curation.undo import undo_operation
from profiles.models import IdentityNotice, IdentityOperation, Researcher
from works.models import Authorship

PERMISSION = "profiles.curate_identity"


def curator_of(request: HttpRequest) -> User:
    """Return the curator who asks; raise `PermissionDenied` for anybody else."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    return cast("User", request.user)


@require_http_methods(["GET", "POST"])
def workbench(request: HttpRequest, researcher_id: int) -> HttpResponse:
    """Move, split or merge a record: the form, then the outcome to confirm, then the deed."""
    curator = curator_of(request)
    researcher = get_object_or_404(Researcher, pk=researcher_id)
    # Asked before the form is: what it moved is no longer among the works that it offers.
    if (operation := find_submitted(request.POST)) is not None:
        return done(request, operation, "That was done already.")
    form = OperationForm(researcher, request.POST or None, initial=propose(request.GET, researcher))
    outcome: Preview | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("step") == "perform":
                operation = form.operation(curator)()
                return done(request, operation, f"Done: {operation.get_kind_display()}.")
            outcome = preview(form.researchers(), form.operation(curator))
        except OperationRefused as refused:
            form.refuse(refused)
    context = {"title": f"Identity of {researcher}", "researcher": researcher, "form": form, "outcome": outcome}
    return page(request, "admin/profiles/workbench.html", {**context, "answers": answers_of(request.POST)})


def find_submitted(sent: QueryDict) -> IdentityOperation | None:
    """Return what this very form did when it was submitted before."""
    try:
        return IdentityOperation.objects.filter(token=UUID(sent.get("token", ""))).first()
    except ValueError:
        return None


def propose(asked: QueryDict, researcher: Researcher) -> dict[str, Any]:
    """Fill the form in from what led here: a notice's works, or the other record of a pair."""
    notice = IdentityNotice.objects.filter(pk=as_number(asked.get("notice", ""))).first()
    if notice is not None and notice.kind == IdentityNotice.Kind.SPLIT:
        rows = Authorship.objects.filter(researcher=researcher, work__in=notice.works.values("pk"))
        return {"authorships": [str(pk) for pk in rows.values_list("pk", flat=True)]}
    if target := asked.get("into", ""):
        return {"action": "merge", "target": target}
    return {}


def as_number(text: str) -> int:
    """Read a key from an address; 0, which is nobody's, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def answers_of(sent: QueryDict) -> list[tuple[str, str]]:
    """Return what was filled in, to be sent again by the button that confirms it."""
    kept = {"action", "authorships", "target", "reason", "token"}
    return [(name, value) for name, values in sent.lists() if name in kept for value in values]


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Show what undoing an operation brings back, then undo it."""
    curator = curator_of(request)
    operation = get_object_or_404(IdentityOperation.objects.select_related("source", "target"), pk=operation_id)
    form = ReasonForm(request.POST or None)
    outcome: Preview | None = None
    try:
        if request.method == "POST" and form.is_valid():
            return done(request, undo_operation(operation, form.mandate(curator)), "Undone.")
        if not IdentityOperation.objects.filter(undoes=operation).exists():
            mandate = ReasonForm({"reason": "Preview", "token": form["token"].value()})
            mandate.is_valid()
            outcome = preview(
                [operation.source, operation.target], lambda: undo_operation(operation, mandate.mandate(curator))
            )
    except OperationRefused as refused:
        form.add_error(None, str(refused)) if form.is_bound else messages.error(request, str(refused))
    context = {"title": f"Undo {operation}", "operation": operation, "form": form, "outcome": outcome}
    return page(request, "admin/profiles/undo.html", context)


@require_POST
def dismiss_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Put a suspicion aside for good, with the reason."""
    curator = curator_of(request)
    notice = get_object_or_404(IdentityNotice, pk=notice_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        dismiss(notice, curator, form.cleaned_data["reason"])
        messages.success(request, "Dismissed: the same suspicion on the same grounds is not raised again.")
    else:
        messages.error(request, "Say why: the next curator will want to know.")
    return HttpResponseRedirect(reverse("admin:profiles_identitynotice_change", args=[notice.pk]))


def done(request: HttpRequest, operation: IdentityOperation, message: str) -> HttpResponse:
    """Say what was done and lead to its record, where it can be undone."""
    messages.success(request, message)
    return HttpResponseRedirect(reverse("admin:profiles_identityoperation_change", args=[operation.pk]))


def page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> TemplateResponse:
    """Render a page of the admin."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})

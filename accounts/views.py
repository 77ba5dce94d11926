"""A member's data: asked for, fetched, deleted; each only after logging in afresh."""

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.export import request_export
from accounts.leave import ask_to_leave
from accounts.models import AccountExport, User


@never_cache
@require_safe
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def data(request: HttpRequest) -> HttpResponse:
    """Show the exports, and the way to leave."""
    exports = AccountExport.objects.filter(user=request.user.pk).defer("archive")
    return render(request, "accounts/data.html", {"exports": exports})


@never_cache
@require_POST
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def export(request: HttpRequest) -> HttpResponse:
    """Ask for an export."""
    user = request.user
    if not ratelimit.consume(request, action="account_export", user=user):
        return render(request, "errors/429.html", status=429)
    if isinstance(user, User):
        request_export(user)
        messages.success(request, "We are gathering your data. Reload this page in a moment.")
    return redirect("account_data")


@never_cache
@require_safe
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a member their own export."""
    found = AccountExport.objects.filter(pk=pk, user=request.user.pk, ready_at__isnull=False).first()
    if found is None or found.archive is None:
        raise Http404("No such export")
    response = HttpResponse(bytes(found.archive), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="bzpeer-data.zip"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account, once the member has typed its address."""
    user = request.user
    if request.method != "POST" or not isinstance(user, User):
        return render(request, "accounts/delete.html")
    if request.POST.get("email", "").strip().lower() != user.email:
        messages.error(request, "That is not the address of this account; nothing was deleted.")
        return redirect("account_delete")
    ask_to_leave(user)
    logout(request)
    return render(request, "accounts/deleted.html")

"""The owner's page: every form on it changes one thing, at once, and each change can be undone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from claims.change_log import describe_changes
from claims.errors import ClaimRefused
from claims.limits import over_limit
from claims.own.change import change_record, confirm_record, mark, undo_change, version_of
from claims.own.fields import FIELDS
from claims.own.missing import add_missing, read_arxiv_id
from claims.own.read_form import READERS
from claims.queries import get_owner_claim, list_marked_works, list_vouched, public_changes
from claims.tasks import add_missing_work
from claims.views.claim import member_of
from claims.vouching import take_back_vouch, vouch
from profiles.models import Researcher
from profiles.queries import get_researcher
from profiles.views import researcher_page
from works.models import Work

CHANGES_PER_PAGE = 50


def owner_of(request: HttpRequest, researcher: Researcher) -> User:
    """Return the member if the record is theirs; raise `PermissionDenied` for everybody else."""
    user = member_of(request)
    if user is None or get_owner_claim(user, researcher) is None:
        raise PermissionDenied
    return user


@never_cache
@require_safe
@login_required
@researcher_page
def edit(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Show everything that an owner may change."""
    user = owner_of(request, researcher)
    claim = get_owner_claim(user, researcher)
    context = {
        "researcher": researcher,
        "claim": claim,
        "version": version_of(researcher),
        "values": {name: field.read(researcher) for name, field in FIELDS.items()},
        "works": list_marked_works(researcher),
        "collaboration_choices": Researcher.Collaboration.choices,
        "vouched": list_vouched(researcher),
        "changes": describe_changes(researcher.record_changes.select_related("undone_by")[:20], private=True),
    }
    return render(request, "claims/edit.html", context)


def answer(request: HttpRequest, researcher: Researcher, act: Callable[[], Any], done: str) -> HttpResponse:
    """Do what was asked, say what became of it, and lead back to the owner's page."""
    try:
        act()
    except ClaimRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("claims:edit", get_researcher(researcher.public_id).handle)


@never_cache
@login_required
@require_POST
@researcher_page
def change(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Set one field."""
    user = owner_of(request, researcher)
    field = request.POST.get("field", "")
    version = request.POST.get("version", "")

    def act() -> None:
        if field not in READERS:
            raise ClaimRefused("There is no such field.")
        value = READERS[field](request.POST)
        change_record(user, researcher, field, value, version=int(version) if version.isdecimal() else None)

    return answer(request, researcher, act, "Saved. It shows on your page now.")


@never_cache
@login_required
@require_POST
@researcher_page
def work(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Mark a work mine or not mine."""
    user = owner_of(request, researcher)
    work_id = request.POST.get("work", "")

    def act() -> None:
        mark(user, researcher, int(work_id) if work_id.isdecimal() else 0, request.POST.get("mark", ""))

    return answer(request, researcher, act, "Noted. It shows on your page now.")


@never_cache
@login_required
@require_POST
@researcher_page
def missing(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Add a work by its arXiv id; one that we do not have is fetched first."""
    user = owner_of(request, researcher)
    if refusal := over_limit(request, "claims_proof"):
        return refusal
    try:
        arxiv_id = read_arxiv_id(request.POST.get("arxiv_id", ""))
        add_missing(user, researcher, arxiv_id)
    except ClaimRefused as error:
        messages.error(request, str(error))
    except Work.DoesNotExist:
        add_missing_work.delay(user.pk, researcher.pk, arxiv_id)
        messages.success(request, "We are fetching it from arXiv. You are told by mail when it is on your page.")
    else:
        messages.success(request, "It is on your page now.")
    return redirect("claims:edit", researcher.handle)


@never_cache
@login_required
@require_POST
@researcher_page
def confirm(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Confirm all of the record."""
    user = owner_of(request, researcher)
    return answer(request, researcher, lambda: confirm_record(user, researcher), "Confirmed, for a year.")


@never_cache
@login_required
@require_POST
@researcher_page
def undo(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Undo one of the owner's own changes."""
    user = owner_of(request, researcher)
    change_id = request.POST.get("change", "")
    return answer(
        request,
        researcher,
        lambda: undo_change(user, researcher, int(change_id) if change_id.isdecimal() else 0),
        "Undone.",
    )


@never_cache
@login_required
@require_POST
@researcher_page
def vouch_for(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Vouch for a co-author by the address of their page, or take it back."""
    user = owner_of(request, researcher)
    handle = request.POST.get("person", "").strip().rstrip("/").rpartition("/")[2]
    do = take_back_vouch if request.POST.get("back") == "yes" else vouch

    def act() -> None:
        try:
            do(user, researcher, get_researcher(handle))
        except Researcher.DoesNotExist as error:
            raise ClaimRefused("There is no such record.") from error

    return answer(request, researcher, act, "Noted.")


@require_safe
@researcher_page
def changes(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Show what the owner changed; the same for every viewer."""
    page = Paginator(public_changes(researcher), CHANGES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"researcher": researcher, "page": page, "changes": describe_changes(page)}
    return render(request, "claims/changes.html", context)

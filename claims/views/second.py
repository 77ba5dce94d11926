"""A second record of the owner's: named, looked at, proposed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from claims.errors import ClaimRefused
from claims.forms import LONGEST_STATEMENT
from claims.limits import over_limit
from claims.models import MergeProposal
from claims.queries import get_owner_claim, list_proposals, list_resembling
from claims.second_record import find_second, preview_merge, propose_merge, rule_decides, withdraw_proposal
from claims.views.own import answer, owner_of
from profiles.models import Researcher
from profiles.views import researcher_page

PROPOSED = "Thank you. A curator looks, usually within a week, and you are told."
MERGED = "Both records were yours, so they are one now. You can undo that on your page."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@researcher_page
def second(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Name a second record, see what merging it would bring, and propose it."""
    user = owner_of(request, researcher)
    named = (request.POST or request.GET).get("record", "")
    if named and (refusal := over_limit(request, "claims_merge")):
        return refusal
    if request.method == "POST":
        return propose(request, researcher, user, named)
    context: dict[str, object] = {"researcher": researcher, "named": named}
    try:
        if named:
            other = find_second(named)
            context |= {"outcome": preview_merge(user, researcher, other), "second": other}
            context["by_rule"] = rule_decides(user, researcher, other)
    except ClaimRefused as error:
        messages.error(request, str(error))
    claim = get_owner_claim(user, researcher)
    context |= {"resembling": list_resembling(researcher), "proposals": list_proposals(claim) if claim else []}
    return render(request, "claims/second.html", context)


def propose(request: HttpRequest, researcher: Researcher, user: User, named: str) -> HttpResponse:
    """Propose the merge and say what comes next."""
    try:
        reason = request.POST.get("reason", "")[:LONGEST_STATEMENT]
        proposal = propose_merge(user, researcher, find_second(named), reason)
    except ClaimRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, MERGED if proposal.state == MergeProposal.State.APPROVED else PROPOSED)
    return redirect("claims:second", researcher.handle)


@never_cache
@login_required
@require_POST
@researcher_page
def withdraw(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Take a proposal back."""
    user = owner_of(request, researcher)
    pk = request.POST.get("proposal", "")
    number = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0
    return answer(request, researcher, lambda: withdraw_proposal(user, researcher, number), "Taken back.")

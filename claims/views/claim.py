"""The claim page: one screen to ask for a record, and the same address to see how it stands."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from claims.check import confirm_institution
from claims.errors import ClaimRefused
from claims.evidence import offer_proof
from claims.forms import NEED_ADDRESS, ClaimForm, ProofForm, ReasonForm
from claims.limits import over_limit
from claims.machine import OPEN
from claims.models import Claim, Evidence
from claims.presort import LISTED
from claims.proofs.author_feed import list_fed_works
from claims.proofs.named_pages import list_named_pages, token_of
from claims.proofs.orcid import can_sign_in, get_orcid_account
from claims.queries import MarkedWork, claims_of, get_own_claim, list_marked_works
from claims.submit import appeal as appeal_claim, submit_claim, withdraw_claim
from profiles.models import Researcher
from profiles.views import researcher_page


def member_of(request: HttpRequest) -> User | None:
    """Return the member who asks."""
    return request.user if isinstance(request.user, User) else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@researcher_page
def claim(request: HttpRequest, researcher: Researcher) -> HttpResponseBase:
    """Ask for a record; once asked, see how the claim stands."""
    user = member_of(request)
    if user is None:
        return redirect_to_login(request.path)
    known = get_own_claim(user, researcher)
    again = request.GET.get("again") == "yes" or request.method == "POST"
    if known is not None and (known.state in OPEN or not again):
        return show_status(request, researcher, known, user)
    works = list_marked_works(researcher, list_fed_works(user))
    form = ClaimForm(request.POST if request.method == "POST" else None, works=works)
    if request.method == "POST" and form.is_valid():
        return submit(request, researcher, user, form)
    return render(request, "claims/claim.html", claim_context(researcher, form, user))


def claim_context(researcher: Researcher, form: ClaimForm, user: User) -> dict[str, object]:
    """What the form shows: the works in three groups, marked as the evidence suggests or as was said already."""
    said = form.marks() if form.is_bound else {}
    groups = [
        (mark, title, [marked_as_said(work, said) for work in form.works if work.mark == mark])
        for mark, title in (("mine", "Probably yours"), ("unsure", "Not sure"), ("not_mine", "Probably not yours"))
    ]
    return {
        "researcher": researcher,
        "form": form,
        "groups": groups,
        "by_feed": any(work.reason == LISTED for work in form.works),
        "may_sign_in": can_sign_in() and get_orcid_account(user) is None,
        "claimed_by_another": researcher.state == Researcher.State.CLAIMED and researcher.owner_id != user.pk,
    }


def marked_as_said(marked: MarkedWork, said: dict[int, str]) -> MarkedWork:
    """Keep what somebody has ticked when the form is shown again."""
    return replace(marked, mark=said.get(marked.work.pk, marked.mark))


def submit(request: HttpRequest, researcher: Researcher, user: User, form: ClaimForm) -> HttpResponse:
    """Make the claim and lead to where the proofs are."""
    if refusal := over_limit(request, "claims_submit"):
        return refusal
    kind, address = form.cleaned_data["proof"], form.cleaned_data["address"]
    try:
        own = submit_claim(user, researcher, form.marks(), form.cleaned_data["statement"])
        if kind in NEED_ADDRESS and address and not ratelimited(request):
            messages.success(request, said(offer_proof(user, own, kind, address)))
    except ClaimRefused as error:
        messages.error(request, str(error))
    there = reverse("claims:claim", args=[researcher.handle])
    return redirect(f"{there}?proof={kind}#proofs" if kind else there)


def ratelimited(request: HttpRequest) -> bool:
    """Count a proof that comes with a claim like any other."""
    return over_limit(request, "claims_proof") is not None


def said(evidence: Evidence) -> str:
    """Say what happens to a proof now."""
    return SAID.get(evidence.kind, "We are looking; reload this page in a moment.")


def show_status(request: HttpRequest, researcher: Researcher, own: Claim, user: User) -> HttpResponse:
    """Show how a claim stands, what comes next and by when, and the proofs that may be added."""
    context = {
        "researcher": researcher,
        "claim": own,
        "is_open": own.state in OPEN,
        "in_dispute": own.disputes_raised.filter(closed_at__isnull=True).exists(),
        "can_appeal": own.state in {"rejected", "revoked"} and not own.events.filter(kind="appealed").exists(),
        "named_pages": list_named_pages(researcher) if own.state in OPEN else [],
        "token": token_of(own),
        "orcid": get_orcid_account(user),
        "chosen": request.GET.get("proof", ""),
        "profile_url": request.build_absolute_uri(researcher.get_absolute_url()),
    }
    return render(request, "claims/status.html", context)


@never_cache
@login_required
@require_POST
@researcher_page
def proof(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Add a proof to the member's own claim."""
    user = member_of(request)
    own = get_own_claim(user, researcher) if user else None
    form = ProofForm(request.POST)
    if refusal := over_limit(request, "claims_proof"):
        return refusal
    if user is None or own is None:
        return redirect("claims:claim", researcher.handle)
    if not form.is_valid():
        messages.error(request, form_says(form))
        return redirect("claims:claim", researcher.handle)
    try:
        evidence = offer_proof(user, own, form.cleaned_data["kind"], form.cleaned_data["address"])
    except ClaimRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said(evidence))
    return redirect(reverse("claims:claim", args=[researcher.handle]) + "#proofs")


def form_says(form: ProofForm) -> str:
    """Put what is wrong with a form into one line."""
    return "That does not look right: " + " ".join(str(error) for errors in form.errors.values() for error in errors)


SAID = {"institutional_email": "We have sent a message to that address. Open its link to confirm it."}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, evidence_id: int, token: str) -> HttpResponse:
    """Confirm an institutional address by its link; opening it alone confirms nothing."""
    user = member_of(request)
    if request.method != "POST" or user is None:
        return render(request, "claims/confirm_email.html", {"evidence_id": evidence_id, "token": token})
    if refusal := over_limit(request, "claims_secret"):
        return refusal
    try:
        evidence = confirm_institution(user, evidence_id, token)
    except ClaimRefused as error:
        return render(request, "claims/refused.html", {"reason": str(error)}, status=410)
    messages.success(request, f"Your address is confirmed. {evidence.note}")
    return redirect("claims:claim", evidence.claim.researcher.handle)


@never_cache
@login_required
@require_POST
@researcher_page
def withdraw(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Give the member's own claim up."""
    user = member_of(request)
    own = get_own_claim(user, researcher) if user else None
    if user is not None and own is not None:
        try:
            withdraw_claim(user, own)
        except ClaimRefused as error:
            messages.error(request, str(error))
    return redirect("claims:claim", researcher.handle)


@never_cache
@login_required
@require_POST
@researcher_page
def appeal(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Appeal against a decision on the member's own claim."""
    user = member_of(request)
    own = get_own_claim(user, researcher) if user else None
    form = ReasonForm(request.POST)
    if user is not None and own is not None and form.is_valid():
        try:
            appeal_claim(user, own, form.cleaned_data["reason"])
        except ClaimRefused as error:
            messages.error(request, str(error))
    return redirect("claims:claim", researcher.handle)


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """List a member's own claims."""
    user = member_of(request)
    return render(request, "claims/mine.html", {"claims": claims_of(user) if user else []})

"""Reporting without an account."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from claims.errors import ClaimRefused
from claims.limits import over_limit
from claims.models import Report
from claims.reports.file import confirm_report, file_report, get_unconfirmed
from profiles.models import Researcher
from profiles.views import researcher_page


class ReportForm(forms.Form):
    """What is wrong, and where the answer goes."""

    kind = forms.ChoiceField(label="What is wrong?", choices=Report.Kind.choices, widget=forms.RadioSelect)
    what = forms.CharField(
        label="Which works, or which other record?",
        help_text="arXiv ids, or the address of the other page. Not needed for a removal.",
        required=False,
        max_length=500,
    )
    message = forms.CharField(
        label="Anything else", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    email = forms.EmailField(
        label="Your e-mail address",
        help_text="We send a link that confirms the report, and later the answer. Only curators see it.",
        max_length=254,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@researcher_page
def report(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Take a report; it counts once its address is confirmed."""
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if refusal := over_limit(request, "claims_report"):
            return refusal
        data = form.cleaned_data
        file_report(researcher, data["kind"], data["email"], data["what"], data["message"])
        return render(request, "claims/report_sent.html", {"researcher": researcher, "email": data["email"]})
    return render(request, "claims/report.html", {"researcher": researcher, "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a report by its link; opening it alone confirms nothing."""
    if refusal := over_limit(request, "claims_report_secret"):
        return refusal
    try:
        if request.method != "POST":
            return render(request, "claims/report_confirm.html", {"report": get_unconfirmed(token), "token": token})
        found = confirm_report(token)
    except ClaimRefused as error:
        return render(request, "claims/refused.html", {"reason": str(error)}, status=410)
    messages.success(request, "Thank you, it is confirmed. A curator looks, usually within a week, and you are told.")
    return redirect("claims:report", found.researcher.handle)

"""The curators' queue: claims, disputes and reports that wait for a person; every decision with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from claims.curate import (
    CLAIM_DECISIONS,
    DISPUTE_DECISIONS,
    OFFERED,
    PROPOSAL_DECISIONS,
    REPORT_DECISIONS,
    SUPPRESSION_DECISIONS,
    Decision,
    in_order,
)
from claims.errors import ClaimRefused
from claims.machine import State
from claims.models import (
    Claim,
    ClaimEvent,
    Dispute,
    Evidence,
    MergeProposal,
    OutgoingMail,
    RecordChange,
    Report,
    Suppression,
)
from claims.second_record import show_merge
from profiles.curation.mandate import Mandate
from works.admin import ReadOnlyAdmin


class DecisionForm(forms.Form):
    """A decision and why."""

    decision = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, decisions: dict[str, Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [(name, decision.label) for name, decision in decisions.items()]  # type: ignore[attr-defined]  # the stubs know no choices


class DecidingAdmin(ReadOnlyAdmin):
    """A read-only page with one form to decide; services do the deciding, and log it."""

    decisions: dict[str, Decision]

    def get_urls(self) -> list[URLPattern]:
        """Add the address that a decision is sent to."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_decide"
        return [path("<int:pk>/decide/", self.admin_site.admin_view(self.decide), name=name), *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a decision and a reason, and carry it out."""
        obj = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        # What makes no sense as things stand is not offered, and, when it is sent all the same, refused in words.
        decisions = self.decisions if request.method == "POST" else self.offered(obj)
        form = DecisionForm(request.POST or None, decisions=decisions)
        if request.method == "POST" and form.is_valid():
            try:
                self.decisions[form.cleaned_data["decision"]].act(request.user, obj, form.cleaned_data["reason"])
            except ClaimRefused as error:
                messages.error(request, str(error))
            else:
                decision = self.decisions[form.cleaned_data["decision"]].label
                self.log_change(request, obj, f"{decision}: {form.cleaned_data['reason']}")
                messages.success(request, "Decided.")
            return HttpResponseRedirect(self.page_of(pk))
        context = {**self.admin_site.each_context(request), "form": form, "object": obj, "opts": self.opts}
        context |= self.what_to_look_at(request, obj)
        return TemplateResponse(request, "admin/claims/decide.html", context)

    def offered(self, obj: Any) -> dict[str, Decision]:
        """Return the decisions that make sense as things stand."""
        return self.decisions

    def page_of(self, pk: int) -> str:
        """The address of what was decided, or of the list where it is gone."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        is_there = self.model.objects.filter(pk=pk).exists()
        return reverse(f"{name}_change", args=[pk]) if is_there else reverse(f"{name}_changelist")

    def what_to_look_at(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Return what the page shows above the form, beyond the object's name."""
        return {}

    @admin.display(description="decision")
    def decide_link(self, obj: Any) -> str:
        """Lead to the form, from the list and from the page."""
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_decide", args=[obj.pk])
        return format_html('<a href="{}">Decide</a>', url)


class ReadOnlyInline(admin.TabularInline):
    """Rows that the admin only shows."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """They are added elsewhere."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody changes them."""
        return False


class EvidenceInline(ReadOnlyInline):
    """What was shown."""

    model = Evidence
    fields = readonly_fields = ("kind", "address", "status", "decisive", "note", "added_at", "checked_at")


class EventInline(ReadOnlyInline):
    """What has happened."""

    model = ClaimEvent
    fields = readonly_fields = ("happened_at", "kind", "to_state", "level", "actor_role", "actor", "reason")


@admin.register(Claim)
class ClaimAdmin(DecidingAdmin):
    """Claims; those that wait for a curator come first."""

    decisions = CLAIM_DECISIONS
    list_display = ["id", "researcher", "claimant", "state", "level", "submitted_at", "changed_at", "decide_link"]
    list_filter = ["state", "level"]
    list_select_related = ["researcher", "claimant"]
    search_fields = ["researcher__search_name", "claimant__email"]
    inlines = [EvidenceInline, EventInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """Put the open ones first, the oldest of them at the top."""
        waiting = [State.SUBMITTED, State.OBJECTED]
        return super().get_queryset(request).order_by(in_order("state", waiting), "changed_at")

    def offered(self, obj: Claim) -> dict[str, Decision]:
        """Return what the state of the claim allows."""
        names = OFFERED.get(State(obj.state), [])
        return {name: decision for name, decision in self.decisions.items() if name in names}

    def what_to_look_at(self, request: HttpRequest, obj: Claim) -> dict[str, Any]:
        """Show the record, what was shown and what has happened."""
        return {"claim": obj}


@admin.register(Dispute)
class DisputeAdmin(DecidingAdmin):
    """Disputes; two curators must agree."""

    decisions = DISPUTE_DECISIONS
    list_display = ["id", "holder", "challenger", "opened_at", "closed_at", "decide_link"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]


@admin.register(MergeProposal)
class MergeProposalAdmin(DecidingAdmin):
    """Second records of owners; the outcome of the merge stands above the decision."""

    decisions = PROPOSAL_DECISIONS
    list_display = ["id", "researcher", "second", "state", "proposed_at", "decide_link"]
    list_filter = ["state"]
    list_select_related = ["researcher", "second"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MergeProposal]:
        """Put the open ones first."""
        return super().get_queryset(request).order_by(in_order("state", [MergeProposal.State.OPEN]), "id")

    def what_to_look_at(self, request: HttpRequest, obj: MergeProposal) -> dict[str, Any]:
        """Show what the merge would bring, or why it cannot be."""
        if obj.state != MergeProposal.State.OPEN:
            return {"reason_given": obj.reason}
        try:
            outcome = show_merge(obj.second, obj.researcher, Mandate(None, "Preview"))
        except ClaimRefused as error:
            return {"reason_given": obj.reason, "hindrance": str(error)}
        return {"reason_given": obj.reason, "outcome": outcome}


@admin.register(Report)
class ReportAdmin(DecidingAdmin):
    """Reports from people without an account; only confirmed ones can be decided."""

    decisions = REPORT_DECISIONS
    list_display = ["id", "kind", "researcher", "state", "reported_at", "what", "decide_link"]
    list_filter = ["state", "kind"]
    exclude = ["token_hash"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Put the open ones first."""
        return super().get_queryset(request).order_by(in_order("state", [Report.State.OPEN]), "id")


@admin.register(Suppression)
class SuppressionAdmin(DecidingAdmin):
    """People who are hidden at their own wish, and shown again at their own wish."""

    decisions = SUPPRESSION_DECISIONS
    list_display = ["researcher", "report", "granted_by", "granted_at", "decide_link"]


@admin.register(RecordChange)
class RecordChangeAdmin(ReadOnlyAdmin):
    """What owners changed."""

    list_display = ["id", "researcher", "field", "actor", "changed_at"]
    list_filter = ["field"]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Mail that waits or went out; its content is not shown, because it may hold a link's secret."""

    list_display = ["id", "recipient", "template", "attempts", "written_at", "sent_at"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    exclude = ["context"]

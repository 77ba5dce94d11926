"""Addresses of claims, of what owners do, and of consent."""

from django.urls import path

from claims.views import claim, own, report, second

app_name = "claims"

urlpatterns = [
    path("claims/", claim.mine, name="mine"),
    path("claims/confirm/<int:evidence_id>/<str:token>/", claim.confirm_email, name="confirm_email"),
    path("authors/<slug:handle>/claim/", claim.claim, name="claim"),
    path("authors/<slug:handle>/claim/proof/", claim.proof, name="proof"),
    path("authors/<slug:handle>/claim/withdraw/", claim.withdraw, name="withdraw"),
    path("authors/<slug:handle>/claim/appeal/", claim.appeal, name="appeal"),
    path("authors/<slug:handle>/edit/", own.edit, name="edit"),
    path("authors/<slug:handle>/edit/field/", own.change, name="change"),
    path("authors/<slug:handle>/edit/work/", own.work, name="work"),
    path("authors/<slug:handle>/edit/missing/", own.missing, name="missing"),
    path("authors/<slug:handle>/edit/confirm/", own.confirm, name="confirm"),
    path("authors/<slug:handle>/edit/undo/", own.undo, name="undo"),
    path("authors/<slug:handle>/edit/vouch/", own.vouch_for, name="vouch"),
    path("authors/<slug:handle>/edit/second/", second.second, name="second"),
    path("authors/<slug:handle>/edit/second/withdraw/", second.withdraw, name="withdraw_second"),
    path("authors/<slug:handle>/changes/", own.changes, name="changes"),
    path("authors/<slug:handle>/report/", report.report, name="report"),
    path("reports/confirm/<str:token>/", report.confirm, name="confirm_report"),
]

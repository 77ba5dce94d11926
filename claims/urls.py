"""Addresses of claims, of what owners do, and of consent."""

from django.urls import path

from claims.views import claim

app_name = "claims"

urlpatterns = [
    path("claims/", claim.mine, name="mine"),
    path("claims/confirm/<int:evidence_id>/<str:token>/", claim.confirm_email, name="confirm_email"),
    path("authors/<slug:handle>/claim/", claim.claim, name="claim"),
    path("authors/<slug:handle>/claim/proof/", claim.proof, name="proof"),
    path("authors/<slug:handle>/claim/withdraw/", claim.withdraw, name="withdraw"),
    path("authors/<slug:handle>/claim/appeal/", claim.appeal, name="appeal"),
    path("authors/<slug:handle>/edit/", claim.mine, name="edit"),
]

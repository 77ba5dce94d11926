"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:  # noqa: ARG001 - Django calls it with the request
    """Offer the operator's contact address."""
    return {"contact_email": settings.CONTACT_EMAIL, "mail_folder": str(settings.MAIL_DIR or "")}

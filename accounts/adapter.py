"""What django-allauth does otherwise on this site."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sends every message about an account in HTML beside its text, like all other mail of the site."""

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Compose a message; its HTML says what its text says."""
        context = {**context, "site_url": settings.SITE_URL, "contact_email": settings.CONTACT_EMAIL}
        message: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        shown = {"subject": message.subject, "text": message.body}
        message.attach_alternative(render_to_string("mail/account.html", shown), "text/html")
        return message

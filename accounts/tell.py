"""Mail about a member's data, beside django-allauth's about log-in."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse


def send_mail_about_data(recipient: str, template: str) -> None:
    """Send one message, text and HTML each from a template of its own; raise `OSError` where it does not go out."""
    context = {"url": settings.SITE_URL + reverse("account_data"), "contact_email": settings.CONTACT_EMAIL}
    subject, _blank, text = render_to_string(f"mail/{template}.txt", context).strip().partition("\n")
    mail = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", to=[recipient])
    mail.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    mail.send()

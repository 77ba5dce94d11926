"""Mail in text and HTML: written down with the step that it tells of, sent by a worker, sent again until it is out."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string

from claims.models import OutgoingMail

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 20
BATCH = 100


def write_mail(recipient: str, template: str, **context: Any) -> None:
    """Note a message to be sent after the commit; `context` must be plain JSON."""
    from claims.tasks import send_waiting_mail  # noqa: PLC0415 - the task calls back into this module

    OutgoingMail.objects.create(recipient=recipient, template=template, context=context)
    # Robust: a broker that is away must not make a done thing look failed; beat sends what was not enqueued.
    transaction.on_commit(send_waiting_mail.delay, robust=True)


def send_waiting() -> int:
    """Send what waits, each message in a transaction of its own; return how many went out.

    One that cannot be sent stays for the next time; another worker's messages are passed over.
    """
    sent = 0
    tried: set[int] = set()
    while len(tried) < BATCH:
        with transaction.atomic():
            waiting = OutgoingMail.objects.filter(sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
            message = waiting.exclude(pk__in=tried).select_for_update(skip_locked=True).first()
            if message is None:
                return sent
            tried.add(message.pk)
            sent += send(message)
    return sent


def send(message: OutgoingMail) -> bool:
    """Hand one message to the mail server; note that it is out, or that it was tried."""
    try:
        compose(message).send()
    except (SMTPException, OSError):
        logger.exception("mail_not_sent id=%s template=%s", message.pk, message.template)
        OutgoingMail.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
        return False
    OutgoingMail.objects.filter(pk=message.pk).update(sent_at=Now(), context={})
    return True


def compose(message: OutgoingMail) -> EmailMultiAlternatives:
    """Render a message: subject and text from one template, HTML from its sister."""
    context = {**message.context, "site_url": settings.SITE_URL, "contact_email": settings.CONTACT_EMAIL}
    subject, _blank, text = render_to_string(f"mail/{message.template}.txt", context).strip().partition("\n")
    mail = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", to=[message.recipient])
    mail.attach_alternative(render_to_string(f"mail/{message.template}.html", context), "text/html")
    return mail

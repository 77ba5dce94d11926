"""Mail that waits to be sent, written in the transaction that it tells of: neither is lost without the other."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class OutgoingMail(models.Model):
    """One message; its context, which may hold a link's token, is forgotten once it is sent."""

    recipient = models.EmailField(max_length=254)
    template = models.CharField(max_length=40)
    context = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="claims_outgoingmail_unsent")]

    def __str__(self) -> str:
        return f"{self.template} to {self.recipient}"

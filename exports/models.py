"""Keys with which a member may ask the API more often."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class ApiKey(models.Model):
    """A key of a member; only its digest is kept, so that nobody can read it here."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, help_text="What it is for, in the owner’s words")
    beginning = models.CharField(max_length=12, help_text="Enough of the key to tell it from others")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="exports_apikey_has_name")]

    def __str__(self) -> str:
        return f"{self.beginning}… ({self.name})"

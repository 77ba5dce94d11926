from django.contrib import admin
from django.http import HttpRequest

from exports.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    """Keys may be looked at and revoked here; only their owners make them."""

    list_display = ["beginning", "name", "owner", "created_at", "revoked_at"]
    readonly_fields = ["owner", "name", "beginning", "created_at"]
    list_select_related = ["owner"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody makes a key for somebody else."""
        return False

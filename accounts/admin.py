from django.contrib import admin

from accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Members, for curators who may appoint others; passwords are only ever set by their owners."""

    list_display = ["email", "is_staff", "is_active", "joined_at"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email"]
    fields = ["email", "is_active", "is_staff", "is_superuser", "groups", "last_login", "joined_at"]
    readonly_fields = ["last_login", "joined_at"]

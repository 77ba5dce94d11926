"""A curator's look at researchers and at what was decided about identity."""

from django.contrib import admin

from profiles.models import IdentityDecision, Researcher
from works.admin import ReadOnlyAdmin


@admin.register(Researcher)
class ResearcherAdmin(ReadOnlyAdmin):
    """Author records."""

    list_display = ["display_name", "public_id", "state", "identity_level", "created_at"]
    list_filter = ["state", "identity_level"]
    search_fields = ["search_name"]
    show_full_result_count = False

    def view_on_site(self, obj: Researcher) -> str:
        """Lead to the public page."""
        return obj.get_absolute_url()


@admin.register(IdentityDecision)
class IdentityDecisionAdmin(ReadOnlyAdmin):
    """Decisions, which are only ever added."""

    list_display = ["id", "kind", "work", "printed_name", "researcher", "decided_by", "decided_at", "reason"]
    list_filter = ["kind"]

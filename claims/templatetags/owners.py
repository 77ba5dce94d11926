"""What owners say of themselves, for the profile page, which knows nothing of claims."""

from typing import Any

from django import template

from claims.models import OwnerPage
from profiles.models import Researcher
from works.queries import visible_works

register = template.Library()


@register.inclusion_tag("claims/_owner_statements.html")
def owner_statements(researcher: Researcher) -> dict[str, Any]:
    """Offer affiliation, links and highlights of a claimed record."""
    page = OwnerPage.objects.filter(researcher=researcher).first() or OwnerPage(researcher=researcher)
    held = visible_works().filter(pk__in=page.highlights, authorships__researcher=researcher)
    works = {work.pk: work for work in held}
    return {
        "researcher": researcher,
        "page": page,
        "highlights": [works[pk] for pk in page.highlights if pk in works],
    }

"""What the head of a page says to machines: canonical address, Open Graph, Highwire, JSON-LD, other forms."""

import json
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from exports.addresses import absolute, media_types
from exports.json_ld import profile_document, work_document
from profiles.models import Researcher
from profiles.queries import Affiliation
from works.markup import plain_text
from works.models import Topic, Work
from works.queries import BylineName

register = template.Library()

DESCRIPTION = 200  # characters
# Nothing in a string may end the script element, whatever a title holds.
_HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.inclusion_tag("exports/_work_head.html")
def work_head(work: Work, byline: Sequence[BylineName], topics: Sequence[Topic]) -> dict[str, Any]:
    """Describe a work to search engines, reference managers and link previews; asks the database nothing."""
    return {
        "work": work,
        "canonical": absolute(work.get_absolute_url()),
        "title": plain_text(work.title),
        "description": plain_text(work.abstract)[:DESCRIPTION],
        "published": work.first_submitted_at or work.current_version_at,
        "byline": byline,
        "authors": [absolute(name.url) for name in byline if name.url],
        "dois": work.doi.split(),
        "topics": topics,
        "alternates": alternates(work.get_absolute_url()),
        "json_ld": as_script(work_document(work, byline, topics)),
    }


@register.inclusion_tag("exports/_profile_head.html")
def profile_head(researcher: Researcher, affiliation: Affiliation | None) -> dict[str, Any]:
    """Describe a profile likewise."""
    path = researcher.get_absolute_url()
    return {
        "researcher": researcher,
        "canonical": absolute(path),
        "path": path,
        "alternates": alternates(path),
        "json_ld": as_script(profile_document(researcher, affiliation)),
    }


@register.simple_tag
def canonical(path: str, page: int = 1) -> str:
    """Return the full address of a page of a list, the same whatever else its query string held."""
    return absolute(path if page == 1 else f"{path}?page={page}")


def alternates(path: str) -> list[tuple[str, str]]:
    """Return media type and full address of each other form of a page."""
    return [(media_type, absolute(f"{path}{ending}")) for media_type, ending in media_types().items()]


def as_script(document: dict[str, Any]) -> SafeString:
    """Write JSON as the content of a script element of data, which no Content-Security-Policy needs to allow."""
    return mark_safe(json.dumps(document, ensure_ascii=False).translate(_HARMLESS))  # noqa: S308 - escaped just now

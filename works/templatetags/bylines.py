"""Showing the names of a byline without letting a long one swamp a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from works.queries import BylineName

register = template.Library()

# So many names stand open; folding fewer than three would save no room.
NAMES_SHOWN = 8
FEWEST_FOLDED = 3


@dataclass(frozen=True, slots=True)
class FoldedByline:
    """The names that stand open, and those behind "and 6 more"."""

    shown: Sequence[BylineName]
    folded: Sequence[BylineName]


@register.filter
def fold_byline(byline: Sequence[BylineName]) -> FoldedByline:
    """Keep the first names open, and this researcher's own wherever it stands."""
    if len(byline) < NAMES_SHOWN + FEWEST_FOLDED:
        return FoldedByline(byline, [])
    rest = byline[NAMES_SHOWN:]
    return FoldedByline(
        [*byline[:NAMES_SHOWN], *(name for name in rest if name.is_this)],
        [name for name in rest if not name.is_this],
    )


# Written here and not in templates: a page has a hundred names, and a template for each took a fifth of its time.
@register.filter
def names_html(byline: Sequence[BylineName]) -> SafeString:
    """The names as HTML, each in an element of its own with the comma behind it; this researcher's own stands out."""
    last = len(byline) - 1
    return mark_safe("".join(name_html(name, "" if place == last else ",") for place, name in enumerate(byline)))  # noqa: S308 - escaped


def name_html(name: BylineName, comma: str) -> str:
    """One name."""
    if name.is_this:
        return f'\n<span class="byline-name is-this"><strong>{escape(name.name)}</strong>{comma}</span>\n'
    return f'\n<span class="byline-name">{linked(name)}{comma}</span>\n'


@register.filter
def plain_names_html(byline: Sequence[BylineName]) -> SafeString:
    """The names as HTML with commas between them, for a long list of works."""
    return mark_safe(", ".join(map(linked, byline)))  # noqa: S308 - escaped


def linked(name: BylineName) -> str:
    """A name as a link to its page, if it has one."""
    return f'<a href="{escape(name.url)}">{escape(name.name)}</a>' if name.url else str(escape(name.name))

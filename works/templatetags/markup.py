"""Filters that show imported titles and abstracts."""

from django import template
from django.utils.safestring import SafeString

from works import markup

register = template.Library()


@register.filter
def title_html(text: str) -> SafeString:
    """A title as sanitised inline HTML with MathML."""
    return markup.render_title(text)


@register.filter
def abstract_html(text: str) -> SafeString:
    """An abstract as sanitised HTML paragraphs with MathML."""
    return markup.render_abstract(text)


@register.filter
def plain_text(text: str) -> str:
    """A title or abstract without mark-up, for places that show no HTML."""
    return markup.plain_text(text)

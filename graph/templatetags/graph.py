"""Addresses within the explorer."""

from django import template

from graph.nodes import Key
from graph.state import ExplorerState

register = template.Library()


@register.simple_tag
def focused(state: ExplorerState, key: Key) -> str:
    """The query string around another focus, with the filters kept."""
    return state.focused_on(key)

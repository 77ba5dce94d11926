"""Addresses within the explorer."""

from django import template

from graph.nodes import Key
from graph.state import ExplorerState, Layout

register = template.Library()


@register.simple_tag
def focused(state: ExplorerState, key: Key) -> str:
    """The query string around another focus, with the filters kept."""
    return state.focused_on(key)


@register.simple_tag
def toggled(state: ExplorerState, key: Key, opened: tuple[Key, ...]) -> str:
    """The query string with a neighbour opened, or closed when it is open."""
    return state.toggled(key, opened)


@register.simple_tag
def with_depth(state: ExplorerState, depth: int) -> str:
    """The query string with another depth."""
    return state.with_depth(depth)


@register.simple_tag
def laid_out(state: ExplorerState, layout: Layout) -> str:
    """The query string with another layout."""
    return state.laid_out(layout)

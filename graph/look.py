"""What the explorer shows for its state: what stands around the focus, and behind each neighbour that is opened."""

from graph.around import around_topic, around_work
from graph.around_institution import around_institution
from graph.neighbourhood import neighbourhood_of
from graph.nodes import Key, Neighbourhood
from graph.queries import get_slice
from graph.state import ExplorerState
from profiles.models import Researcher
from profiles.queries import get_researcher
from works.institutions.queries import get_institution
from works.models import Institution, Topic, Work
from works.queries import get_topic, get_work

MOST_NODES = 2_000
# A second step goes out from so many of the nearest.
OPENED_BY_DEPTH = 8
UNKNOWN = (Researcher.DoesNotExist, Work.DoesNotExist, Topic.DoesNotExist, Institution.DoesNotExist)


def look_around(state: ExplorerState) -> tuple[Neighbourhood, tuple[Key, ...]]:
    """Read what a state shows, and which neighbours are open in it.

    Raise LookupError when the state has no focus or nothing is known of it.
    """
    if state.focus is None:
        raise LookupError("There is nothing to look around")
    around = read_narrowed(state.focus, state)
    opened = []
    for key in list_wanted(state, around):
        # One that the filters keep out, or that is no longer near, is as if it were not in the address.
        if any(node.key == key for node in around.nodes):
            around = around.joined(read_narrowed(key, state), MOST_NODES - len(around.nodes))
            opened.append(key)
    return around, tuple(opened)


def list_wanted(state: ExplorerState, around: Neighbourhood) -> tuple[Key, ...]:
    """Return which neighbours to open: those of the address after the nearest, where the depth says so."""
    nearest = [node.key for node in around.nodes if node.can_be_focus][:OPENED_BY_DEPTH] if state.depth > 1 else []
    return tuple(dict.fromkeys((*nearest, *state.opened)))


def read_narrowed(focus: Key, state: ExplorerState) -> Neighbourhood:
    """Read what stands around a focus and passes the filters; raise LookupError when nothing is known of it."""
    try:
        around = read_around(focus, state.years)
    except UNKNOWN as error:
        raise LookupError(f"Nothing is known of {focus}") from error
    return around.only(
        [
            node
            for node in around.nodes
            if node.kind in state.kinds and (node.newman is None or node.newman >= state.minimum_weight)
        ]
    )


def read_around(focus: Key, years: tuple[int, int]) -> Neighbourhood:
    """Read what stands around a person, a work, a topic or an institution; raise its DoesNotExist."""
    if "\0" in focus.id:
        raise Work.DoesNotExist("No name has a null character")
    if focus.kind == "work":
        return around_work(get_work(focus.id), years)
    if focus.kind == "topic":
        return around_topic(get_topic(focus.id), years)
    if focus.kind == "institution":
        return around_institution(get_institution(focus.id), years)
    return neighbourhood_of(get_slice(get_researcher(focus.id), years))

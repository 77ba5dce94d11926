"""The graph slice of a profile page, and the explorer whose state is its address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from graph.picture import draw
from graph.queries import get_slice
from profiles.models import Researcher
from profiles.queries import get_researcher


@require_safe
def slice_fragment(request: HttpRequest, handle: str) -> HttpResponse:
    """Answer the fragment that a profile page loads lazily."""
    around = get_slice(find_researcher(handle))
    return render(request, "graph/_slice.html", {"slice": around, "pictures": draw(around)})


@require_safe
def explorer(request: HttpRequest) -> HttpResponse:
    """Show the slice around what `?focus=author:<id>` names; without a focus, say how to begin."""
    kind, _colon, public_id = request.GET.get("focus", "").partition(":")
    if not kind:
        return render(request, "graph/explorer.html", {"slice": None})
    if kind != "author":
        raise Http404(f"The explorer knows no focus {kind}")
    around = get_slice(find_researcher(public_id))
    return render(request, "graph/explorer.html", {"slice": around, "pictures": draw(around)})


def find_researcher(handle: str) -> Researcher:
    """Return the researcher, or answer 404."""
    try:
        return get_researcher(handle)
    except Researcher.DoesNotExist as error:
        raise Http404(f"No researcher {handle}") from error

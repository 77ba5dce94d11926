"""The graph slice of a profile page, and the explorer whose state is its address."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from graph.exports import to_elements, to_graphml, to_json, to_svg
from graph.kept import keep_slice, list_watched_people, peek
from graph.library import find_library
from graph.look import look_around
from graph.neighbourhood import neighbourhood_of, person_key
from graph.nodes import KINDS, Neighbourhood
from graph.path import find_path
from graph.picture import draw
from graph.queries import Slice, get_slice
from graph.state import LAYOUTS, read_state
from profiles.models import Researcher
from profiles.queries import get_researcher


@require_safe
def slice_fragment(request: HttpRequest, handle: str) -> HttpResponse:
    """Answer the fragment that a profile page loads lazily."""
    # By the id alone, as the record is found; whatever makes it another record, or none, is a change of what is kept.
    return HttpResponse(keep_slice(handle.rpartition("-")[2], lambda: read_slice(find_researcher(handle))))


def read_slice(focus: Researcher) -> tuple[Slice, bytes]:
    """Read a slice, and make the fragment that shows it; it is the same for everybody."""
    around = get_slice(focus)
    context = {"slice": around, "pictures": draw(neighbourhood_of(around))}
    return around, render_to_string("graph/_slice.html", context).encode()


def check_kept() -> tuple[int, list[str]]:
    """Read every kept slice again; return how many there are, and the public ids of those that show something else."""
    different, checked = [], 0
    for researcher in Researcher.objects.filter(pk__in=list_watched_people()).order_by("pk"):
        page = peek(researcher.public_id)
        if page is not None:
            checked += 1
            different += [researcher.public_id] if page != read_slice(researcher)[1] else []
    return checked, different


@require_safe
def explorer(request: HttpRequest) -> HttpResponse:
    """Show what stands around the focus that the address names; where it names none or nothing, say how to begin."""
    try:
        state = read_state(request.GET)
        if state.focus is None:
            return render(request, "graph/start.html")
        around, opened = look_around(state)
    except LookupError as error:
        return render(request, "graph/start.html", {"problem": error}, status=404)
    context = {
        "state": state,
        "around": around,
        "opened": opened,
        "kinds": KINDS,
        "layouts": LAYOUTS,
        "library": find_library(),
        "graph": to_elements(around, opened),
        "pictures": draw(around),
        "groups": [
            (kind, [node for node in around.nodes if node.kind == kind])
            for kind in state.kinds
            if kind != "institution" or state.focus.kind in {"person", "institution"}
        ],
    }
    return render(request, "graph/explorer.html", context)


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Give what the explorer shows as a file: `json`, `graphml` or `svg`."""
    try:
        state = read_state(request.GET)
        around, _opened = look_around(state)
    except LookupError as error:
        raise Http404(str(error)) from error
    response = write_export(around, form)
    response["Content-Disposition"] = f'attachment; filename="bzpeer-{around.focus.id.replace("/", "-")}.{form}"'
    return response


def write_export(around: Neighbourhood, form: str) -> HttpResponse:
    """Write a neighbourhood in one of the formats."""
    if form == "json":
        return JsonResponse(to_json(around, settings.SITE_URL), json_dumps_params={"ensure_ascii": False})
    if form == "graphml":
        return HttpResponse(to_graphml(around, settings.SITE_URL), content_type="application/graphml+xml")
    try:
        return HttpResponse(to_svg(around), content_type="image/svg+xml")
    except LookupError as error:
        raise Http404(str(error)) from error


@require_safe
def path(request: HttpRequest) -> HttpResponse:
    """Show a shortest co-author path between the two people whom `?from=author:…&to=author:…` names."""
    asked = {name: request.GET.get(name, "").strip() for name in ("from", "to")}
    found = {name: find_person(text) for name, text in asked.items()}
    start, goal = found["from"], found["to"]
    unknown = [name for name, text in asked.items() if text and found[name] is None]
    context = {
        "start": start,
        "goal": goal,
        "fields": asked | {name: str(person_key(person)) for name, person in found.items() if person},
        "unknown": unknown,
        "steps": find_path(start, goal) if start and goal else None,
    }
    return render(request, "graph/path.html", context, status=404 if unknown else 200)


def find_researcher(handle: str) -> Researcher:
    """Return the researcher, or answer 404."""
    try:
        return get_researcher(handle)
    except Researcher.DoesNotExist as error:
        raise Http404(f"No researcher {handle}") from error


def find_person(text: str) -> Researcher | None:
    """Return whom `author:7kq2m9c`, a page's address or a handle names; None for nobody."""
    try:
        return get_researcher(text.rstrip("/").rpartition("/")[2].removeprefix("author:"))
    except Researcher.DoesNotExist:
        return None

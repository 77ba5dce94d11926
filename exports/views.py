"""Works, lists of works and profiles as files to take away."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from exports import queries
from exports.citations.formatted import list_formatted_citations
from exports.formats import FORMATS, Format
from exports.found import find_works
from exports.json_ld import profile_document, work_document
from exports.streams import stream_works
from profiles.models import Researcher
from profiles.queries import get_affiliation, get_researcher
from works.models import Topic, Work
from works.queries import (
    attach_bylines,
    get_topic,
    get_work,
    narrow,
    read_filters,
    topics_of_work,
    works_of,
    works_on_topic,
)

MOST_WORKS = 10_000
# A search is a way to find, not a way to copy: all of it is what OAI-PMH is for.
MOST_FOUND = 1_000
LONGEST_BYLINE = 5_000


@require_safe
def export_work(request: HttpRequest, arxiv_id: str, word: str) -> HttpResponseBase:
    """Export one work."""
    form, work = find_format(word), find_work(arxiv_id)
    return stream_works(iter([queries.cite(work)]), form, f"arxiv-{work.arxiv_id.replace('/', '-')}")


@require_safe
def export_author(request: HttpRequest, handle: str, word: str) -> HttpResponseBase:
    """Export the works of a researcher, narrowed as the profile page is by the same parameters."""
    form, researcher = find_format(word), find_researcher(handle)
    if handle != researcher.handle:
        return redirect("exports:author", researcher.handle, form.word, permanent=True)
    works = works_of(researcher.pk)
    filters = read_filters(researcher.pk, *(request.GET.get(name, "") for name in ("year", "topic", "text")))
    return stream_works(queries.cited_works(narrow(works, filters)), form, f"{researcher.slug}-works")


@require_safe
def export_topic(request: HttpRequest, code: str, word: str) -> HttpResponseBase:
    """Export the newest works of a topic."""
    form = find_format(word)
    try:
        works = works_on_topic(get_topic(code))
    except Topic.DoesNotExist as error:
        raise Http404(f"No topic {code}") from error
    return stream_works(queries.cited_works(works[:MOST_WORKS]), form, f"{code}-works")


@require_safe
def export_found(request: HttpRequest, word: str) -> HttpResponseBase:
    """Export the newest works that a search finds."""
    form = find_format(word)
    works = find_works(request.GET).works
    return stream_works(queries.cited_works(works[:MOST_FOUND]), form, "found-works")


@require_safe
def cite(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    """Show a work as a reference in several styles, and its BibTeX, to be copied."""
    work = find_work(arxiv_id)
    cited = queries.cite(work)
    context = {
        "work": work,
        "citations": list(list_formatted_citations(cited)),
        "bibtex": "".join(FORMATS["bibtex"].write([cited])).strip(),
        "formats": FORMATS.values(),
    }
    return render(request, "exports/cite.html", context)


@require_safe
def work_json_ld(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    """Give a work as JSON-LD."""
    work = find_work(arxiv_id)
    attach_bylines([work], longest=LONGEST_BYLINE)
    return json_ld(work_document(work, work.byline, topics_of_work(work)))


@require_safe
def author_json_ld(request: HttpRequest, handle: str) -> HttpResponse:
    """Give a profile as JSON-LD."""
    researcher = find_researcher(handle)
    if handle != researcher.handle:
        return redirect("exports:author_json_ld", researcher.handle, permanent=True)
    return json_ld(profile_document(researcher, get_affiliation(researcher)))


def json_ld(document: dict[str, object]) -> JsonResponse:
    """Answer with a JSON-LD document."""
    response = JsonResponse(document, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})
    response["X-Robots-Tag"] = "noindex"
    return response


def find_format(word: str) -> Format:
    """Return the format of that word; raise `Http404`."""
    if word not in FORMATS:
        raise Http404(f"No format {word}")
    return FORMATS[word]


def find_work(arxiv_id: str) -> Work:
    """Return a visible work; raise `Http404`."""
    try:
        return get_work(arxiv_id)
    except Work.DoesNotExist as error:
        raise Http404(f"No work {arxiv_id}") from error


def find_researcher(handle: str) -> Researcher:
    """Return a listed researcher, or the one that a record was merged into; raise `Http404`."""
    try:
        return get_researcher(handle)
    except Researcher.DoesNotExist as error:
        raise Http404(f"No researcher {handle}") from error

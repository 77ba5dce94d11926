"""Pages of works and topics."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from works import queries, topic_page
from works.models import Topic, Work
from works.position import read_position
from works.related import list_related_works

LONGEST_BYLINE = 5000


@require_safe
def work(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    """Show one work; a versioned id leads to the work itself."""
    unversioned, separator, version = arxiv_id.rpartition("v")
    if separator and version.isdigit():
        return redirect("works:work", unversioned, permanent=True)
    try:
        found = queries.get_work(arxiv_id)
    except Work.DoesNotExist as error:
        raise Http404(f"No work {arxiv_id}") from error
    queries.attach_bylines([found], longest=LONGEST_BYLINE)
    context = {
        "work": found,
        "byline": found.byline,
        "versions": list(found.versions.all()),
        "topics": queries.topics_of_work(found),
        "corrections": queries.list_corrections(found),
        "related": list_related_works(found),
    }
    return render(request, "works/work.html", context)


@require_safe
def abstract_page(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    """Lead from an address as arXiv has it, with or without a version, to the work."""
    return redirect("works:work", arxiv_id, permanent=True)


@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """Show a topic: what it is near, who writes on it, and its works."""
    try:
        found = queries.get_topic(code)
    except Topic.DoesNotExist as error:
        raise Http404(f"No topic {code}") from error
    after = read_position(request.GET.get("after", ""))
    overview = topic_page.get_overview(found)
    context = {
        "topic": found,
        "page": topic_page.list_works(found, after),
        "is_first": after is None,
        "overview": overview,
        "people": topic_page.list_active_people(overview.active),
    }
    return render(request, "works/topic.html", context)

"""Pages of works and topics."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from works import queries
from works.models import Topic, Work

WORKS_PER_PAGE = 25
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
    }
    return render(request, "works/work.html", context)


@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """Show a topic with its works."""
    try:
        found = queries.get_topic(code)
    except Topic.DoesNotExist as error:
        raise Http404(f"No topic {code}") from error
    works = queries.works_on_topic(found)
    page = Paginator(works, WORKS_PER_PAGE).get_page(request.GET.get("page"))
    queries.attach_bylines(list(page))
    context = {
        "topic": found,
        "page": page,
        "work_count": page.paginator.count,
        "related": queries.list_related_topics(found),
    }
    return render(request, "works/topic.html", context)

"""The pages of an institution. They stand here because they list people; works know institutions by their bylines."""

from collections.abc import Callable
from functools import wraps

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from profiles.institutions import describe_people, list_people_at
from works.institutions.queries import get_institution, list_names, list_parents, works_at
from works.models import Institution
from works.queries import attach_bylines

PEOPLE_PER_PAGE = 50
WORKS_PER_PAGE = 25
NEWEST_WORKS = 5


def institution_page(view: Callable[[HttpRequest, Institution], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the institution whom the address names; redirect a number to the ROR id, 404 an unknown one."""

    @wraps(view)
    def find_institution(request: HttpRequest, key: str) -> HttpResponse:
        try:
            institution = get_institution(key)
        except Institution.DoesNotExist as error:
            raise Http404(f"No institution {key}") from error
        match = request.resolver_match
        if match and key != str(institution.ror_id or institution.pk):
            return redirect(reverse(match.view_name, args=[institution.ror_id or institution.pk]), permanent=True)
        return view(request, institution)

    return find_institution


@require_safe
@institution_page
def institution(request: HttpRequest, institution: Institution) -> HttpResponse:
    """Show an institution with the researchers who are there now and its newest works."""
    page = Paginator(list_people_at(institution), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    works = list(works_at(institution)[:NEWEST_WORKS])
    attach_bylines(works)
    context = {
        "institution": institution,
        "other_names": list_names(institution),
        "parents": list_parents(institution),
        "page": page,
        "people": describe_people(list(page)),
        "works": works,
    }
    return render(request, "profiles/institution.html", context)


@require_safe
@institution_page
def institution_works(request: HttpRequest, institution: Institution) -> HttpResponse:
    """List the works whose bylines print an institution."""
    page = Paginator(works_at(institution), WORKS_PER_PAGE).get_page(request.GET.get("page"))
    attach_bylines(list(page))
    context = {"institution": institution, "page": page, "work_count": page.paginator.count}
    return render(request, "profiles/institution_works.html", context)

"""The pages of an institution. They stand here because they list people; works know institutions by their bylines."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from profiles.institutions import list_people_at
from works.institutions.queries import (
    COUNTED_UP_TO,
    count_works_at,
    get_institution,
    list_names,
    list_newest_at,
    list_parents,
)
from works.models import Institution
from works.position import read_position
from works.queries import show_page

PEOPLE_PER_PAGE = 50
WORKS_LOOKED_AT = 100  # for a page of people
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
    """Show an institution with the researchers who are there now, newest work first, and its newest works."""
    after = read_position(request.GET.get("after", ""))
    places = list_newest_at(institution, after, WORKS_LOOKED_AT + 1)
    looked_at = places[:WORKS_LOOKED_AT]
    here = list_people_at(institution, looked_at, PEOPLE_PER_PAGE, more=len(places) > WORKS_LOOKED_AT)
    context = {
        "institution": institution,
        "other_names": list_names(institution),
        "parents": list_parents(institution),
        "here": here,
        "is_first": after is None,
        "works": [] if after else show_page(places, NEWEST_WORKS).works,
    }
    return render(request, "profiles/institution.html", context)


@require_safe
@institution_page
def institution_works(request: HttpRequest, institution: Institution) -> HttpResponse:
    """List the works whose bylines print an institution, newest first."""
    after = read_position(request.GET.get("after", ""))
    count = count_works_at(institution)
    context = {
        "institution": institution,
        "page": show_page(list_newest_at(institution, after, WORKS_PER_PAGE + 1), WORKS_PER_PAGE),
        "is_first": after is None,
        "work_count": min(count, COUNTED_UP_TO),
        "more": count > COUNTED_UP_TO,
    }
    return render(request, "profiles/institution_works.html", context)

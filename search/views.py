"""The search page, what its box offers while one types, and the lists to browse."""

import string

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from search.answers import answer
from search.asked import KINDS, Asked, clean, read_asked, read_query
from search.browse import list_added_works, list_by_family_name, list_taxonomy
from search.identified import find_identified
from search.identifiers import read_identifier
from search.suggest import suggest

LONGEST_PREFIX = 60


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what one tab finds; an identifier leads straight to its page."""
    asked = read_asked(request.GET)
    identifier = read_identifier(asked.query)
    if identifier and (identified := find_identified(identifier)):
        return redirect(identified)
    # An identifier that nothing has is no words to look for: its parts would only bring people of like names.
    found = answer(asked) if asked.query and not identifier else None
    context = {
        "asked": asked,
        "answer": found,
        "identifier": identifier,
        "tabs": tabs(asked, found.kind if found else asked.kind or "people"),
        "parameters": f"{asked.parameters()}&",
        "by_relevance": asked.parameters(kind="works", sort=""),
        "by_date": asked.parameters(kind="works", sort="date"),
        "found": asked.parameters(kind="", sort="", claimed=""),
        "unnarrowed": asked.parameters(year="", topic="", institution="", claimed=""),
    }
    return render(request, "search/search.html", context)


def tabs(asked: Asked, current: str) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the shown one, of every tab."""
    return [
        (label, asked.parameters(kind=kind, year="", claimed="", topic="", institution="", sort=""), kind == current)
        for kind, label in KINDS.items()
    ]


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Show the options of the search box for what was typed so far."""
    return render(request, "search/_suggestions.html", {"suggestions": suggest(read_query(request.GET.get("q", "")))})


@require_safe
def authors(request: HttpRequest) -> HttpResponse:
    """List people by family name, from a letter or any beginning."""
    prefix = clean(request.GET.get("prefix", "")).strip()[:LONGEST_PREFIX]
    found = list_by_family_name(prefix, clean(request.GET.get("after", ""))[: LONGEST_PREFIX * 6])
    context = {"prefix": prefix, "page": found, "letters": string.ascii_uppercase}
    return render(request, "search/authors.html", context)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Show the taxonomy."""
    return render(request, "search/topics.html", {"groups": list_taxonomy()})


@require_safe
def added(request: HttpRequest) -> HttpResponse:
    """List works as they were added, the last first."""
    before = request.GET.get("before", "")
    usable = before.isascii() and before.isdigit() and len(before) < 19
    works, following = list_added_works(int(before) if usable else None)
    return render(request, "search/added.html", {"works": works, "before": following, "is_first": not usable})

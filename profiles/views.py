"""The profile page, the pages that explain its figures, and following."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from profiles import queries, trust as trust_formula
from profiles.collaborators import list_collaborators
from profiles.follow import follow as start_following, is_following, remember_wish, unfollow
from profiles.followed_feed import followed_feed_path
from profiles.models import Researcher
from profiles.topic_follow import list_followed_topics
from profiles.why import describe_cohesion, explain_work, list_operations
from works.models import Work
from works.queries import attach_bylines, get_work, narrow, read_filters, works_of

WORKS_PER_PAGE = 25


class HtmxRequest(HttpRequest):
    """A request as django-htmx's middleware hands it on."""

    htmx: HtmxDetails


ResearcherView = Callable[..., HttpResponseBase]
HandleView = Callable[..., HttpResponseBase]


def researcher_page(view: ResearcherView) -> HandleView:
    """Give the view the researcher whom the handle names; redirect a wrong or merged handle, 404 an unknown one."""

    @wraps(view)
    def find_researcher(request: HttpRequest, handle: str, **rest: str) -> HttpResponseBase:
        try:
            researcher = queries.get_researcher(handle)
        except Researcher.DoesNotExist as error:
            raise Http404(f"No researcher {handle}") from error
        match = request.resolver_match
        if match and handle != researcher.handle and request.method in {"GET", "HEAD"}:
            query = request.META["QUERY_STRING"]
            address = reverse(match.view_name, kwargs={"handle": researcher.handle, **rest})
            return redirect(f"{address}?{query}" if query else address, permanent=True)
        return view(request, researcher, **rest)

    return find_researcher


@require_safe
@researcher_page
def profile(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Show the public page; it is the same for every viewer."""
    standing = queries.get_standing(researcher)
    works = works_of(researcher.pk)
    filters = read_filters(researcher.pk, *(request.GET.get(name, "") for name in ("year", "topic", "text")))
    paginator = Paginator(narrow(works, filters), WORKS_PER_PAGE)
    if not filters.active:
        paginator.count = filters.total  # counted already
    page = paginator.get_page(request.GET.get("page"))
    attach_bylines(list(page), this_researcher_id=researcher.pk)
    context = {
        "researcher": researcher,
        "summary": queries.summarise(researcher),
        "affiliation": queries.get_affiliation(researcher),
        "trust": standing.trust,
        "counts": standing.counts,
        "stability": queries.get_stability(researcher, standing.counts),
        "page": page,
        "parameters": without_page(request),
        "filters": filters,
        "claimed": researcher.state == Researcher.State.CLAIMED,
    }
    return render(request, "profiles/profile.html", context)


def without_page(request: HttpRequest) -> str:
    """Return the query string that a link to another page of the same list repeats, ending in `&` if there is any."""
    parameters = request.GET.copy()
    parameters.pop("page", None)
    return f"{parameters.urlencode()}&" if parameters else ""


@require_safe
@researcher_page
def topics(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """List the topics that the profile counts."""
    context = {"researcher": researcher, "topics": queries.list_topics(researcher)}
    return render(request, "profiles/topics.html", context)


@require_safe
@researcher_page
def collaborators(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """List the collaborators, close ones first."""
    context = {"researcher": researcher, "collaborators": list_collaborators(researcher)}
    return render(request, "profiles/collaborators.html", context)


@require_safe
@researcher_page
def followers(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Say how many follow; who they are is theirs to say."""
    context = {"researcher": researcher, "follower_count": queries.count_followers(researcher)}
    return render(request, "profiles/followers.html", context)


@vary_on_headers("HX-Request")
@require_safe
@researcher_page
def why(request: HtmxRequest, researcher: Researcher, arxiv_id: str) -> HttpResponse:
    """Say why a work is on the page; in place for HTMX, as a page of its own for everybody else."""
    try:
        work = get_work(arxiv_id)
    except Work.DoesNotExist as error:
        raise Http404(f"No work {arxiv_id}") from error
    explanation = explain_work(researcher, work)
    if explanation is None:
        raise Http404(f"{arxiv_id} is not on this page")
    context = {"researcher": researcher, "work": work, "explanation": explanation}
    return render(request, "profiles/_why.html" if request.htmx else "profiles/why.html", context)


@require_safe
@researcher_page
def identity(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Say how well the record hangs together, and what people changed about it."""
    cohesion = describe_cohesion(researcher)
    context = {"researcher": researcher, "cohesion": cohesion, "log": list_operations(researcher)}
    return render(request, "profiles/identity.html", context)


@require_safe
@researcher_page
def trust(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Explain the trust of a record, component by component."""
    standing = queries.get_standing(researcher)
    context = {"researcher": researcher, "trust": standing.trust, "computed_at": standing.computed_at}
    return render(request, "profiles/trust.html", context)


@require_safe
@researcher_page
def trust_json(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """Give the same explanation to machines."""
    standing = queries.get_standing(researcher)
    report = standing.trust
    return JsonResponse(
        {
            "researcher": request.build_absolute_uri(researcher.get_absolute_url()),
            "score": report.score,
            "band": report.band,
            "level": report.level,
            "cap": report.cap,
            "formula_version": report.formula_version,
            "computed_at": standing.computed_at,
            "components": [
                {"label": c.label, "points": c.points, "maximum": c.maximum, "rule": c.rule, "evidence": c.evidence}
                for c in report.components
            ],
        }
    )


@require_safe
def about_trust(request: HttpRequest) -> HttpResponse:
    """Explain the formula."""
    context = {
        "components": trust_formula.list_components(trust_formula.TrustFacts()),
        "levels": trust_formula.LEVELS,
        "bands": trust_formula.BANDS,
        "formula_version": trust_formula.FORMULA_VERSION,
    }
    return render(request, "profiles/about_trust.html", context)


@never_cache
@require_safe
@researcher_page
def viewer(request: HttpRequest, researcher: Researcher) -> HttpResponse:
    """The part of the page that depends on who looks: follow button and claim button."""
    return render(request, "profiles/_viewer.html", viewer_context(request, researcher))


def viewer_context(request: HttpRequest, researcher: Researcher) -> dict[str, object]:
    """What the follow form needs to know."""
    user = request.user
    return {
        "researcher": researcher,
        "is_member": user.is_authenticated,
        "viewer_follows": isinstance(user, User) and is_following(user, researcher),
        "viewer_owns": researcher.owner_id is not None and researcher.owner_id == user.pk,
        "follower_count": queries.count_followers(researcher),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@researcher_page
def follow(request: HtmxRequest, researcher: Researcher) -> HttpResponseBase:
    """Follow or unfollow; a visitor logs in first and comes back to the profile having followed."""
    user = request.user
    if not isinstance(user, User):
        remember_wish(request, researcher)
        return redirect_to_login(researcher.get_absolute_url())
    if request.method == "POST":
        (start_following if request.POST.get("following") == "yes" else unfollow)(user, researcher)
        if not request.htmx:
            return redirect(researcher)
    template = "profiles/_viewer.html" if request.htmx else "profiles/follow.html"
    return render(request, template, viewer_context(request, researcher))


@never_cache
@require_safe
@login_required
def following(request: HttpRequest) -> HttpResponse:
    """Show members whom and what they follow, and where their account is kept."""
    user = request.user
    context = {"followed": queries.list_followed(user), "topics": list_followed_topics(user)}
    if isinstance(user, User):
        context["feed"] = followed_feed_path(user)
    return render(request, "profiles/following.html", context)

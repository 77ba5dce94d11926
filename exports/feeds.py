"""Atom feeds: the newest works of a person, of a topic, of a search, of what a member follows."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import conditional_page, require_safe

from exports.addresses import absolute
from exports.citations.records import one_line
from exports.found import find_works
from exports.views import find_researcher
from profiles.followed_feed import list_newest_followed, read_feed_token
from works.markup import plain_text
from works.models import Topic, Work
from works.queries import attach_bylines, get_topic, visible_works, works_of, works_on_topic

ENTRIES = 50


@require_safe
@conditional_page
def author_feed(request: HttpRequest, handle: str) -> HttpResponse:
    """The works of a researcher, those with the newest versions first."""
    researcher = find_researcher(handle)
    if handle != researcher.handle:
        return redirect("exports:author_feed", researcher.handle, permanent=True)
    works = works_of(researcher.pk).order_by("-current_version_at", "-pk")[:ENTRIES]
    path = researcher.get_absolute_url()
    return answer(f"Works of {researcher.display_name}", path, f"{path}feed/", list(works))


@require_safe
@conditional_page
def topic_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The newest works of a topic."""
    try:
        topic = get_topic(code)
    except Topic.DoesNotExist as error:
        raise Http404(f"No topic {code}") from error
    path = topic.get_absolute_url()
    return answer(f"{topic.name} ({topic.code})", path, f"{path}feed/", list(works_on_topic(topic)[:ENTRIES]))


@require_safe
@conditional_page
def found_feed(request: HttpRequest) -> HttpResponse:
    """The newest works that a search finds; what it is the feed of is that search."""
    found = find_works(request.GET)
    page = f"{reverse('search:search')}?{request.META['QUERY_STRING']}"
    return answer(found.title, page, request.get_full_path(), list(found.works[:ENTRIES]))


@require_safe
@conditional_page
def followed_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The newest works of whom and what a member follows; the address is the key to it."""
    user = read_feed_token(token)
    if user is None:
        raise Http404("No feed has this address")
    ids = list_newest_followed(user, ENTRIES)
    found = visible_works().in_bulk(ids)
    response = answer("What you follow", "/following/", request.path, [found[pk] for pk in ids if pk in found])
    response["Cache-Control"] = "private"
    return response


def answer(title: str, page: str, itself: str, works: list[Work]) -> HttpResponse:
    """Write works as an Atom feed; `page` is the path of what it is the feed of, `itself` its own."""
    attach_bylines(works)
    feed = Atom1Feed(
        title=one_line(title), link=absolute(page), description=None, language="en", feed_url=absolute(itself)
    )
    for work in works:
        add_entry(feed, work)
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response


def add_entry(feed: Atom1Feed, work: Work) -> None:
    """Add a work; its id is its page's address, which stays when it gets a new version."""
    authors = ", ".join(one_line(name.name) for name in work.byline)
    feed.add_item(
        title=plain_text(work.title),
        link=absolute(work.get_absolute_url()),
        description=plain_text(work.abstract),
        unique_id=absolute(work.get_absolute_url()),
        author_name=f"{authors} and {work.more_authors} more" if work.more_authors > 0 else authors or None,
        pubdate=work.first_submitted_at or work.current_version_at,
        updateddate=work.current_version_at,
    )

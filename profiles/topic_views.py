"""Following a topic: the control that a topic's page loads, and what it posts to."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from profiles.follow import remember_topic_wish
from profiles.topic_follow import follow_topic, is_following_topic, unfollow_topic
from profiles.views import HtmxRequest
from works.models import Topic
from works.queries import get_topic


@never_cache
@require_safe
def topic_viewer(request: HttpRequest, code: str) -> HttpResponse:
    """The follow control of this very viewer."""
    return render(request, "profiles/_topic_viewer.html", viewer_context(request, find_topic(code)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def topic_follow(request: HtmxRequest, code: str) -> HttpResponseBase:
    """Follow or unfollow; a visitor logs in first and comes back to the topic having followed."""
    topic, user = find_topic(code), request.user
    if not isinstance(user, User):
        remember_topic_wish(request, topic)
        return redirect_to_login(topic.get_absolute_url())
    if request.method == "POST":
        (follow_topic if request.POST.get("following") == "yes" else unfollow_topic)(user, topic)
        if not request.htmx:
            return redirect(topic)
    template = "profiles/_topic_viewer.html" if request.htmx else "profiles/topic_follow.html"
    return render(request, template, viewer_context(request, topic))


def find_topic(code: str) -> Topic:
    """Return the topic, or 404."""
    try:
        return get_topic(code)
    except Topic.DoesNotExist as error:
        raise Http404(f"No topic {code}") from error


def viewer_context(request: HttpRequest, topic: Topic) -> dict[str, object]:
    """What the follow control needs to know."""
    user = request.user
    return {
        "topic": topic,
        "is_member": user.is_authenticated,
        "viewer_follows": isinstance(user, User) and is_following_topic(user, topic),
    }

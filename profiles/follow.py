"""Following a researcher, also by somebody who has yet to log in; and the same wish for a topic."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from profiles.models import Follow, Researcher
from profiles.topic_follow import follow_topic
from works.models import Topic

PENDING = "pending_follow"
PENDING_TOPIC = "pending_topic_follow"


def follow(user: User, researcher: Researcher) -> None:
    """Make the member a follower; once is enough."""
    Follow.objects.get_or_create(follower=user, researcher=researcher)


def unfollow(user: User, researcher: Researcher) -> None:
    """Make the member no follower."""
    Follow.objects.filter(follower=user, researcher=researcher).delete()


def is_following(user: User, researcher: Researcher) -> bool:
    """Whether the member follows the researcher."""
    return Follow.objects.filter(follower=user, researcher=researcher).exists()


def remember_wish(request: HttpRequest, researcher: Researcher) -> None:
    """Keep in the session that a visitor wants to follow, until they have logged in."""
    if is_own_link(request):
        request.session[PENDING] = researcher.pk


def remember_topic_wish(request: HttpRequest, topic: Topic) -> None:
    """Keep likewise that they want to follow a topic."""
    if is_own_link(request):
        request.session[PENDING_TOPIC] = topic.pk


def is_own_link(request: HttpRequest) -> bool:
    """Whether the request comes from this site: a link on another one must not plant the wish; browsers say which."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


@receiver(user_logged_in)
def grant_wish(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Let somebody who logged in in order to follow come back having followed."""
    researcher_id, topic_id = (request.session.pop(name, None) for name in (PENDING, PENDING_TOPIC))
    wanted = Researcher.objects.filter(pk=researcher_id, state__in=Researcher.LISTED_STATES).first()
    if wanted:
        follow(user, wanted)
    topic = Topic.objects.filter(pk=topic_id).first()
    if topic:
        follow_topic(user, topic)

"""Following a researcher, also by somebody who has yet to log in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from profiles.models import Follow, Researcher

PENDING = "pending_follow"


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
    """Keep in the session that a visitor wants to follow, until they have logged in.

    A link on another site must not plant the wish: browsers say where a request comes from.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}:
        request.session[PENDING] = researcher.pk


@receiver(user_logged_in)
def grant_wish(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Let somebody who logged in in order to follow come back having followed."""
    researcher_id = request.session.pop(PENDING, None)
    wanted = Researcher.objects.filter(pk=researcher_id, state__in=Researcher.LISTED_STATES).first()
    if wanted:
        follow(user, wanted)

"""A member's own feed: an address that needs no log-in, because feed readers cannot, and what stands in it."""

from django.core.signing import BadSignature, Signer
from django.db import connection
from django.urls import reverse

from accounts.models import User

SALT = "profiles.followed_feed"
HASH_LETTERS = 24

# Of each person and each topic the newest, and of these the newest: nothing grows with what somebody follows but the
# number of ranges read.
NEWEST = """
    SELECT DISTINCT id, current_version_at FROM (
        (SELECT w.id, w.current_version_at
         FROM profiles_topicfollow f CROSS JOIN LATERAL (
            SELECT t.work_id AS id FROM works_worktopic t WHERE t.topic_id = f.topic_id
            ORDER BY t.current_version_at DESC, t.work_id DESC LIMIT %(limit)s) newest
         JOIN works_work w ON w.id = newest.id WHERE f.follower_id = %(user)s AND NOT w.hidden)
        UNION ALL
        (SELECT w.id, w.current_version_at
         FROM profiles_follow f JOIN profiles_researcher r ON r.id = f.researcher_id
         JOIN works_authorship a ON a.researcher_id = r.id JOIN works_work w ON w.id = a.work_id
         WHERE f.follower_id = %(user)s AND r.state IN ('unclaimed', 'claimed')
            AND a.attribution <> 'disputed' AND NOT w.hidden
         ORDER BY w.current_version_at DESC, w.id DESC LIMIT %(limit)s)
    ) found ORDER BY current_version_at DESC, id DESC LIMIT %(limit)s
"""


def followed_feed_token(user: User) -> str:
    """Write who reads, signed; a new password makes a new token."""
    return Signer(salt=SALT).sign(f"{user.pk}-{user.get_session_auth_hash()[:HASH_LETTERS]}")


def read_feed_token(token: str) -> User | None:
    """Return the member to whom a token was given, if it still holds."""
    try:
        pk = Signer(salt=SALT).unsign(token).partition("-")[0]
    except BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user and followed_feed_token(user) == token else None


def followed_feed_path(user: User) -> str:
    """The address of a member's feed."""
    return reverse("exports:followed_feed", args=[followed_feed_token(user)])


def list_newest_followed(user: User, limit: int) -> list[int]:
    """Return the works with the newest versions of the people and on the topics that a member follows."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"user": user.pk, "limit": limit})
        return [pk for pk, _at in cursor]

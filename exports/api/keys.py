"""Making, recognising and revoking API keys."""

import hashlib
import secrets

from django.utils import timezone

from accounts.models import User
from exports.models import ApiKey

PREFIX = "bz_"
SHOWN = 8  # characters of a key by which its owner knows it again
MOST_KEYS = 10


class TooManyKeys(Exception):
    """A member has as many keys in use as anyone may have."""


def create_key(owner: User, name: str) -> str:
    """Make a key and return it; it can never be shown again. Raises `TooManyKeys`."""
    if ApiKey.objects.filter(owner=owner, revoked_at=None).count() >= MOST_KEYS:
        raise TooManyKeys(f"{MOST_KEYS} keys are in use.")
    key = PREFIX + secrets.token_urlsafe(32)
    ApiKey.objects.create(owner=owner, name=name, beginning=key[:SHOWN], digest=digest_of(key))
    return key


def revoke_key(owner: User, pk: int) -> bool:
    """Revoke a key of this member; return whether it was in use."""
    in_use = ApiKey.objects.filter(owner=owner, pk=pk, revoked_at=None)
    return bool(in_use.update(revoked_at=timezone.now()))


def find_key(key: str) -> int | None:
    """Return the id of a key that is in use and whose owner may log in, None for any other."""
    keys = ApiKey.objects.filter(digest=digest_of(key), revoked_at=None, owner__is_active=True)
    return keys.values_list("pk", flat=True).first()


def digest_of(key: str) -> bytes:
    """Return what is stored of a key: it is long and random, so that a plain hash will do."""
    return hashlib.sha256(key.encode(errors="replace")).digest()

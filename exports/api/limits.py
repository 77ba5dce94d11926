"""How often the API may be asked, counted in the Valkey by the minute, and said in every answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac

from exports.api.keys import find_key

WINDOW = 60  # seconds
ANONYMOUS, WITH_KEY = "anonymous", "key"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client has left: of `limit` requests in this minute `remaining`, and `reset` seconds until the next."""

    policy: str
    limit: int
    remaining: int
    reset: int


def limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Count a request against its key or address; answer 401 for a wrong key, 429 for one too many."""

    @wraps(view)
    def count_and_answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = read_key(request)
        key_id = find_key(key) if key else None
        if key and key_id is None:
            return JsonResponse({"detail": "This API key is unknown or revoked."}, status=401)
        allowance = take(f"key:{key_id}", WITH_KEY) if key_id else take(address_of(request), ANONYMOUS)
        if allowance.remaining < 0:
            response: HttpResponse = JsonResponse({"detail": "Too many requests in this minute."}, status=429)
            response["Retry-After"] = str(allowance.reset)
        else:
            response = view(request, *args, **kwargs)
        return with_headers(response, allowance)

    return count_and_answer


def read_key(request: HttpRequest) -> str:
    """Return the key of an `Authorization: Bearer …`, or nothing."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def address_of(request: HttpRequest) -> str:
    """Return a name for the client's address that does not tell it; behind a proxy, for the one that it saw."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    return f"address:{salted_hmac('exports.api.limits', address).hexdigest()}"


def take(client: str, policy: str) -> Allowance:
    """Count one request; `remaining` is negative when it was one too many."""
    now = int(time.time())
    window = f"api:{client}:{now // WINDOW}"
    cache.add(window, 0, timeout=2 * WINDOW)
    limit = settings.API_REQUESTS_A_MINUTE[policy]
    return Allowance(policy, limit, limit - cache.incr(window), WINDOW - now % WINDOW)


def with_headers(response: HttpResponse, allowance: Allowance) -> HttpResponse:
    """Say what is left, as the IETF's draft on rate-limit headers has it."""
    response["RateLimit-Policy"] = f'"{allowance.policy}";q={allowance.limit};w={WINDOW}'
    response["RateLimit"] = f'"{allowance.policy}";r={max(allowance.remaining, 0)};t={allowance.reset}'
    return response

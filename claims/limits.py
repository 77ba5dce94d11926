"""Rate limits on what sends mail, asks other sites, or checks a secret."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def over_limit(request: HttpRequest, action: str, key: str = "") -> HttpResponse | None:
    """Count a request; answer 429 when there were too many, by `ACCOUNT_RATE_LIMITS[action]`."""
    user = request.user if request.user.is_authenticated else None
    if ratelimit.consume(request, action=action, user=user, key=key or None):
        return None
    return render(request, "errors/429.html", status=429)

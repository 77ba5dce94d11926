"""The home page, the error pages, and what machines ask of the site."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from works.queries import list_newest_works

NEWEST_WORKS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the search box and the newest works; `?q=`, which was the search once, leads to the search page."""
    if query := request.GET.get("q"):
        return redirect(f"{reverse('search:search')}?{urlencode({'q': query})}", permanent=True)
    return render(request, "pages/home.html", {"recent": list_newest_works(NEWEST_WORKS)})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer `ok` when the database does; the middleware answers 503 when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers to keep to the public pages, and where all of them are listed."""
    kept_out = ("/accounts/", "/admin/", "/graph/", "/api/", "/oai", "/*/export/", "/*/cite/")
    rules = "".join(f"Disallow: {path}\n" for path in kept_out)
    sitemap = f"{settings.SITE_URL}{reverse('exports:sitemap_index')}"
    return HttpResponse(f"User-agent: *\n{rules}\nSitemap: {sitemap}\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the address or form could not be understood."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this account may not do that."""
    return render(request, "errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was stale, and that sending it again from a fresh page will do."""
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, and offer the search box."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed; rendered without the request, so that nothing it needs can fail again."""
    return HttpResponse(render_without_request("errors/500.html"), status=500)


def render_without_request(template: str) -> str:
    """Render a page that depends on neither the session nor the database."""
    return render_to_string(template, {"contact_email": settings.CONTACT_EMAIL})

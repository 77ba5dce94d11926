"""What people read about the API, and where members keep their keys."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from exports.api.keys import TooManyKeys, create_key, revoke_key
from exports.api.operations import api
from exports.models import ApiKey


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]


class KeyForm(forms.Form):
    """What a new key is for."""

    name = forms.CharField(label="What the key is for", max_length=80)


@require_safe
def about_api(request: HttpRequest) -> HttpResponse:
    """Describe the API from the same OpenAPI document that machines get."""
    context = {
        "operations": list_operations(),
        "limits": settings.API_REQUESTS_A_MINUTE,
        "site_url": settings.SITE_URL,
    }
    return render(request, "exports/api.html", context)


def list_operations() -> list[Operation]:
    """Read the operations out of the OpenAPI document."""
    return [
        Operation(
            method.upper(), path, each["summary"], each.get("description", ""), list(map(readable, each["parameters"]))
        )
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, each in methods.items()
    ]


def readable(parameter: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter with its description and bounds where a template finds them."""
    schema = parameter["schema"]
    bounds = {name: schema[name] for name in ("minimum", "maximum", "default") if schema.get(name) is not None}
    said = [parameter.get("description") or schema.get("description") or ""]
    said += [f"{name} {value}" for name, value in bounds.items()]
    return {"name": parameter["name"], "in": parameter["in"], "description": ", ".join(filter(None, said))}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def api_keys(request: HttpRequest) -> HttpResponse:
    """List a member's keys; make one, and show it this once."""
    user = cast("User", request.user)  # login_required saw to it
    form = KeyForm(request.POST or None)
    new_key = ""
    if request.method == "POST" and form.is_valid():
        try:
            new_key = create_key(user, form.cleaned_data["name"])
        except TooManyKeys as error:
            form.add_error(None, str(error))
    context = {"form": form, "new_key": new_key, "keys": ApiKey.objects.filter(owner=user, revoked_at=None)}
    return render(request, "exports/api_keys.html", context)


@require_POST
@login_required
def revoke_api_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a key of the member's own; of anybody else's it does nothing."""
    user = cast("User", request.user)  # login_required saw to it
    revoke_key(user, pk)
    return redirect("exports:api_keys")

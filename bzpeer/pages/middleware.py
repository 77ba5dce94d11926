"""What stands between every request and its view."""

import logging
from collections.abc import Callable

from django.db import OperationalError, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from redis.exceptions import ConnectionError as ValkeyIsAway

from bzpeer.pages.views import render_without_request

logger = logging.getLogger(__name__)

UNDEFINED_TABLE = "42P01"
RETRY_AFTER_SECONDS = 10


class ServiceNotReadyMiddleware:
    """Answers 503 with a page that says so while the database or the Valkey is away, or not yet migrated.

    It is one of the outermost, because the session already needs the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that met a store that is not there; leave every other exception alone."""
        if not is_not_ready(exception):
            return None
        logger.warning("Not ready for %s: %s", request.path, exception)
        connection.close()
        response = HttpResponse(render_without_request("errors/503.html"), status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        response["Cache-Control"] = "no-store"
        return response


def is_not_ready(exception: Exception) -> bool:
    """Whether the exception says that a store cannot be reached, or that the database has no tables yet."""
    if isinstance(exception, OperationalError | ValkeyIsAway):
        return True
    cause = exception.__cause__
    return isinstance(exception, ProgrammingError) and getattr(cause, "sqlstate", None) == UNDEFINED_TABLE

"""Cursors: where a page of a list ended, as an opaque word. A page costs the same however far on it is."""

import base64
import binascii
import json
from datetime import datetime

from django.db.models import Q, QuerySet

from works.models import Work

PATTERN = r"^[A-Za-z0-9_-]{1,120}$"
GREATEST_ID = 2**63 - 1
NOT_OURS = "The cursor is not one of ours; begin again without one."


class BadCursor(ValueError):
    """The word is not a cursor that this site made."""


def encode_cursor(*place: str | int) -> str:
    """Write the place of the last row of a page as a word."""
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[str | int]:
    """Read such a word; raise `BadCursor`."""
    try:
        place = json.loads(base64.urlsafe_b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}"))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor(NOT_OURS) from error
    if not isinstance(place, list):
        raise BadCursor(NOT_OURS)
    return place


def after_work(works: QuerySet[Work], cursor: str) -> QuerySet[Work]:
    """Keep the works that come after a cursor, newest current version first; raise `BadCursor`."""
    try:
        when, pk = decode_cursor(cursor)
        moment, last = datetime.fromisoformat(str(when)), read_id(pk)
    except (TypeError, ValueError) as error:
        raise BadCursor(NOT_OURS) from error
    if moment.tzinfo is None:
        raise BadCursor(NOT_OURS)
    # The first condition alone is what the index is walked by; the second picks among works of one moment.
    return works.filter(Q(current_version_at__lt=moment) | Q(pk__lt=last), current_version_at__lte=moment)


def read_id(value: object) -> int:
    """Return a primary key from a cursor; raise `BadCursor`."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= GREATEST_ID:
        raise BadCursor(NOT_OURS)
    return value

"""Reads about institutions: their names, what they are part of, and what their bylines are."""

from django.db import connection
from django.db.models import QuerySet

from works.institutions.models import Institution
from works.models import Authorship
from works.position import FROM_THE_NEWEST, Position
from works.queries import visible_works

COUNTED_UP_TO = 1000
# One look-up in an index for the works; the dates of all of them are then read.
NEWEST = """
    SELECT id, current_version_at FROM works_work
    WHERE institution_ids @> ARRAY[%(institution)s::bigint] AND NOT hidden
        AND (current_version_at, id) < (%(at)s, %(id)s)
    ORDER BY current_version_at DESC, id DESC LIMIT %(limit)s
"""


def get_institution(key: str) -> Institution:
    """Find an institution by its ROR id or, where it has none, by its number; raise `Institution.DoesNotExist`."""
    if key.isascii() and key.isdigit() and len(key) < 18 and not key.startswith("0"):
        return Institution.objects.get(pk=int(key))
    return Institution.objects.get(ror_id=key.lower())


def list_names(institution: Institution) -> list[str]:
    """The other names of an institution, each once."""
    names = institution.names.exclude(value=institution.name).order_by("value").values_list("value", flat=True)
    return list(names.distinct())


def list_parents(institution: Institution) -> list[Institution]:
    """The institutions that this one is part of."""
    return list(Institution.objects.filter(related_from__institution=institution, related_from__kind="parent"))


def bylines_at(institution: Institution) -> QuerySet[Authorship]:
    """The authorships that print an affiliation which means this institution."""
    texts = institution.printed_affiliations.values("text")
    return Authorship.objects.filter(printed_affiliation__in=texts).exclude(printed_affiliation="")


def list_newest_at(institution: Institution, after: Position | None, limit: int) -> list[Position]:
    """The places of the newest works behind a place whose bylines print this institution."""
    start = after or FROM_THE_NEWEST
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"institution": institution.pk, "at": start.at, "id": start.pk, "limit": limit})
        return [Position(at, pk) for pk, at in cursor]


def count_works_at(institution: Institution) -> int:
    """How many works print this institution, up to one more than `COUNTED_UP_TO`."""
    return visible_works().filter(institution_ids__contains=[institution.pk])[: COUNTED_UP_TO + 1].count()

"""Reads about institutions: their names, what they are part of, and what their bylines are."""

from django.db.models import QuerySet

from works.institutions.models import Institution
from works.models import Authorship, Work
from works.queries import visible_works


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


def works_at(institution: Institution) -> QuerySet[Work]:
    """The works with such an authorship, newest first."""
    return visible_works().filter(pk__in=bylines_at(institution).values("work")).order_by("-current_version_at", "-pk")

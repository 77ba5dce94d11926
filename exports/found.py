"""The works that a search finds, for files and feeds: narrowed as the search page is by the same parameters."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from exports.citations.records import one_line
from works.addresses import read_year
from works.institutions.queries import get_institution
from works.models import Institution, Topic, Work
from works.queries import text_query, visible_works

LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What was searched for, in words, and the works, newest current version first."""

    title: str
    works: QuerySet[Work]


def find_works(given: QueryDict) -> Found:
    """Find the works whose title or abstract match `q`, of a `year`, `topic` and `institution` where these are given.

    A filter that names nothing finds nothing: a feed must not widen because a topic was mistyped.
    """
    text, year, topic, institution = (
        one_line(given.get(name, ""))[:LONGEST_QUERY] for name in ("q", "year", "topic", "institution")
    )
    works = visible_works().filter(search_vector=text_query(text)).order_by("-current_version_at", "-pk")
    if year:
        works = works.filter(year=number) if (number := read_year(year)) else works.none()
    if topic:
        topic_id = Topic.objects.filter(code=topic).values_list("pk", flat=True).first()
        works = works.filter(topic_ids__contains=[topic_id or 0])
    if institution:
        works = works.filter(institution_ids__contains=[_institution_id(institution)])
    narrowed = ", ".join(filter(None, (year, topic, institution)))
    return Found(f"Works about “{text}”{f' ({narrowed})' if narrowed else ''}", works)


def _institution_id(key: str) -> int:
    """Return the primary key of an institution, 0 where there is none of that key."""
    try:
        return get_institution(key).pk
    except Institution.DoesNotExist:
        return 0

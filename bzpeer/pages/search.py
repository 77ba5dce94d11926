"""The search box of the home page: people by name, works by title and abstract."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchRank, TrigramWordDistance
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex

from profiles.models import Researcher
from works.models import Work
from works.names import fold
from works.queries import attach_bylines, text_query, visible_works

MOST_PEOPLE = 10
MOST_WORKS = 10
# Ranking reads every candidate's text, so only this many of the newest matches are ranked.
MOST_RANKED = 1000
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What was found; `misspelt` says that the people are only near what was typed."""

    query: str
    people: Sequence[Researcher]
    works: Sequence[Work]
    misspelt: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.people or self.works)


def search_people_and_works(text: str) -> SearchResults | None:
    """Search for what was typed; None when nothing was."""
    query = " ".join(text.replace("\0", "").split())[:LONGEST_QUERY]
    if not query:
        return None
    people = list(people_named(query)[:MOST_PEOPLE])
    works = list(works_about(query)[:MOST_WORKS])
    misspelt = not people and not works
    if misspelt:
        people = list(people_named_like(query)[:MOST_PEOPLE])
    attach_bylines(works)
    return SearchResults(query, people, works, misspelt=misspelt)


def listed_people() -> QuerySet[Researcher]:
    """Researchers who may be found."""
    return Researcher.objects.filter(state__in=Researcher.LISTED_STATES)


def people_named(query: str) -> QuerySet[Researcher]:
    """People whose name has every word of the query, in any order, diacritics aside; never ranked by trust."""
    folded = fold(query)
    every_word = Q()
    for word in folded.split():
        every_word &= Q(search_name__contains=word)
    return (
        listed_people()
        .filter(every_word)
        .annotate(place=StrIndex("search_name", Value(folded)))
        # Names that begin with the words as typed come first, then those that have them further on; then by name.
        .order_by(Case(When(place=0, then=1), default=0), "place", "search_name", "pk")
    )


def people_named_like(query: str) -> QuerySet[Researcher]:
    """People whose name is near the query, for what was misspelt; how near is set in the settings."""
    folded = fold(query)
    return (
        listed_people()
        .filter(search_name__trigram_word_similar=folded)
        .annotate(distance=TrigramWordDistance(folded, "search_name"))
        .order_by("distance", "search_name", "pk")
    )


def works_about(query: str) -> QuerySet[Work]:
    """Works whose title or abstract match, best first."""
    asked = text_query(query)
    newest = visible_works().filter(search_vector=asked).order_by("-current_version_at")[:MOST_RANKED]
    return (
        visible_works()
        .filter(pk__in=newest.values("pk"))
        .annotate(rank=SearchRank(F("search_vector"), asked))
        .order_by("-rank", "-current_version_at", "pk")
    )

"""What the search box offers while one types: a few people, works, topics and institutions."""

from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString

from profiles.models import Researcher
from search.highlight import mark_html, mark_name, mark_text, stems
from search.identified import find_identified
from search.identifiers import Identifier, read_identifier
from search.institutions import find_institutions, list_institutions
from search.name_match import split_name
from search.people import find_people, list_people
from search.topics import find_topics
from search.works import find_titles
from works.markup import render_title
from works.models import Institution, Work

SHORTEST = 2  # letters; a single one of another script than Latin is a word already
MOST_CANDIDATES = 150  # ranked; each costs some microseconds, and there are 30 ms for all
MOST_TITLES = 100
PEOPLE, WORKS, TOPICS, INSTITUTIONS = 5, 3, 2, 2


class Suggestion(NamedTuple):
    """One line of the list."""

    kind: str
    name: SafeString
    detail: str
    address: str


def suggest(query: str) -> list[Suggestion]:
    """Return what the words may become, people first; only when nothing has them, people whose name is near.

    Of an identifier, what it names alone.
    """
    if identifier := read_identifier(query):
        return suggest_identified(identifier)
    if len(query) < SHORTEST and query.isascii():
        return []
    found = [
        *suggest_people(query, near=False),
        *suggest_works(query),
        *suggest_topics(query),
        *suggest_institutions(query),
    ]
    return found or suggest_people(query, near=True)


def suggest_identified(identifier: Identifier) -> list[Suggestion]:
    """What has the identifier, if anything has."""
    match found := find_identified(identifier):
        case Work():
            kind, name = "work", render_title(found.title)
        case Institution():
            kind, name = "institution", escape(found.name)
        case Researcher():
            kind, name = "person", escape(found.display_name)
        case None:
            return []
    return [Suggestion(kind, name, f"{identifier.kind.value} {identifier.value}", found.get_absolute_url())]


def suggest_people(query: str, *, near: bool) -> list[Suggestion]:
    """People by the words typed so far, or one slip away from them."""
    ranking = find_people(query, limit=MOST_CANDIDATES, near=near)
    words = split_name(query)
    return [
        Suggestion("person", mark_name(person.display_name, words), "", person.get_absolute_url())
        for person in list_people(ranking.ids[:PEOPLE])
    ]


def suggest_works(query: str) -> list[Suggestion]:
    """Works by words of the title."""
    wanted = stems(query)
    found = Work.objects.only("title", "arxiv_id").in_bulk(ids := find_titles(query, WORKS, MOST_TITLES)[:WORKS])
    return [
        Suggestion(
            "work",
            mark_html(render_title(found[pk].title), wanted),
            found[pk].arxiv_id,
            found[pk].get_absolute_url(),
        )
        for pk in ids
        if pk in found
    ]


def suggest_topics(query: str) -> list[Suggestion]:
    """Topics by code or name."""
    topics, _misspelt = find_topics(query, near=False)
    return [
        Suggestion("topic", mark_text(topic.name, stems(query)), topic.code, topic.get_absolute_url())
        for topic in topics[:TOPICS]
    ]


def suggest_institutions(query: str) -> list[Suggestion]:
    """Institutions by name."""
    found = list_institutions(find_institutions(query, limit=MOST_CANDIDATES, near=False).ids[:INSTITUTIONS])
    return [
        Suggestion(
            "institution",
            mark_text(institution.name, stems(query)),
            institution.country_code,
            institution.get_absolute_url(),
        )
        for institution in found
    ]

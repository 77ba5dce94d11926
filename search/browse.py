"""Lists to browse: people by family name, the taxonomy, and works as they were added."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection

from profiles.models import Researcher
from search.answers import activity_of
from search.people import list_people
from search.works import list_works
from works.models import Topic, Work
from works.names import fold
from works.queries import visible_works

PEOPLE_PER_PAGE = 60
WORKS_PER_PAGE = 20
LAST_CHARACTER = "\U0010ffff"

# Family name first, as the key has it; a page goes on behind the last one of the page before. The key of somebody
# who has hidden a name would tell it by its place: they stand where the name that they show belongs.
BY_FAMILY_NAME = """
    (SELECT id, name_key COLLATE "C" AS key FROM profiles_researcher
    WHERE (name_key COLLATE "C", id) > (%(key)s, %(id)s) AND name_key COLLATE "C" < %(to)s AND state = ANY(%(states)s)
        AND hidden_names = '{}'
    ORDER BY name_key COLLATE "C", id LIMIT %(limit)s)
    UNION ALL
    (SELECT r.id, p.browse_key COLLATE "C" FROM claims_ownerpage p JOIN profiles_researcher r ON r.id = p.researcher_id
    WHERE p.browse_key <> '' AND (p.browse_key COLLATE "C", p.researcher_id) > (%(key)s, %(id)s)
        AND p.browse_key COLLATE "C" < %(to)s AND r.state = ANY(%(states)s) AND r.hidden_names <> '{}'
    ORDER BY p.browse_key COLLATE "C", p.researcher_id LIMIT %(limit)s)
    ORDER BY key, id LIMIT %(limit)s
"""


class ListedPerson(NamedTuple):
    """A researcher in the list, with what tells namesakes apart."""

    researcher: Researcher
    works: int
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """People by family name; `after` is where the next page begins, empty on the last."""

    people: Sequence[ListedPerson]
    after: str


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive of the taxonomy with its topics."""

    name: str
    topics: Sequence[Topic]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the taxonomy with its archives."""

    code: str
    name: str
    archives: Sequence[Archive]


def list_by_family_name(prefix: str, after: str) -> PeoplePage:
    """Return one page of the people whose family name begins so; as fast far down as at the top."""
    start = "".join(letter for letter in fold(prefix) if letter not in " '-|")
    key, _bar, pk = after.rpartition("~")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19 and key.startswith(start)):
        key, pk = start, "0"
    given: dict[str, Any] = {
        "key": key,
        "id": int(pk),
        "to": f"{start}{LAST_CHARACTER}",
        "states": Researcher.LISTED_STATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_FAMILY_NAME, given | {"limit": PEOPLE_PER_PAGE + 1})
        rows = cursor.fetchall()
    shown = rows[:PEOPLE_PER_PAGE]
    following = f"{shown[-1][1]}~{shown[-1][0]}" if len(rows) > PEOPLE_PER_PAGE else ""
    ids = [row[0] for row in shown]
    activity = activity_of(ids)
    people = [ListedPerson(person, *activity.get(person.pk, (0, None, None))) for person in list_people(ids)]
    return PeoplePage(people, following)


def list_added_works(before: int | None) -> tuple[list[Work], int | None]:
    """Return works in the order in which they were added, the last first, and the id behind which to go on."""
    works = visible_works() if before is None else visible_works().filter(pk__lt=before)
    ids = list(works.order_by("-pk").values_list("pk", flat=True)[: WORKS_PER_PAGE + 1])
    shown = ids[:WORKS_PER_PAGE]
    return list_works(shown), shown[-1] if len(ids) > WORKS_PER_PAGE else None


def list_taxonomy() -> list[Group]:
    """Return every open topic under its archive and group."""
    topics = Topic.objects.filter(active=True).order_by("group_name", "archive_name", "code")
    return [
        Group(
            code, name, [Archive(archive, list(rows)) for archive, rows in groupby(found, attrgetter("archive_name"))]
        )
        for (code, name), found in groupby(topics, attrgetter("group", "group_name"))
    ]

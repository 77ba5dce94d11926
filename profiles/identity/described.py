"""Read from the tables what clustering needs of mentions: the bylines, texts and topics of their works."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from profiles.identity.corpus import LONGEST_BYLINE
from profiles.identity.mentions import AuthorMention
from profiles.identity.name_forms import read_form
from profiles.identity.people import Mention
from profiles.identity.resolve import mention_id

WORKS = """
SELECT w.id, w.title, w.abstract, coalesce(extract(year FROM w.first_submitted_at)::int, w.year),
    ARRAY(SELECT t.code FROM works_worktopic wt JOIN works_topic t ON t.id = wt.topic_id WHERE wt.work_id = w.id),
    byline.length, byline.ids, byline.names
FROM works_work w
CROSS JOIN LATERAL (
    SELECT count(*) AS length, array_agg(id ORDER BY position) AS ids,
        array_agg(printed_name ORDER BY position) AS names
    FROM works_authorship WHERE work_id = w.id AND kind = 'person'
) byline
WHERE w.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class WorkText:
    """A work with the people of its byline, in order."""

    title: str
    abstract: str
    year: int
    topics: tuple[str, ...]
    length: int
    authorship_ids: list[int]
    names: list[str]

    def coauthors_of(self, place: int) -> tuple[str, ...]:
        """Everybody but the one at a place; nobody's name where the byline is too long to tell."""
        if self.length > LONGEST_BYLINE:
            return ("",) * (self.length - 1)
        return tuple(self.names[:place] + self.names[place + 1 :])


def describe(mentions: Iterable[Mention]) -> Iterator[AuthorMention]:
    """Yield what each mention's work says, in one query.

    The works are called by surname and id: `block_background` takes each block for itself. Affiliations are left out:
    arXiv seldom has them, and there is no table of how common their words are.
    """
    wanted = list(mentions)
    works = read_works({mention.work_id for mention in wanted})
    for mention in wanted:
        work = works[mention.work_id]
        place = work.authorship_ids.index(mention.authorship_id)
        yield AuthorMention(
            id=mention_id(mention.authorship_id),
            work=f"{read_form(mention.printed_name).surname} {mention.work_id}",
            name=mention.printed_name,
            coauthors=work.coauthors_of(place),
            title=work.title,
            abstract=work.abstract,
            year=work.year,
            categories=work.topics,
        )


def read_works(work_ids: Iterable[int]) -> dict[int, WorkText]:
    """Read works by id."""
    with connection.cursor() as cursor:
        cursor.execute(WORKS, [list(work_ids)])
        return {
            work_id: WorkText(title, abstract, year, tuple(sorted(topics)), *byline)
            for work_id, title, abstract, year, topics, *byline in cursor
        }

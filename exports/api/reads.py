"""Rows as the API answers them."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet

from exports.addresses import absolute
from exports.api.cursors import after_work, decode_cursor, encode_cursor, read_id
from exports.api.schemas import ApiAuthor, ApiResearcher, ApiTopic, ApiWork
from profiles.models import Researcher
from works.models import Topic, Work, WorkTopic
from works.names import fold
from works.queries import BylineName, attach_bylines, text_query, visible_works, works_on_topic


def list_works(works: QuerySet[Work], cursor: str | None, limit: int) -> tuple[list[Work], str | None]:
    """Return a page of works, newest current version first, and the cursor of the next one."""
    works = works.order_by("-current_version_at", "-pk")
    rows = list((after_work(works, cursor) if cursor else works)[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, encode_cursor(rows[-1].current_version_at.isoformat(), rows[-1].pk) if more else None


def works_wanted(topic: str | None, year: int | None, text: str | None) -> QuerySet[Work]:
    """Return the visible works that carry the topic, are of the year, and match the text."""
    works = works_on_topic(Topic(pk=topic_id(topic))) if topic else visible_works()
    if year:
        works = works.filter(year=year)
    return works.filter(search_vector=text_query(text)) if text else works


def topic_id(code: str) -> int:
    """Return the primary key of a topic, 0 where there is none of that code."""
    return Topic.objects.filter(code=code).values_list("pk", flat=True).first() or 0


def list_researchers(name: str | None, cursor: str | None, limit: int) -> tuple[list[Researcher], str | None]:
    """Return a page of the listed researchers whose name has every word, and the cursor of the next one."""
    rows = Researcher.objects.filter(state__in=Researcher.LISTED_STATES).order_by("pk")
    for word in fold(name or "").split():
        rows = rows.filter(search_name__contains=word)
    if cursor:
        place = decode_cursor(cursor)
        rows = rows.filter(pk__gt=read_id(place[0] if len(place) == 1 else None))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, encode_cursor(found[-1].pk) if more else None


def describe_works(works: Sequence[Work], longest: int | None = None) -> list[ApiWork]:
    """Describe works with their bylines and topics; two queries, whatever their number."""
    attach_bylines(works, longest=longest)
    topics: dict[int, list[str]] = defaultdict(list)
    rows = WorkTopic.objects.filter(work__in=[work.pk for work in works]).order_by("work", "position")
    for work_id, code in rows.values_list("work", "topic__code"):
        topics[work_id].append(code)
    return [describe_work(work, topics[work.pk]) for work in works]


def describe_work(work: Work, topics: list[str]) -> ApiWork:
    """Describe one work; who submitted it is nobody's business, and may be an e-mail address."""
    return ApiWork(
        id=work.arxiv_id,
        url=absolute(work.get_absolute_url()),
        arxiv_url=work.arxiv_url,
        title=work.title,
        abstract=work.abstract,
        authors=[describe_author(name) for name in work.byline],
        more_authors=work.more_authors,
        and_others=work.and_others,
        topics=topics,
        kind=work.kind,
        source=work.source,
        first_submitted_at=work.first_submitted_at,
        current_version=work.current_version,
        current_version_at=work.current_version_at,
        doi=work.doi or None,
        journal_ref=work.journal_ref or None,
        license=work.license or None,
        withdrawn=work.withdrawn,
    )


def describe_author(name: BylineName) -> ApiAuthor:
    """Describe a name of a byline."""
    if not name.url:
        return ApiAuthor(name=name.name)
    return ApiAuthor(name=name.name, id=name.url.rstrip("/").rpartition("-")[2], url=absolute(name.url))


def describe_researcher(researcher: Researcher) -> ApiResearcher:
    """Describe an author record, with nothing of its owner's account."""
    return ApiResearcher(
        id=researcher.public_id,
        url=absolute(researcher.get_absolute_url()),
        name=researcher.display_name,
        state=researcher.state,
        identity_level=researcher.identity_level,
    )


def describe_topic(topic: Topic) -> ApiTopic:
    """Describe a topic."""
    return ApiTopic(
        id=topic.code,
        url=absolute(topic.get_absolute_url()),
        name=topic.name,
        archive=topic.archive,
        group=topic.group,
        active=topic.active,
        alias_of=topic.alias_of.code if topic.alias_of else None,
    )

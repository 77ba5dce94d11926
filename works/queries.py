"""Reads about works, topics and bylines."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet, SmallIntegerField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from works.addresses import read_year
from works.models import SEARCH_CONFIGURATION, Authorship, Topic, Work, WorkCorrection
from works.names import fold
from works.position import Position

# A byline of 3,000 names would swamp a list; beyond this many the work's own page shows them.
LONGEST_BYLINE_IN_LISTS = 40
# Rows and no models: a page has a hundred of these, and making an authorship and a researcher of each took longer than
# reading them. The names to show, each with the length of its byline, in byline order.
BYLINES = """
    SELECT a.work_id, length, a.printed_name, a.attribution, a.printed_affiliation, r.id, r.display_name, r.slug,
        r.state, r.hidden_names, a.kind = 'collaboration'
    FROM unnest(%(works)s::bigint[]) AS w (id)
    CROSS JOIN LATERAL (SELECT count(*) AS length FROM works_authorship x WHERE x.work_id = w.id) counted
    JOIN works_authorship a ON a.work_id = w.id AND (a.position <= %(longest)s OR a.researcher_id = %(this)s::bigint)
    LEFT JOIN profiles_researcher r ON r.id = a.researcher_id
    ORDER BY a.work_id, a.position
"""
# What a list of one person's works may be narrowed to.
OFFERED = """
    WITH mine AS MATERIALIZED (
        SELECT DISTINCT w.id, COALESCE((w.curated->>'year')::smallint, w.year) AS year
        FROM works_authorship a JOIN works_work w ON w.id = a.work_id
        WHERE a.researcher_id = %(researcher)s AND NOT w.hidden
    )
    SELECT (SELECT count(*) FROM mine), ARRAY(SELECT DISTINCT year FROM mine ORDER BY year DESC),
        (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name) ORDER BY t.code COLLATE "C")
         FROM works_topic t WHERE t.id IN (SELECT topic_id FROM mine JOIN works_worktopic wt ON wt.work_id = mine.id))
"""
SHOWN_YEAR = Coalesce(Cast(KT("curated__year"), SmallIntegerField()), "year")


@dataclass(frozen=True, slots=True)
class BylineName:
    """One name of a byline as a page shows it; `url` is empty for a collaboration or an unresolved name."""

    name: str
    url: str
    is_this: bool
    attribution: str
    affiliation: str
    is_collaboration: bool = False


class BylineRow(NamedTuple):
    """One authorship as `BYLINES` reads it; what comes behind `researcher_id` is None where nobody is resolved."""

    printed_name: str
    attribution: str
    affiliation: str
    researcher_id: int | None
    display_name: str | None
    slug: str | None
    state: str | None
    hidden_names: list[str] | None
    is_collaboration: bool = False


@dataclass(frozen=True, slots=True)
class WorksPage:
    """One page of works with their bylines, newest first; `after` is where the next page begins, None on the last."""

    works: list[Work]
    after: Position | None


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """What a list of works is narrowed to, what it may be narrowed to, and how many works it has when it is not."""

    year: int | None
    topic: str
    text: str
    years: Sequence[int]
    topics: Sequence[Topic]
    total: int

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.year or self.topic or self.text)


def all_works() -> QuerySet[Work]:
    """Works, the hidden ones too, without the columns that are for searching and loading only."""
    return Work.objects.defer("search_vector", "topic_ids", "institution_ids", "record_digest")


def visible_works() -> QuerySet[Work]:
    """Works that a page may show."""
    return all_works().filter(hidden=False)


def works_of(researcher_id: int) -> QuerySet[Work]:
    """Works of a researcher: by year shown, latest first, then by title."""
    return visible_works().filter(authorships__researcher=researcher_id).order_by(SHOWN_YEAR.desc(), "title", "pk")


def get_work(arxiv_id: str) -> Work:
    """Return a visible work; raise `Work.DoesNotExist`."""
    return visible_works().get(arxiv_id=arxiv_id)


def list_corrections(work: Work) -> list[WorkCorrection]:
    """Return the corrections of a work that hold; no query for the many that have none."""
    return list(work.corrections.filter(undone_at__isnull=True).order_by("field")) if work.imported else []


def topics_of_work(work: Work) -> list[Topic]:
    """Topics of a work, the primary one first."""
    return list(Topic.objects.filter(topic_works__work=work).order_by("topic_works__position"))


def works_on_topic(topic: Topic) -> QuerySet[Work]:
    """Works of a topic, newest first; whole, for what is taken away. Its page reads `works.topic_page`.

    In the order of the copy that stands beside the topic: one range of an index, however many works it has.
    """
    newest = ("-work_topics__current_version_at", "-work_topics__work")
    return visible_works().filter(work_topics__topic=topic).order_by(*newest)


def list_newest_works(limit: int) -> list[Work]:
    """Return the works with the newest current versions, with their bylines."""
    works = list(visible_works().order_by("-current_version_at", "-pk")[:limit])
    attach_bylines(works)
    return works


def show_page(
    places: Sequence[Position], size: int, works: QuerySet[Work] | None = None, longest: int | None = None
) -> WorksPage:
    """Return the works at the first `size` places; what lies beyond them only says that there is a next page."""
    shown = places[:size]
    found = (visible_works() if works is None else works).in_bulk([place.pk for place in shown])
    listed = [found[place.pk] for place in shown if place.pk in found]
    attach_bylines(listed, longest=longest)
    return WorksPage(listed, shown[-1] if len(places) > size else None)


def get_topic(code: str) -> Topic:
    """Return a topic by its code; raise `Topic.DoesNotExist`."""
    return Topic.objects.select_related("alias_of").get(code=code)


def list_other_topics(topic: Topic) -> list[Topic]:
    """Return the other open topics of a topic's archive; for a closed archive those that it was divided into."""
    return list(Topic.objects.filter(archive=topic.archive, active=True).exclude(pk=topic.pk))


def narrow(works: QuerySet[Work], filters: WorkFilters) -> QuerySet[Work]:
    """Apply the filters to a list of works."""
    if filters.year:
        works = works.alias(shown_year=SHOWN_YEAR).filter(shown_year=filters.year)
    if filters.topic:
        works = works.filter(topics__code=filters.topic)
    if filters.text:
        works = works.filter(search_vector=text_query(filters.text))
    return works


def text_query(text: str) -> SearchQuery:
    """Read what a person typed as a search of titles and abstracts."""
    return SearchQuery(text, config=SEARCH_CONFIGURATION, search_type="websearch")


def read_filters(researcher_id: int, year: str, topic: str, text: str) -> WorkFilters:
    """Make filters for a person's works of what an address says; what makes no sense is as if it were not there."""
    with connection.cursor() as cursor:
        cursor.execute(OFFERED, {"researcher": researcher_id})
        total, years, offered = cursor.fetchone() or (0, [], None)
    topics = [Topic(**row) for row in json.loads(offered or "[]")]
    codes = {known.code for known in topics}
    return WorkFilters(
        year=number if (number := read_year(year)) in years else None,
        topic=topic if topic in codes else "",
        text=text.replace("\0", "").strip()[:200],
        years=years,
        topics=topics,
        total=total,
    )


def attach_bylines(works: Sequence[Work], *, this_researcher_id: int | None = None, longest: int | None = None) -> None:
    """Give each work `byline` (BylineNames), `more_authors` (how many are left out), `attribution` (of this person).

    One query, whatever the number of works. Names beyond position `longest` are left out, but for
    this researcher's own.
    """
    bylines: dict[int, list[BylineName]] = defaultdict(list)
    sizes: dict[int, int] = {}
    attributions: dict[int, str] = {}
    given: dict[str, Any] = {
        "works": [work.pk for work in works],
        "longest": longest or LONGEST_BYLINE_IN_LISTS,
        "this": this_researcher_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(BYLINES, given)
        for work_id, length, *row in cursor:
            name = byline_name(BylineRow(*row), this_researcher_id)
            bylines[work_id].append(name)
            sizes[work_id] = length
            if name.is_this:
                attributions[work_id] = name.attribution
    for work in works:
        work.byline = bylines[work.pk]
        work.more_authors = sizes.get(work.pk, 0) - len(work.byline)
        work.attribution = attributions.get(work.pk, "")


def byline_name(row: BylineRow, this_researcher_id: int | None) -> BylineName:
    """Describe one authorship; only a listed researcher is linked, and no name that its owner has hidden is shown."""
    if row.researcher_id is None:
        return BylineName(
            row.printed_name,
            "",
            is_this=False,
            attribution=row.attribution,
            affiliation=row.affiliation,
            is_collaboration=row.is_collaboration,
        )
    researchers: Any = Authorship.researcher.field.related_model  # this room knows no model of theirs
    return BylineName(
        name_unless_hidden(row.printed_name, row.hidden_names or (), row.display_name or ""),
        researchers.address_of(row.researcher_id, row.slug or "") if row.state in researchers.LISTED_STATES else "",
        row.researcher_id == this_researcher_id,
        row.attribution,
        row.affiliation,
    )


def name_unless_hidden(printed_name: str, hidden_names: Collection[str], shown: str) -> str:
    """A name as printed, or the one to show instead of it when it is among the hidden ones, which are folded."""
    return shown if hidden_names and fold(printed_name) in hidden_names else printed_name

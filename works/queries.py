"""Reads about works, topics and bylines."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, JSONBAgg
from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, OuterRef, Q, QuerySet, SmallIntegerField, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, JSONObject

from works.models import SEARCH_CONFIGURATION, Authorship, Topic, Work, WorkCorrection, WorkTopic
from works.names import fold

# A byline of 3,000 names would swamp a list; beyond this many the work's own page shows them.
LONGEST_BYLINE_IN_LISTS = 40
# All that a byline shows or links by: a page has a hundred such rows, and the other columns doubled what they took.
BYLINE_COLUMNS = (
    "work_id", "printed_name", "attribution", "printed_affiliation", "researcher__display_name", "researcher__slug",
    "researcher__state", "researcher__hidden_names",
)  # fmt: skip
SHOWN_YEAR = Coalesce(Cast(KT("curated__year"), SmallIntegerField()), "year")
TOPIC = JSONObject(id="topics__id", code="topics__code", name="topics__name")


@dataclass(frozen=True, slots=True)
class BylineName:
    """One name of a byline as a page shows it; `url` is empty for a collaboration or an unresolved name."""

    name: str
    url: str
    is_this: bool
    attribution: str
    affiliation: str


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


def visible_works() -> QuerySet[Work]:
    """Works that a page may show."""
    return Work.objects.filter(hidden=False).defer("search_vector", "topic_ids", "record_digest")


def works_of(researcher_id: int) -> QuerySet[Work]:
    """Works of a researcher: by year shown, latest first, then by title."""
    return visible_works().filter(authorships__researcher=researcher_id).order_by(SHOWN_YEAR.desc(), "title", "pk")


def get_work(arxiv_id: str) -> Work:
    """Return a visible work with its topics and versions; raise `Work.DoesNotExist`."""
    return visible_works().prefetch_related("versions").get(arxiv_id=arxiv_id)


def list_corrections(work: Work) -> list[WorkCorrection]:
    """Return the corrections of a work that hold; no query for the many that have none."""
    return list(work.corrections.filter(undone_at__isnull=True).order_by("field")) if work.imported else []


def topics_of_work(work: Work) -> list[Topic]:
    """Topics of a work, the primary one first."""
    rows = WorkTopic.objects.filter(work=work).select_related("topic")
    return [row.topic for row in rows]


def works_on_topic(topic: Topic) -> QuerySet[Work]:
    """Works of a topic, newest first; whole, for what is taken away. Its page reads `works.topic_page`."""
    return visible_works().filter(work_topics__topic=topic).order_by("-current_version_at", "-pk")


def list_newest_works(limit: int) -> list[Work]:
    """Return the works with the newest current versions, with their bylines."""
    works = list(visible_works().order_by("-current_version_at", "-pk")[:limit])
    attach_bylines(works)
    return works


def get_topic(code: str) -> Topic:
    """Return a topic by its code; raise `Topic.DoesNotExist`."""
    return Topic.objects.select_related("alias_of").get(code=code)


def get_topic_and_others(code: str) -> tuple[Topic, list[Topic]]:
    """Return a topic by its code, and the other open topics of its archive; raise `Topic.DoesNotExist`.

    For a closed archive the others are those that it was divided into.
    """
    archive = Topic.objects.filter(code=code).values("archive")
    topics = list(Topic.objects.filter(archive__in=archive).select_related("alias_of"))
    found = next((topic for topic in topics if topic.code == code), None)
    if found is None:
        raise Topic.DoesNotExist(f"No topic {code}")
    return found, [topic for topic in topics if topic.active and topic.pk != found.pk]


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


def read_filters(works: QuerySet[Work], year: str, topic: str, text: str) -> WorkFilters:
    """Make filters of what an address says; what makes no sense is as if it were not there. One query."""
    offered = works.order_by().aggregate(
        years=ArrayAgg(SHOWN_YEAR, distinct=True),
        topics=JSONBAgg(TOPIC, distinct=True),
        total=Count("pk", distinct=True),
    )
    years = sorted(offered["years"] or [], reverse=True)
    topics = sorted((Topic(**row) for row in offered["topics"] or [] if row["code"]), key=lambda topic: topic.code)
    codes = {known.code for known in topics}
    return WorkFilters(
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() and int(year) in years else None,
        topic=topic if topic in codes else "",
        text=text.replace("\0", "").strip()[:200],
        years=years,
        topics=topics,
        total=offered["total"],
    )


def attach_bylines(works: Sequence[Work], *, this_researcher_id: int | None = None, longest: int | None = None) -> None:
    """Give each work `byline` (BylineNames), `more_authors` (how many are left out), `attribution` (of this person).

    One query, whatever the number of works. Names beyond position `longest` are left out, but for
    this researcher's own.
    """
    longest = longest or LONGEST_BYLINE_IN_LISTS
    bylines: dict[int, list[BylineName]] = defaultdict(list)
    sizes: dict[int, int] = {}
    attributions: dict[int, str] = {}
    for row in list_byline_rows([work.pk for work in works], this_researcher_id, longest):
        is_this = this_researcher_id is not None and row.researcher_id == this_researcher_id
        bylines[row.work_id].append(byline_name(row, is_this=is_this))
        sizes[row.work_id] = row.byline_length
        if is_this:
            attributions[row.work_id] = row.attribution
    for work in works:
        work.byline = bylines[work.pk]
        work.more_authors = sizes.get(work.pk, 0) - len(work.byline)
        work.attribution = attributions.get(work.pk, "")


def list_byline_rows(work_ids: Iterable[int], this_researcher_id: int | None, longest: int) -> Iterable[Any]:
    """Return the authorships to show, each with the length of its byline, in byline order."""
    length = (
        Authorship.objects.filter(work=OuterRef("work"))
        .order_by()
        .values("work")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Authorship.objects.filter(
            Q(position__lte=longest) | Q(researcher=this_researcher_id, researcher__isnull=False),
            work__in=list(work_ids),
        )
        .annotate(byline_length=Coalesce(Subquery(length), 0))
        .select_related("researcher")
        .only(*BYLINE_COLUMNS)
        .order_by("work", "position")
    )


def byline_name(row: Authorship, *, is_this: bool) -> BylineName:
    """Describe one authorship; only a listed researcher is linked."""
    researcher = row.researcher
    listed = researcher is not None and researcher.state in researcher.LISTED_STATES
    url = researcher.get_absolute_url() if researcher is not None and listed else ""
    return BylineName(shown_name(row), url, is_this, row.attribution, row.printed_affiliation)


def shown_name(authorship: Authorship) -> str:
    """The name of an authorship as anything public may show it: as printed, unless its owner has hidden that name."""
    researcher = authorship.researcher
    if researcher is None:
        return authorship.printed_name
    return name_unless_hidden(authorship.printed_name, researcher.hidden_names, researcher.display_name)


def name_unless_hidden(printed_name: str, hidden_names: Collection[str], shown: str) -> str:
    """A name as printed, or the one to show instead of it when it is among the hidden ones, which are folded."""
    return shown if hidden_names and fold(printed_name) in hidden_names else printed_name

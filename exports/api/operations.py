"""The JSON API: every operation, with what it takes and what it may answer."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Path, Query, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from exports.api import reads
from exports.api.cursors import PATTERN, BadCursor
from exports.api.limits import limited
from exports.api.links import (
    AUTHOR,
    AUTHORS_OF_WORK,
    TOPIC,
    WORK,
    WORKS_OF_AUTHOR,
    WORKS_ON_TOPIC,
    leads_to,
    page_after,
)
from exports.api.schemas import (
    ApiResearcher,
    ApiTopic,
    ApiWork,
    Problem,
    ResearcherPage,
    TopicPage,
    WorkPage,
)
from profiles.models import Researcher
from profiles.queries import get_researcher
from works.models import Topic, Work
from works.queries import get_topic, get_work, works_of

LONGEST_BYLINE = 5_000
NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
Answer = HttpResponse | dict[str, Any]

api = NinjaAPI(
    title="BZPEER",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_extra={
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"key": []}],
    },
)
prepared = decorate_view(limited, conditional_page)
ERRORS: dict[int, Any] = {401: Problem, 422: Problem, 429: Problem}
OPTIONS: dict[str, Any] = {"exclude_unset": True}


def fields_of(schema: type[Schema]) -> Any:
    """Describe the parameter that names the fields wanted of a schema."""
    names = "|".join(schema.model_fields)
    return Field(
        None,
        pattern=rf"^({names})(,({names}))*$",
        max_length=300,
        description="Names of the fields wanted, with commas",
    )


class AskedForWork(Schema):
    """What may be asked about one work."""

    fields: str | None = fields_of(ApiWork)


class AskedForResearcher(Schema):
    """What may be asked about one author."""

    fields: str | None = fields_of(ApiResearcher)


class AskedForTopic(Schema):
    """What may be asked about topics."""

    fields: str | None = fields_of(ApiTopic)


class AskedForPage(Schema):
    """What a list may be asked."""

    cursor: str | None = Field(None, pattern=PATTERN, description="What the page before says is next")
    limit: int = Field(25, ge=1, le=100)


class AskedForWorksOfAuthor(AskedForPage, AskedForWork):
    """What the list of an author's works may be asked."""


class AskedForWorks(AskedForPage, AskedForWork):
    """What the list of works may be asked."""

    topic: str | None = Field(None, pattern=r"^[A-Za-z0-9.-]{1,24}$", description="Code of a topic, such as cs.LG")
    year: int | None = Field(None, ge=1900, le=2999, description="Year of the current version")
    q: str | None = Field(None, pattern=NO_CONTROLS, max_length=200, description="Words of title or abstract")


class AskedForResearchers(AskedForPage, AskedForResearcher):
    """What the list of authors may be asked."""

    name: str | None = Field(None, pattern=NO_CONTROLS, max_length=200, description="Words of the name, in any order")


ArxivId = Annotated[str, Path(pattern=r"^([a-z-]+(\.[A-Z]{2})?/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})$")]
PublicId = Annotated[str, Path(pattern=r"^[0-9a-z]{7}$")]
Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9.-]{1,24}$")]


@api.get(
    "/works",
    response={200: WorkPage, 404: Problem, **ERRORS},
    summary="List works",
    tags=["works"],
    openapi_extra=leads_to(WORK | page_after("list_works")),
    **OPTIONS,
)
@prepared
def list_works(request: HttpRequest, asked: Query[AskedForWorks]) -> Answer:
    """Works, newest current version first."""
    works, following = reads.list_works(reads.works_wanted(asked.topic, asked.year, asked.q), asked.cursor, asked.limit)
    return {"items": sparse(reads.describe_works(works), asked.fields, ApiWork), "next": following}


@api.get(
    "/works/{path:arxiv_id}",
    response={200: ApiWork, 404: Problem, **ERRORS},
    summary="One work",
    tags=["works"],
    openapi_extra=leads_to(AUTHORS_OF_WORK),
    **OPTIONS,
)
@prepared
def one_work(request: HttpRequest, arxiv_id: ArxivId, asked: Query[AskedForWork]) -> Answer:
    """A work with its whole byline."""
    try:
        work = get_work(arxiv_id)
    except Work.DoesNotExist as error:
        raise HttpError(404, "There is no such work.") from error
    return sparse(reads.describe_works([work], LONGEST_BYLINE), asked.fields, ApiWork)[0]


@api.get(
    "/authors",
    response={200: ResearcherPage, 404: Problem, **ERRORS},
    summary="List authors",
    tags=["authors"],
    openapi_extra=leads_to(AUTHOR | page_after("list_authors")),
    **OPTIONS,
)
@prepared
def list_authors(request: HttpRequest, asked: Query[AskedForResearchers]) -> Answer:
    """Author records, in no order that means anything."""
    found, following = reads.list_researchers(asked.name, asked.cursor, asked.limit)
    return {"items": sparse(map(reads.describe_researcher, found), asked.fields, ApiResearcher), "next": following}


@api.get(
    "/authors/{public_id}",
    response={200: ApiResearcher, 301: None, 404: Problem, **ERRORS},
    summary="One author",
    tags=["authors"],
    openapi_extra=leads_to(WORKS_OF_AUTHOR),
    **OPTIONS,
)
@prepared
def one_author(request: HttpRequest, public_id: PublicId, asked: Query[AskedForResearcher]) -> Answer:
    """An author record; one that was merged into another leads to that."""
    researcher = find_researcher(public_id)
    if researcher.public_id != public_id:
        return redirect("api:one_author", public_id=researcher.public_id, permanent=True)
    return sparse([reads.describe_researcher(researcher)], asked.fields, ApiResearcher)[0]


@api.get(
    "/authors/{public_id}/works",
    response={200: WorkPage, 301: None, 404: Problem, **ERRORS},
    summary="Works of an author",
    tags=["authors"],
    openapi_extra=leads_to(WORK | page_after("works_of_author", public_id="$request.path.public_id")),
    **OPTIONS,
)
@prepared
def works_of_author(request: HttpRequest, public_id: PublicId, asked: Query[AskedForWorksOfAuthor]) -> Answer:
    """The works attributed to an author record, newest current version first."""
    researcher = find_researcher(public_id)
    if researcher.public_id != public_id:
        return redirect("api:works_of_author", public_id=researcher.public_id, permanent=True)
    works, following = reads.list_works(works_of(researcher.pk), asked.cursor, asked.limit)
    return {"items": sparse(reads.describe_works(works), asked.fields, ApiWork), "next": following}


@api.get(
    "/topics",
    response={200: TopicPage, **ERRORS},
    summary="All topics",
    tags=["topics"],
    openapi_extra=leads_to(TOPIC),
    **OPTIONS,
)
@prepared
def list_topics(request: HttpRequest, asked: Query[AskedForTopic]) -> Answer:
    """arXiv's taxonomy, on one page."""
    topics = Topic.objects.select_related("alias_of")
    return {"items": sparse(map(reads.describe_topic, topics), asked.fields, ApiTopic), "next": None}


@api.get(
    "/topics/{code}",
    response={200: ApiTopic, 404: Problem, **ERRORS},
    summary="One topic",
    tags=["topics"],
    openapi_extra=leads_to(WORKS_ON_TOPIC),
    **OPTIONS,
)
@prepared
def one_topic(request: HttpRequest, code: Code, asked: Query[AskedForTopic]) -> Answer:
    """A topic."""
    try:
        topic = get_topic(code)
    except Topic.DoesNotExist as error:
        raise HttpError(404, "There is no such topic.") from error
    return sparse([reads.describe_topic(topic)], asked.fields, ApiTopic)[0]


def find_researcher(public_id: str) -> Researcher:
    """Return a listed researcher, or the one that a record was merged into; raise an error that is answered 404."""
    try:
        return get_researcher(public_id)
    except Researcher.DoesNotExist as error:
        raise HttpError(404, "There is no such author.") from error


def sparse(items: Iterable[Schema], fields: str | None, schema: type[Schema]) -> list[dict[str, Any]]:
    """Keep the fields that were asked for, and the id."""
    wanted = set(fields.split(",")) if fields else set(schema.model_fields)
    # Plain values: ninja reads an object by its attributes, and then knows no more which of them were set.
    return [item.model_dump(include=wanted | {"id"}, exclude_unset=True) for item in items]


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which parameter was wrong and why."""
    said = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in error.errors)
    return api.create_response(request, {"detail": said}, status=422)


@api.exception_handler(BadCursor)
def bad_cursor(request: HttpRequest, error: BadCursor) -> HttpResponse:
    """Say that there is no such page: a cursor is well formed or not only to those who made it."""
    return api.create_response(request, {"detail": str(error)}, status=404)


def no_such_path(request: HttpRequest) -> HttpResponse:
    """Answer in JSON whatever no operation's path has, a line break in the address among it."""
    return api.create_response(request, {"detail": "There is no such address."}, status=404)

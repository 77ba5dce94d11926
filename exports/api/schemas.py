"""What the API answers. Every field but `id` may be missing: a client asks for those it wants with `fields`."""

from datetime import datetime

from ninja import Schema
from pydantic import Field


class Problem(Schema):
    """What was wrong with a request."""

    detail: str


class ApiAuthor(Schema):
    """A name in a byline, and the author record it is attributed to, if that has a page."""

    name: str
    id: str | None = None
    url: str | None = None


class ApiWork(Schema):
    """A work; texts are as arXiv has them, with TeX."""

    id: str = Field(description="arXiv id without version")
    url: str | None = None
    arxiv_url: str | None = None
    title: str | None = None
    abstract: str | None = None
    authors: list[ApiAuthor] | None = Field(None, description="In lists, at most the first 40 names")
    more_authors: int | None = Field(None, description="How many names of the byline are left out")
    and_others: bool | None = Field(None, description="Whether the author line itself ends in “et al.”")
    topics: list[str] | None = Field(None, description="Codes, the primary one first")
    kind: str | None = None
    source: str | None = None
    first_submitted_at: datetime | None = None
    current_version: int | None = None
    current_version_at: datetime | None = None
    doi: str | None = None
    journal_ref: str | None = None
    license: str | None = None
    withdrawn: bool | None = None


class ApiResearcher(Schema):
    """An author record."""

    id: str
    url: str | None = None
    name: str | None = None
    state: str | None = Field(None, description="`unclaimed` or `claimed`")
    identity_level: int | None = Field(None, description="0 to 4; see /about/trust/")


class ApiTopic(Schema):
    """A category of arXiv's taxonomy."""

    id: str
    url: str | None = None
    name: str | None = None
    archive: str | None = None
    group: str | None = None
    active: bool | None = None
    alias_of: str | None = None


class WorkPage(Schema):
    """A page of works; `next` is the cursor of the next one, null on the last."""

    items: list[ApiWork]
    next: str | None


class ResearcherPage(Schema):
    """A page of author records."""

    items: list[ApiResearcher]
    next: str | None


class TopicPage(Schema):
    """All topics."""

    items: list[ApiTopic]
    next: str | None

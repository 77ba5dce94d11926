"""What an address of the search page asks for; what makes no sense in it is as if it were not there."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from search.identifiers import IdentifierKind, read_identifier
from search.institutions import find_institutions, list_institutions
from search.results import MOST_RANKED, PAGE_SIZE
from works.addresses import read_year
from works.institutions.queries import get_institution
from works.models import Institution, Topic
from works.position import Position, read_position

KINDS = {"people": "People", "works": "Works", "topics": "Topics", "institutions": "Institutions"}
SORTS = {"works": {"relevance": "best match", "date": "newest first"}}
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One search; an empty `kind` leaves the tab to us, `claimed` is None for both."""

    query: str
    kind: str
    year: int | None
    topic: Topic | None
    institution: Institution | None
    claimed: bool | None
    by_date: bool
    page: int
    after: Position | None

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set."""
        return any(value is not None for value in (self.year, self.topic, self.institution, self.claimed))

    def parameters(self, **others: str) -> str:
        """Write the query string of this search on its first page, with some parameters set otherwise."""
        claimed = "" if self.claimed is None else ("yes" if self.claimed else "no")
        values = {
            "q": self.query,
            "kind": self.kind,
            "year": str(self.year or ""),
            "topic": self.topic.code if self.topic else "",
            "institution": institution_key(self.institution),
            "claimed": claimed,
            "sort": "date" if self.by_date else "",
        }
        return urlencode({name: value for name, value in (values | others).items() if value})


def institution_key(institution: Institution | None) -> str:
    """What names an institution in an address; empty for none."""
    return (institution.ror_id or str(institution.pk)) if institution else ""


def read_asked(given: QueryDict) -> Asked:
    """Read the parameters of an address; queries only for a topic or an institution that is named."""
    kind = given.get("kind", "")
    return Asked(
        query=read_query(given.get("q", "")),
        kind=kind if kind in KINDS else "",
        year=read_year(given.get("year", "")),
        topic=Topic.objects.filter(code=code).first() if (code := clean(given.get("topic", ""))) else None,
        institution=read_institution(read_query(given.get("institution", ""))),
        claimed={"yes": True, "no": False}.get(given.get("claimed", "")),
        by_date=given.get("sort") == "date",
        page=read_page(given.get("page", "")),
        after=read_position(given.get("after", "")),
    )


def read_institution(text: str) -> Institution | None:
    """Find an institution by ROR id, by our number, or the one that a name means best; None when none has the name."""
    if not text:
        return None
    identifier = read_identifier(text)
    try:
        return get_institution(identifier.value if identifier and identifier.kind is IdentifierKind.ROR else text)
    except Institution.DoesNotExist:
        return next(iter(list_institutions(find_institutions(text, near=False).ids[:1])), None)


def read_query(text: str) -> str:
    """What was typed, without what no text holds, on one line and not endless."""
    return " ".join(clean(text).split())[:LONGEST_QUERY]


def clean(text: str) -> str:
    """PostgreSQL stores no NUL, and half a surrogate pair is no character."""
    return text.replace("\0", " ").encode("utf-8", "ignore").decode()


def read_page(text: str) -> int:
    """The number of a page of what is ranked, from 1."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
    return min(max(number, 1), MOST_RANKED // PAGE_SIZE)

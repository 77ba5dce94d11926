"""Plain functions that make what tests need, by the same path as the site: parsed records, loaded."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from profiles.models import Researcher
from profiles.services import update_profiles_of_works
from works.arxiv.byline import read_byline
from works.arxiv.load import load_records
from works.arxiv.records import AuthorLine, ParsedAuthor, ParsedRecord, ParsedVersion
from works.models import Work
from works.names import parse_name

numbers = count(1)


def make_byline(authors: Sequence[str | ParsedAuthor], *, and_others: bool = False) -> AuthorLine:
    """Authors in the order given; a text is the printed name of a person."""
    return AuthorLine(tuple(make_author(each) if isinstance(each, str) else each for each in authors), and_others)


def authors_of(record: ParsedRecord) -> tuple[ParsedAuthor, ...]:
    """The authors that a record's byline names."""
    return read_byline(record.byline).authors


def make_author(name: str, affiliation: str = "", kind: str = "person") -> ParsedAuthor:
    if kind == "collaboration":
        return ParsedAuthor(name, "", "", name, "", affiliation, "collaboration")
    parts = parse_name(name)
    return ParsedAuthor(name, parts.given, parts.particle, parts.family, parts.suffix, affiliation, "person")


def make_record(
    *,
    arxiv_id: str = "",
    authors: Sequence[str | ParsedAuthor] = ("Ada Lovelace",),
    year: int = 2020,
    categories: Sequence[str] = ("cs.LG",),
    **fields: Any,
) -> ParsedRecord:
    number = next(numbers)
    version = ParsedVersion(1, datetime(year, 3, 1, 12, tzinfo=UTC), "10kb", "D")
    versions = fields.pop("versions", (version,))
    values = {
        "arxiv_id": arxiv_id or f"2001.{number:05}",
        "datestamp": date(2021, 1, 1),
        "title": f"Work number {number}",
        "abstract": f"About thing number {number}.",
        "byline": make_byline(authors, and_others=fields.pop("and_others", False)),
        "categories": tuple(categories),
        "versions": versions,
        "current_version_at": versions[-1].submitted_at if versions else version.submitted_at,
        "submitter": None,
        "comments": None,
        "journal_ref": None,
        "doi": None,
        "report_no": None,
        "license": None,
        "withdrawn": False,
        "sets": (),
    }
    return ParsedRecord(**{**values, **fields})


def import_records(*records: ParsedRecord) -> None:
    """Load the records and bring the profiles up to date, as the worker does."""
    result = load_records(records)
    update_profiles_of_works(result.work_ids, result.detached_researcher_ids)


def make_work(**fields: Any) -> Work:
    """Import one work; its authors have researchers afterwards."""
    record = make_record(**fields)
    import_records(record)
    return Work.objects.get(arxiv_id=record.arxiv_id)


def get_person(name: str) -> Researcher:
    """Return the one researcher of that name; records that went up in another do not count."""
    return Researcher.objects.exclude(state="merged").get(display_name=name)


def make_researcher(name: str = "Ada Lovelace", works: int = 1, coauthors: Sequence[str] = ()) -> Researcher:
    """Import a person with so many works, each written with the co-authors."""
    import_records(*(make_record(authors=[name, *coauthors]) for _ in range(works)))
    return get_person(name)


def make_user(email: str, password: str | None = None, **fields: Any) -> User:
    """Make a member whose address is confirmed."""
    user = User.objects.create_user(email, password, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user

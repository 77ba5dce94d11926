"""What identity resolution knows of one byline position, and reading it from lines of JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

EARLIEST_YEAR, LATEST_YEAR = 1000, 3000


class UnreadableMention(ValueError):
    """A line that says no mention; the message tells which line and why."""


@dataclass(frozen=True, slots=True)
class AuthorMention:
    """One position of one byline. `id` is unique among all; mentions of one `work` are never one person.

    Names are as printed. Whatever a source does not say is empty, a year None.
    """

    id: str
    work: str
    name: str
    coauthors: tuple[str, ...] = ()
    title: str = ""
    abstract: str = ""
    venue: str = ""
    year: int | None = None
    affiliation: str = ""
    categories: tuple[str, ...] = ()


def read_mentions(lines: Iterable[str]) -> Iterator[AuthorMention]:
    """Yield the mention of each line that is not blank; texts of one work are kept in memory once.

    Raises UnreadableMention at the first line that is no JSON object, lacks `id`, `work` or `name`, has a field of
    another type, or repeats an id. Fields that are not named here are not looked at.
    """
    seen: set[str] = set()
    texts: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            mention = _read_mention(json.loads(line), texts)
        except ValueError as error:
            raise UnreadableMention(f"line {number}: {error}") from error
        if mention.id in seen:
            raise UnreadableMention(f"line {number}: the id {mention.id!r} came before")
        seen.add(mention.id)
        yield mention


def _read_mention(row: Any, texts: dict[str, str]) -> AuthorMention:
    if not isinstance(row, dict):
        raise UnreadableMention("not a JSON object")

    def text(field: str, *, required: bool = False) -> str:
        value = row.get(field)
        # Numbers are taken for ids only: some sources number their works.
        if required and isinstance(value, int) and not isinstance(value, bool) and field != "name":
            value = str(value)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            raise ValueError(f"{field!r} must be text{' and not empty' if required else ''}")
        return texts.setdefault(value, value) if value else ""

    return AuthorMention(
        id=text("id", required=True),
        work=text("work", required=True),
        name=text("name", required=True),
        coauthors=_read_list(row, "coauthors", texts),
        title=text("title"),
        abstract=text("abstract"),
        venue=text("venue"),
        year=_read_year(row.get("year")),
        affiliation=text("affiliation"),
        categories=_read_list(row, "categories", texts),
    )


def _read_list(row: dict[str, Any], field: str, texts: dict[str, str]) -> tuple[str, ...]:
    """Read a list of texts; a null among them says nothing."""
    values = row.get(field) or []
    if not isinstance(values, list) or not all(isinstance(value, str | None) for value in values):
        raise ValueError(f"{field!r} must be a list of texts")
    return tuple(texts.setdefault(value, value) for value in values if value)


def _read_year(value: Any) -> int | None:
    """Read a year, which some sources write as text; what cannot be a year is not said."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():  # tables with gaps hold years as 1999.0
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise UnreadableMention("'year' must be a number")
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= 4):
        raise ValueError("'year' must be a number")
    return int(value) if EARLIEST_YEAR <= int(value) <= LATEST_YEAR else None

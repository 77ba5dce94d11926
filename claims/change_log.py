"""Changes of a record in words; what could tell a hidden name is never put into them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.models import RecordChange
from claims.own.change import WITHOUT_VALUES
from claims.own.fields import FIELDS
from works.models import Work

SHORT = 120


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a log; `can_undo` says whether its owner may take it back."""

    pk: int
    when: datetime
    what: str
    before: str
    after: str
    can_undo: bool


def describe_changes(changes: Iterable[RecordChange], *, private: bool = False) -> list[ChangeLine]:
    """Put changes into words, newest first; one query for the titles of works."""
    rows = list(changes)
    ids = {row.before["work"] for row in rows if row.field == "work" and row.before}
    titles = {work.pk: f"arXiv:{work.arxiv_id}" for work in Work.objects.filter(pk__in=ids).only("arxiv_id")}
    return [describe(row, titles, private=private) for row in rows]


def describe(row: RecordChange, titles: dict[int, str], *, private: bool) -> ChangeLine:
    """Put one change into words."""
    undone = hasattr(row, "undone_by")
    prefix = "Undone: " if row.undoes_id else ""
    can_undo = private and not undone and row.undoes_id is None
    if row.field == "work":
        before, after = row.before or {}, row.after or {}
        what = f"{prefix}{titles.get(before.get('work', 0), 'A work')}"
        return ChangeLine(row.pk, row.changed_at, what, before["attribution"], after["attribution"], can_undo)
    if row.field == "merge":
        what = f"{prefix}A second record of the same person was merged into this one"
        return ChangeLine(row.pk, row.changed_at, what, *describe_merge(row), can_undo)
    label = f"{prefix}{FIELDS[row.field].label}"
    if row.field in WITHOUT_VALUES:
        return ChangeLine(row.pk, row.changed_at, label, "", "", can_undo)
    words = date_in_words if row.field == "confirmed" else in_words
    return ChangeLine(row.pk, row.changed_at, label, words(row.before), words(row.after), can_undo)


def describe_merge(row: RecordChange) -> tuple[str, str]:
    """Name both records by their ids, which tell nobody's name; the other way round where it was undone."""
    ids = {**(row.before or {}), **(row.after or {})}
    return ("one record", f"{ids['second']} apart") if row.undoes_id else (ids["second"], f"part of {ids['into']}")


def date_in_words(value: str | None) -> str:
    """Write the day of a stored moment (ISO 8601, UTC)."""
    return f"{datetime.fromisoformat(value):%-d %B %Y}" if value else "none"


def in_words(value: Any) -> str:
    """Write a JSON value shortly for people."""
    if isinstance(value, dict):
        return ", ".join(filter(None, map(in_words, value.values())))[:SHORT]
    if isinstance(value, list):
        return f"{len(value)} {'entry' if len(value) == 1 else 'entries'}" if value else "none"
    return str(value or "none")[:SHORT]

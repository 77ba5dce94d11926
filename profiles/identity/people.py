"""The bylines to be resolved, and the people whom they are shared out among."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mention:
    """One authorship to resolve; `researcher_id` is whom it is attributed to now, if anybody."""

    authorship_id: int
    work_id: int
    printed_name: str
    name_key: str
    researcher_id: int | None = None


@dataclass(slots=True)
class Person:
    """Somebody who has mentions: a known researcher, or a new one while `researcher_id` is None.

    `doubts` says of each authorship that was judged how sure its place is where that is too little to go by (0 to
    `confidence.CONFIRMED`), else None. What people decided is not judged.
    """

    researcher_id: int | None
    mentions: list[Mention]
    doubts: dict[int, float | None] = field(default_factory=dict)

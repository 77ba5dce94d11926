"""The sample's works, and where arXiv would file them."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

_WORKS = Path(__file__).with_name("works.json")

# arXiv's set names: group[:archive[:CATEGORY]]. An archive that is not listed is a group by itself.
_GROUP_OF_ARCHIVE = {"cond-mat": "physics", "hep-th": "physics", "math-ph": "physics"}
GROUP_NAMES = {"physics": "Physics", "math": "Mathematics", "cs": "Computer Science", "stat": "Statistics"}


@dataclass(frozen=True)
class SampleWork:
    arxiv_id: str
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    versions: tuple[datetime, ...]  # aware, UTC; the first is version 1
    abstract: str

    @property
    def datestamp(self) -> date:
        return self.versions[-1].date()

    @property
    def sets(self) -> list[str]:
        return [set_of_category(category) for category in self.categories]

    def is_in(self, wanted_set: str) -> bool:
        return any(each == wanted_set or each.startswith(f"{wanted_set}:") for each in self.sets)


def set_of_category(category: str) -> str:
    """`cs.LG` → `cs:cs:LG`, `hep-th` → `physics:hep-th`."""
    archive, _, subject = category.partition(".")
    group = _GROUP_OF_ARCHIVE.get(archive, archive)
    return ":".join(part for part in (group, archive, subject) if part)


def all_sets(works: list[SampleWork]) -> list[str]:
    """Every set that holds a work, the sets that contain it included."""
    names = {name for work in works for each in work.sets for name in _with_parents(each)}
    return sorted(names, key=lambda name: (name.count(":"), name))


def _with_parents(name: str) -> list[str]:
    parts = name.split(":")
    return [":".join(parts[: length + 1]) for length in range(len(parts))]


def load_works() -> list[SampleWork]:
    """The works in the order in which an OAI-PMH server gives them: by datestamp, then identifier."""
    works = [_work(entry) for entry in json.loads(_WORKS.read_text(encoding="utf-8"))]
    return sorted(works, key=lambda work: (work.datestamp, work.arxiv_id))


def _work(entry: dict[str, object]) -> SampleWork:
    versions = entry["versions"]
    assert isinstance(versions, list)  # noqa: S101 - our own file
    return SampleWork(
        arxiv_id=str(entry["arxiv_id"]),
        title=str(entry["title"]),
        authors=_texts(entry["authors"]),
        categories=_texts(entry["categories"]),
        versions=tuple(datetime.fromisoformat(version["submitted"]) for version in versions),
        abstract=str(entry["abstract"]),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()

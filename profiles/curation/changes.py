"""What an operation changed, in a form that can be stored, and how each change is made and taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from profiles.identity.services import searchable
from profiles.models import Follow, Researcher
from works.models import Authorship
from works.names import display_name, fold, parse_name


@dataclass(frozen=True, slots=True)
class MovedAuthorship:
    """An authorship that went over, with how sure its attribution was before and after."""

    authorship_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MovedFollow:
    """A follow that went over; `dropped` where the follower followed the target already."""

    follow_id: int
    follower_id: int
    followed_at: str  # ISO 8601, UTC
    dropped: bool


@dataclass(frozen=True, slots=True)
class Renamed:
    """The name variants of a record before and after."""

    researcher_id: int
    before: list[str]
    after: list[str]


@dataclass(slots=True)
class Changes:
    """Everything that one operation changed besides the decisions that it added."""

    authorships: list[MovedAuthorship] = field(default_factory=list)
    follows: list[MovedFollow] = field(default_factory=list)
    names: list[Renamed] = field(default_factory=list)
    state_before: str = ""  # of the source, where it was merged
    hidden: list[str] = field(default_factory=list)  # folded names that the target must not show from then on

    def as_json(self) -> dict[str, Any]:
        """Return plain lists and texts, for the column."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Changes":
        """Read the column."""
        return cls(
            [MovedAuthorship(**each) for each in stored["authorships"]],
            [MovedFollow(**each) for each in stored["follows"]],
            [Renamed(**each) for each in stored["names"]],
            stored["state_before"],
            stored.get("hidden", []),
        )


def attribute_to(researcher: Researcher, moved: Iterable[MovedAuthorship]) -> None:
    """Point the authorships at the researcher, as sure as they are after the move."""
    by_attribution: dict[str, list[int]] = {}
    for each in moved:
        by_attribution.setdefault(each.after, []).append(each.authorship_id)
    for attribution, ids in by_attribution.items():
        Authorship.objects.filter(pk__in=ids).update(researcher=researcher, attribution=attribution)


def plan_follows(source: Researcher, target: Researcher) -> list[MovedFollow]:
    """Say what becomes of the follows of a record that gives way to another."""
    already = set(Follow.objects.filter(researcher=target).values_list("follower", flat=True))
    rows = Follow.objects.filter(researcher=source).order_by("pk").values_list("pk", "follower", "followed_at")
    return [MovedFollow(pk, follower, at.isoformat(), follower in already) for pk, follower, at in rows]


def carry_follows(target: Researcher, follows: Sequence[MovedFollow]) -> None:
    """Make followers of the one followers of the other, each once."""
    Follow.objects.filter(pk__in=[each.follow_id for each in follows if each.dropped]).delete()
    Follow.objects.filter(pk__in=[each.follow_id for each in follows if not each.dropped]).update(researcher=target)


def return_follows(source: Researcher, target: Researcher, follows: Sequence[MovedFollow]) -> None:
    """Give the follows back, but to those who follow no more: a person's own wish is not undone."""
    moved = [each.follow_id for each in follows if not each.dropped]
    Follow.objects.filter(pk__in=moved, researcher=target).update(researcher=source)
    still = set(Follow.objects.filter(researcher=target).values_list("follower", flat=True))
    Follow.objects.bulk_create(
        [
            Follow(pk=each.follow_id, follower_id=each.follower_id, researcher=source, followed_at=each.followed_at)
            for each in follows
            if each.dropped and each.follower_id in still
        ],
        ignore_conflicts=True,
    )


def plan_names(source: Researcher, target: Researcher, moving: Sequence[Authorship], *, whole: bool) -> list[Renamed]:
    """Say which name variants each side has afterwards; a `whole` record that goes over keeps its own.

    The source keeps what its other works print, and the name that it shows.
    """
    printed = list(dict.fromkeys(row.printed_name for row in moving))
    gained = [*target.name_variants, *(name for name in printed if name not in target.name_variants)]
    renamed = [Renamed(target.pk, list(target.name_variants), gained)]
    if not whole:
        rest = Authorship.objects.filter(researcher=source).exclude(pk__in=[row.pk for row in moving])
        kept = set(rest.filter(printed_name__in=printed).values_list("printed_name", flat=True))
        lost = {name for name in printed if name not in kept and display_name(parse_name(name)) != source.display_name}
        renamed.append(
            Renamed(source.pk, list(source.name_variants), [name for name in source.name_variants if name not in lost])
        )
    return [each for each in renamed if each.before != each.after]


def plan_hidden(source: Researcher, target: Researcher) -> list[str]:
    """Say which names the owner of a record that goes over has hidden, and the target must hide from then on."""
    shown = {*target.hidden_names, fold(target.display_name)}
    return [name for name in source.hidden_names if name not in shown]


def without_hidden(renamed: Iterable[Renamed], target: Researcher, hidden: Sequence[str]) -> list[Renamed]:
    """Leave out of the target's names what it is to hide."""
    if not hidden:
        return list(renamed)
    after = next((each.after for each in renamed if each.researcher_id == target.pk), target.name_variants)
    return [Renamed(target.pk, list(target.name_variants), [name for name in after if fold(name) not in hidden])]


def hide_names(target: Researcher, hidden: Sequence[str]) -> None:
    """Let a record hide these names as well."""
    if hidden:
        target.hidden_names = [*target.hidden_names, *hidden]
        target.save(update_fields=["hidden_names"])


def unhide_names(target: Researcher, hidden: Sequence[str]) -> None:
    """Let a record hide these names no more."""
    if hidden:
        target.hidden_names = [name for name in target.hidden_names if name not in hidden]
        target.save(update_fields=["hidden_names"])


def rename(renamed: Iterable[Renamed]) -> None:
    """Store the name variants."""
    for each in renamed:
        store_variants(each.researcher_id, each.after)


def unrename(renamed: Iterable[Renamed]) -> None:
    """Take a change of name variants back; what imports have added since stays."""
    for each in renamed:
        current = Researcher.objects.get(pk=each.researcher_id).name_variants
        added = [name for name in each.after if name not in each.before]
        held = Authorship.objects.filter(researcher=each.researcher_id, printed_name__in=added)
        since = [name for name in current if name not in each.after]
        printed = set(held.values_list("printed_name", flat=True))
        store_variants(each.researcher_id, [*each.before, *since, *(name for name in added if name in printed)])


def store_variants(researcher_id: int, variants: Iterable[str]) -> None:
    """Write the variants and what search reads of them; names that the owner hid are not among them."""
    hidden = Researcher.objects.values_list("hidden_names", flat=True).get(pk=researcher_id)
    names = [name for name in dict.fromkeys(variants) if fold(name) not in hidden]
    Researcher.objects.filter(pk=researcher_id).update(name_variants=names, search_name=searchable(names))


def return_authorships(source: Researcher, moved: Iterable[MovedAuthorship]) -> None:
    """Give authorships back with the attribution they had; one that was disputed or confirmed since keeps that."""
    by_attribution: dict[tuple[str, str], list[int]] = {}
    for each in moved:
        by_attribution.setdefault((each.before, each.after), []).append(each.authorship_id)
    for (before, after), ids in by_attribution.items():
        rows = Authorship.objects.filter(pk__in=ids)
        rows.filter(attribution=after).update(researcher=source, attribution=before)
        rows.exclude(researcher=source).update(researcher=source)

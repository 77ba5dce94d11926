"""Read what people decided about identity, as links between the bylines as they stand now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from profiles.identity.constraints import Constraints, Link, mention, researcher
from profiles.models import IdentityDecision, Researcher
from works.models import Authorship
from works.names import block_key

Kind = IdentityDecision.Kind
MAXIMUM_REDIRECTS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A byline position as it was when something was decided about it."""

    work_id: int
    position: int
    printed_name: str


@dataclass(frozen=True, slots=True)
class BylineRow:
    """A byline position as it is now, with whom it is attributed to."""

    authorship_id: int
    work_id: int
    position: int
    printed_name: str
    name_key: str
    researcher_id: int | None


def load_constraints(
    work_ids: Iterable[int], researcher_ids: Iterable[int] = ()
) -> tuple[Constraints, list[BylineRow]]:
    """Return the links that concern these works or researchers, and the byline rows that they speak of.

    A decision may tie a mention to one on another work, about which there are more: they are followed to the end.
    """
    decisions = list_decisions(set(work_ids), set(researcher_ids))
    rows = find_rows(decisions)
    survivors = find_survivors({decision.researcher_id for decision in decisions if decision.researcher_id})
    constraints = Constraints(
        link for decision in decisions if (link := link_of(decision, rows, survivors)) is not None
    )
    spoken_of = constraints.authorship_ids()
    return constraints, [row for row in rows.values() if row is not None and row.authorship_id in spoken_of]


def list_decisions(work_ids: set[int], researcher_ids: set[int] | None = None) -> list[IdentityDecision]:
    """Return the decisions that nobody took back, on these works and on those that they are tied to."""
    found: dict[int, IdentityDecision] = {}
    asked: set[int] = set()
    about = Q(work__in=work_ids) | Q(other_work__in=work_ids)
    if researcher_ids:
        about |= Q(researcher__in=researcher_ids)
    while True:
        asked |= work_ids
        standing = IdentityDecision.objects.filter(about, revoked_by__isnull=True).exclude(kind=Kind.REVOKED)
        found |= {decision.pk: decision for decision in standing}
        work_ids = {pk for each in found.values() for pk in (each.work_id, each.other_work_id) if pk} - asked
        if not work_ids:
            return list(found.values())
        about = Q(work__in=work_ids) | Q(other_work__in=work_ids)


def places_of(decision: IdentityDecision) -> list[Place]:
    """Return the one or two places that a decision speaks of."""
    places = []
    if decision.work_id and decision.position:
        places.append(Place(decision.work_id, decision.position, decision.printed_name))
    if decision.other_work_id and decision.other_position:
        places.append(Place(decision.other_work_id, decision.other_position, decision.other_printed_name))
    return places


def find_rows(decisions: Sequence[IdentityDecision]) -> dict[Place, BylineRow | None]:
    """Find the byline rows that the decisions speak of, in one query; none where the name is printed no more."""
    places = {place for decision in decisions for place in places_of(decision)}
    if not places:
        return {}
    bylines: dict[int, list[BylineRow]] = defaultdict(list)
    rows = Authorship.objects.filter(work__in={place.work_id for place in places}, kind=Authorship.Kind.PERSON)
    for values in rows.order_by("work", "position").values_list(
        "pk", "work_id", "position", "printed_name", "name_key", "researcher_id"
    ):
        bylines[values[1]].append(BylineRow(*values))
    return {place: match_place(place, bylines[place.work_id]) for place in places}


def match_place(place: Place, byline: Sequence[BylineRow]) -> BylineRow | None:
    """Find a place in a byline as it is now: the same name where it is nearest, else the name printed anew there.

    Bylines are renumbered, and `E. Hu` becomes `Edward Hu`. The loader keeps the row of the same surname and first
    letter; so does this, where the old name is gone.
    """
    same = [row for row in byline if row.printed_name == place.printed_name or not place.printed_name]
    if not same:
        same = [row for row in byline if is_printed_anew(place.printed_name, row.printed_name)]
    return min(same, key=lambda row: (abs(row.position - place.position), row.position), default=None)


def is_printed_anew(old: str, new: str) -> bool:
    """Whether two printed names have the surname and the first letter of the given name in common."""
    return block_key(old) == block_key(new)


def find_survivors(researcher_ids: set[int]) -> dict[int, int]:
    """Return for each researcher the record that stands for it now: itself, or the one it was merged into."""
    standing = {pk: pk for pk in researcher_ids}
    for _hop in range(MAXIMUM_REDIRECTS):
        merged = Researcher.objects.filter(pk__in=set(standing.values()), merged_into__isnull=False)
        onward = {pk: into for pk, into in merged.values_list("pk", "merged_into") if into}
        if not onward:
            break
        standing = {pk: onward.get(now, now) for pk, now in standing.items()}
    return standing


def link_of(decision: IdentityDecision, rows: dict[Place, BylineRow | None], survivors: dict[int, int]) -> Link | None:
    """Return the link that a decision makes between what there is now; none where a name is printed no more."""
    found = [rows[place] for place in places_of(decision)]
    nodes = [mention(row.authorship_id) for row in found if row is not None]
    if decision.researcher_id:
        nodes.append(researcher(survivors[decision.researcher_id]))
    if len(nodes) != 2 or nodes[0] == nodes[1]:
        return None
    together = decision.kind in {Kind.SAME_PERSON, Kind.BELONGS_TO}
    return Link(decision.pk, together, nodes[0], nodes[1])

"""Say of works on a record whether they are that person's: lasting decisions, each taken back in one step."""

from collections.abc import Sequence

from django.db import transaction

from profiles.curation.decide import Kind, decide_on, take_back
from profiles.curation.mandate import Mandate
from profiles.curation.settle import settle
from profiles.identity.decisions import BylineRow, find_rows, find_survivors, load_constraints, places_of
from profiles.models import IdentityDecision, Researcher
from works.arxiv.load import lock_bylines
from works.models import Authorship

ATTRIBUTION_OF = {
    Kind.BELONGS_TO: Authorship.Attribution.CONFIRMED,
    Kind.NOT_BY: Authorship.Attribution.DISPUTED,
}


@transaction.atomic
def mark_authorships(
    rows: Sequence[Authorship], researcher: Researcher, kind: Kind, mandate: Mandate
) -> list[IdentityDecision]:
    """Decide of works on a record that they are, or are not, that person's; they stay on it, as sure as was said.

    Return a decision for each row, in their order.
    """
    lock_bylines()
    decisions = decide_on(rows, [(kind, researcher)], mandate)
    Authorship.objects.filter(pk__in=[row.pk for row in rows]).update(attribution=ATTRIBUTION_OF[kind])
    settle([researcher.pk], {row.work_id for row in rows})
    return decisions


@transaction.atomic
def unmark(decision: IdentityDecision, attribution: str, mandate: Mandate) -> None:
    """Take such a decision back; the work is whose it was and as sure as it was, unless somebody decided since."""
    lock_bylines()
    take_back([decision], mandate)
    row = find_rows([decision])[places_of(decision)[0]]
    if row is None or decision.researcher_id is None:  # the name is printed there no more
        return
    home = find_survivors({decision.researcher_id})[decision.researcher_id]
    found = Authorship.objects.filter(pk=row.authorship_id)
    if row.researcher_id == home:
        found.filter(attribution=ATTRIBUTION_OF[Kind(decision.kind)]).update(attribution=attribution)
    elif may_return(row, home):
        # An import after "not mine" gave the work to somebody else; that was this decision's doing, and goes with it.
        found.update(researcher=home, attribution=attribution)
    settle({home, *([row.researcher_id] if row.researcher_id else [])}, {row.work_id})


def may_return(row: BylineRow, home: int) -> bool:
    """Whether nothing that people decided stands against it, and the record has no other place in the byline."""
    constraints, _rows = load_constraints([row.work_id])
    if Authorship.objects.filter(work=row.work_id, researcher=home).exists():
        return False
    if constraints.home_of(row.authorship_id) not in {None, home}:
        return False
    return home not in constraints.banned_homes_of(row.authorship_id)

"""Lock the records that an operation is about, and check that they may take part."""

from collections.abc import Iterable, Sequence

from profiles.curation.mandate import OperationRefused
from profiles.models import Researcher
from works.models import Authorship


def lock_researchers(*researchers: Researcher | None) -> dict[int, Researcher]:
    """Lock the rows in the order of their ids and return them as they are now; refuse what is merged or suppressed."""
    wanted = {researcher.pk for researcher in researchers if researcher is not None}
    rows = {row.pk: row for row in Researcher.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    for row in rows.values():
        if row.state not in Researcher.LISTED_STATES:
            raise OperationRefused(f"{name(row)} is {row.state}: it takes part in nothing until that is undone.")
    return rows


def lock_authorships(authorship_ids: Iterable[int], holder: Researcher) -> list[Authorship]:
    """Lock authorships in the order of their ids; refuse when one is not, or no more, the holder's."""
    wanted = set(authorship_ids)
    rows = Authorship.objects.select_for_update(of=("self",)).filter(pk__in=wanted, researcher=holder)
    found = list(rows.select_related("work").order_by("pk"))
    if not found or len(found) != len(wanted):
        raise OperationRefused(f"Not all of these works are {name(holder)}'s any more: look at the record again.")
    return found


def refuse_shared_byline(moving: Sequence[Authorship], target: Researcher) -> None:
    """Refuse what would give somebody two positions of one byline."""
    works = {row.work_id: row.work.arxiv_id for row in moving}
    shared = Authorship.objects.filter(researcher=target, work__in=works).exclude(pk__in=[row.pk for row in moving])
    if held := shared.values_list("work", flat=True).first():
        raise OperationRefused(
            f"{name(target)} stands in the byline of {works[held]} already, and nobody holds two positions of one."
        )


def name(researcher: Researcher) -> str:
    """A record's name with its public id, which tells namesakes apart."""
    return f"{researcher.display_name} ({researcher.public_id})"

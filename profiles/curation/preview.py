"""Show what an operation would do: it is carried out, looked at, and rolled back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from profiles.curation.decide import list_broken
from profiles.models import IdentityDecision, IdentityOperation, Researcher
from profiles.queries import count_followers
from profiles.trust import compute_trust
from profiles.trust_facts import count_facts
from works.arxiv.load import lock_bylines
from works.models import Authorship


@dataclass(frozen=True, slots=True)
class Figures:
    """What a record shows at one moment; `redirects_to` names the record that its address leads to."""

    works: int
    topics: int
    close_collaborators: int
    followers: int
    trust: int
    band: str
    name_variants: list[str]
    redirects_to: str


@dataclass(frozen=True, slots=True)
class Side:
    """One record before and after; `before` is missing for a record that the operation makes."""

    researcher: Researcher
    is_new: bool
    before: Figures | None
    after: Figures


@dataclass(frozen=True, slots=True)
class Preview:
    """The outcome of an operation that was not carried out."""

    kind: str
    sides: list[Side]
    works: list[str]
    overridden: list[IdentityDecision]


def preview(researchers: list[Researcher], perform: Callable[[], IdentityOperation]) -> Preview:
    """Carry an operation on these records out, note what they show, and leave no trace; raise `OperationRefused`."""
    with transaction.atomic():
        lock_bylines()
        before = {researcher.pk: figures_of(researcher) for researcher in researchers}
        work_ids = set(Authorship.objects.filter(researcher__in=researchers).values_list("work", flat=True))
        broken_before = list_broken(work_ids, researchers)
        operation = perform()
        sides = [side_of(pk, before) for pk in (operation.source_id, operation.target_id)]
        broken = list_broken(work_ids, researchers) - broken_before
        overridden = list(IdentityDecision.objects.filter(pk__in=broken).select_related("work", "researcher"))
        outcome = Preview(operation.get_kind_display(), sides, list_moved(operation), overridden)
        transaction.set_rollback(True)
    return outcome


def side_of(researcher_id: int, before: dict[int, Figures]) -> Side:
    """Describe one record before and now."""
    researcher = Researcher.objects.select_related("merged_into").get(pk=researcher_id)
    return Side(researcher, researcher_id not in before, before.get(researcher_id), figures_of(researcher))


def figures_of(researcher: Researcher) -> Figures:
    """Count what the record shows now."""
    facts = count_facts([researcher.pk])[researcher.pk]
    report = compute_trust(facts)
    into = researcher.merged_into
    return Figures(
        works=facts.works,
        topics=facts.topics,
        close_collaborators=facts.close_collaborators,
        followers=count_followers(researcher),
        trust=report.score,
        band=report.band,
        name_variants=list(researcher.name_variants),
        redirects_to=into.display_name if into else "",
    )


def list_moved(operation: IdentityOperation) -> list[str]:
    """Return the arXiv ids of what went over, or back."""
    moved = operation.undoes.changes if operation.undoes else operation.changes
    ids = [each["authorship_id"] for each in moved["authorships"]]
    return list(Authorship.objects.filter(pk__in=ids).order_by("work").values_list("work__arxiv_id", flat=True))

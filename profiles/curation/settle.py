"""What follows from every operation: figures, notices and marks."""

from collections.abc import Iterable, Sequence

from profiles.curation.notices import act_on_notices, review
from profiles.gather_institutions import gather_institutions_of
from profiles.identity.services import list_researchers_on
from profiles.models import IdentityOperation
from profiles.signals import records_rearranged
from profiles.trust_facts import refresh_trust
from works.models import Authorship


def settle_after(operation: IdentityOperation, researcher_ids: Iterable[int], rows: Sequence[Authorship]) -> None:
    """Bring trust (co-authors' too), notices and marks up to date within the operation's transaction."""
    work_ids = {row.work_id for row in rows}
    if operation.kind != IdentityOperation.Kind.UNDO:
        act_on_notices(operation, work_ids)
    ids = set(researcher_ids)
    records_rearranged.send(IdentityOperation, operation=operation, researcher_ids=ids)
    settle(ids, work_ids)


def settle(researcher_ids: Iterable[int], work_ids: set[int]) -> None:
    """Bring trust and institutions of everybody on the works, notices and marks up to date after a decision."""
    ids = set(researcher_ids)
    everybody = ids.union(list_researchers_on(work_ids))
    refresh_trust(everybody)
    gather_institutions_of(everybody)
    review(ids)

"""Every change to a claim or by an owner happens under the same locks, taken in the same order."""

from claims.models import Claim
from profiles.models import Researcher
from works.arxiv.load import lock_bylines


def lock_record(researcher_id: int) -> Researcher:
    """Lock the record until the transaction ends, and return it as it is now.

    Bylines come first: what follows recomputes trust, which takes that lock, and an import that holds it may wait
    for this row.
    """
    lock_bylines()
    return Researcher.objects.select_for_update().get(pk=researcher_id)


def lock_claim(claim_id: int) -> tuple[Claim, Researcher]:
    """Lock the record of a claim and then the claim; return both as they are now."""
    researcher_id = Claim.objects.values_list("researcher", flat=True).get(pk=claim_id)
    record = lock_record(researcher_id)
    return Claim.objects.select_for_update(of=("self",)).select_related("claimant").get(pk=claim_id), record

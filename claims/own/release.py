"""A record loses its owner: exactly as it was before, or, when the owner leaves, with the names they chose."""

from claims.models import Claim, RecordChange
from claims.own.works import undo_mark
from claims.record_state import put_back
from profiles.models import Researcher


def release_record(record: Researcher, claim: Claim, *, revoked: bool) -> None:
    """Take a locked record from the claimant.

    After a revocation everything that the claim changed is put back, the attribution of works included. An owner
    who leaves keeps hidden names hidden, and what they said about works stays said.
    """
    if revoked:
        changes = RecordChange.objects.filter(claim=claim, decision__isnull=False, undoes__isnull=True)
        for change in changes.filter(undone_by__isnull=True).order_by("-pk"):
            undo_mark(change, actor=None, reason="The claim was revoked.")
    put_back(record, claim.record_before or {}, keep_names=not revoked)

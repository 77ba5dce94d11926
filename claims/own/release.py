"""A record loses its owner: exactly as it was before, or, when the owner leaves, with the names they chose."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from claims.errors import ClaimRefused
from claims.models import Claim, MergeProposal, RecordChange
from claims.own.works import undo_mark
from claims.record_state import put_back
from profiles.curation.mandate import Mandate
from profiles.models import Researcher


def release_record(record: Researcher, claim: Claim, *, revoked: bool) -> None:
    """Take a locked record from the claimant.

    After a revocation everything that the claim changed is put back, what was decided about works and second records
    included. An owner who leaves keeps hidden names hidden, and what they said about works stays said.
    """
    proposals = MergeProposal.objects.filter(claim=claim, state=MergeProposal.State.OPEN)
    proposals.update(state=MergeProposal.State.WITHDRAWN, decided_at=Now(), decision_reason="The claim ended.")
    if revoked:
        undo_decided(record, claim)
        record.refresh_from_db()  # undoing a merge changes its state and its names
    put_back(record, claim.record_before or {}, keep_names=not revoked)


def undo_decided(record: Researcher, claim: Claim) -> None:
    """Take back what the claim decided about identity, the last first; a merge of this record into another as well.

    What curators have built upon since is theirs, and stays.
    """
    about = Q(claim=claim) & (Q(decision__isnull=False) | Q(operation__isnull=False))
    merged = Q(field="merge", operation__source=record)
    changes = RecordChange.objects.filter(about | merged, undoes__isnull=True, undone_by__isnull=True)
    for change in changes.order_by("-pk"):
        try:
            with transaction.atomic():
                undo_mark(change, Mandate(None, "The claim was revoked."))
        except ClaimRefused:
            continue

"""Claims with their evidence and events, what owners say of themselves, and what was reported."""

from claims.models.author_feed import AuthorFeed
from claims.models.claim import Claim, ClaimEvent, Evidence, Transition
from claims.models.dispute import Dispute, Verdict
from claims.models.mail import OutgoingMail
from claims.models.proposal import MergeProposal
from claims.models.record import OwnerPage, RecordChange, Vouch
from claims.models.report import Report, Suppression

__all__ = [
    "AuthorFeed",
    "Claim",
    "ClaimEvent",
    "Dispute",
    "Evidence",
    "MergeProposal",
    "OutgoingMail",
    "OwnerPage",
    "RecordChange",
    "Report",
    "Suppression",
    "Transition",
    "Verdict",
    "Vouch",
]

"""What curators can decide, by name: the admin shows these, and each is one service call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from claims.decide import approve_claim, ask_for_evidence, grant_level_4, reject_claim, revoke_claim
from claims.machine import State
from claims.object import decide_objection
from claims.reports.decide import decide_report
from claims.reports.suppress import lift_suppression
from claims.second_record import approve_proposal, refuse_proposal
from claims.verdict import give_verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """Words for a curator, and the service: (curator, object, reason)."""

    label: str
    act: Callable[[Any, Any, str], object]


CLAIM_DECISIONS = {
    "approve_3": Decision("Approve at L3: I checked the works", approve_claim),
    "approve_2": Decision(
        "Approve at L2: I checked one proof", lambda user, claim, why: approve_claim(user, claim, why, level=2)
    ),
    "ask": Decision("Ask for more evidence", ask_for_evidence),
    "reject": Decision("Reject", reject_claim),
    "dismiss": Decision(
        "Dismiss the objection", lambda user, claim, why: decide_objection(user, claim, why, upheld=False)
    ),
    "uphold": Decision(
        "Uphold the objection: revoke", lambda user, claim, why: decide_objection(user, claim, why, upheld=True)
    ),
    "level_4": Decision("Vote for L4 (two curators)", grant_level_4),
    "revoke": Decision("Revoke: the record is as it was before", revoke_claim),
}
# By state; a dispute is decided under Disputes, though the claim that holds can be revoked at any time.
OFFERED: dict[State, list[str]] = {
    State.SUBMITTED: ["approve_3", "approve_2", "ask", "reject"],
    State.NEEDS_EVIDENCE: ["approve_3", "approve_2", "reject"],
    State.APPROVED: ["level_4", "revoke"],
    State.OBJECTED: ["dismiss", "uphold"],
    State.FROZEN: ["revoke"],
}
DISPUTE_DECISIONS = {
    "holder": Decision(
        "For the one who holds the record", lambda user, dispute, why: give_verdict(user, dispute, dispute.holder, why)
    ),
    "challenger": Decision(
        "For the one who challenges", lambda user, dispute, why: give_verdict(user, dispute, dispute.challenger, why)
    ),
}
PROPOSAL_DECISIONS = {
    "approve": Decision("Merge: both are of the same person", approve_proposal),
    "refuse": Decision("Refuse: both stay as they are", refuse_proposal),
}
REPORT_DECISIONS = {
    "grant": Decision(
        "Grant (a removal is carried out)", lambda user, r, why: decide_report(user, r, why, granted=True)
    ),
    "refuse": Decision("Refuse", lambda user, report, why: decide_report(user, report, why, granted=False)),
}
SUPPRESSION_DECISIONS = {
    "lift": Decision("Show this person again, at their own wish", lift_suppression),
}


def in_order(field: str, first: Sequence[str]) -> Case:
    """Order rows by a field: these values first, in this order, then all others."""
    whens = [When(**{field: value}, then=Value(place)) for place, value in enumerate(first)]
    return Case(*whens, default=Value(len(first)), output_field=IntegerField())

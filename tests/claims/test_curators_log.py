"""Every decision that a curator can take leaves who, when and why; files are taken nowhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client

from accounts.models import User
from claims.curate import (
    CLAIM_DECISIONS,
    DISPUTE_DECISIONS,
    PROPOSAL_DECISIONS,
    REPORT_DECISIONS,
    SUPPRESSION_DECISIONS,
    Decision,
)
from claims.evidence import offer_proof, settle_evidence
from claims.models import Claim, ClaimEvent, Dispute, Evidence, MergeProposal, Report, Suppression, Verdict
from claims.object import object_to_claim
from claims.reports.suppress import suppress
from claims.second_record import propose_merge
from claims.submit import submit_claim
from profiles.models import Researcher
from tests.claims.cast import claim_by_proof, make_curator, own, show_proof
from tests.claims.test_reports import send
from tests.factories import make_researcher, make_user

pytestmark = pytest.mark.django_db

WHY = "Because of what the department says."


def waiting(owner: User, ada: Researcher) -> Claim:
    return submit_claim(owner, ada, {}, "It is me.")


def objected(owner: User, ada: Researcher) -> Claim:
    claim = claim_by_proof(owner, ada)
    object_to_claim(claim, "Not she.")
    return claim


def well_proven(owner: User, ada: Researcher) -> Claim:
    claim = own(owner, ada, make_curator())
    show_proof(claim)
    evidence = offer_proof(owner, claim, "institutional_email", "ada@uni.example")
    settle_evidence(evidence.pk, holds=True, finding="Hers.", decisive=True)
    return claim


def disputed(owner: User, ada: Researcher) -> Dispute:
    own(owner, ada, make_curator())
    submit_claim(make_user("rival@example.org"), ada, {})
    return Dispute.objects.get()


def proposed(owner: User, ada: Researcher) -> MergeProposal:
    own(owner, ada, make_curator())
    return propose_merge(owner, ada, make_researcher("Augusta King"), "Mine.")


def reported(_owner: User, ada: Researcher) -> Report:
    client = Client()
    client.post(send(client, ada))
    return Report.objects.get()


def hidden(_owner: User, ada: Researcher) -> Suppression:
    return suppress(ada, None, make_curator())


STAGES: dict[str, Callable[[User, Researcher], models.Model]] = {
    "dismiss": objected,
    "uphold": objected,
    "level_4": well_proven,
    "revoke": well_proven,
}
BEFORE: dict[str, tuple[dict[str, Decision], Callable[[str], Callable[[User, Researcher], models.Model]]]] = {
    "claim": (CLAIM_DECISIONS, lambda name: STAGES.get(name, waiting)),
    "dispute": (DISPUTE_DECISIONS, lambda _name: disputed),
    "mergeproposal": (PROPOSAL_DECISIONS, lambda _name: proposed),
    "report": (REPORT_DECISIONS, lambda _name: reported),
    "suppression": (SUPPRESSION_DECISIONS, lambda _name: hidden),
}
CASES = [(kind, name) for kind, (decisions, _stage) in BEFORE.items() for name in decisions]


def own_log(curator: User) -> int:
    """How often the tables themselves say that this curator decided for this reason."""
    about = {"reason__contains": WHY}
    return (
        ClaimEvent.objects.filter(actor=curator, **about).count()
        + Claim.objects.filter(first_curator=curator).count()
        + Verdict.objects.filter(curator=curator, **about).count()
        + MergeProposal.objects.filter(decided_by=curator, decision_reason=WHY).count()
        + Report.objects.filter(decided_by=curator, decision_reason=WHY).count()
    )


@pytest.mark.parametrize(("kind", "decision"), CASES, ids=" ".join)
def test_every_decision_is_logged(as_curator: Client, curator: User, member: User, kind: str, decision: str) -> None:
    obj = BEFORE[kind][1](decision)(member, make_researcher("Ada Lovelace", works=3))
    form = {"decision": decision, "reason": WHY}
    assert as_curator.post(f"/admin/claims/{kind}/{obj.pk}/decide/", form).status_code == 302
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (curator, str(obj.pk))
    assert WHY in entry.change_message
    assert own_log(curator) >= (kind != "suppression")


def test_a_refused_decision_is_not_logged_as_one(as_curator: Client, member: User) -> None:
    claim = waiting(member, make_researcher())
    as_curator.post(f"/admin/claims/claim/{claim.pk}/decide/", {"decision": "revoke", "reason": WHY})
    assert not LogEntry.objects.exists()


def test_nothing_stores_files() -> None:
    fields = [each for app in ("accounts", "claims") for model in apps.get_app_config(app).get_models()
              for each in model._meta.get_fields()]  # fmt: skip
    assert [each for each in fields if isinstance(each, models.FileField)] == []


def test_a_file_that_is_sent_as_evidence_goes_nowhere(as_member: Client, member: User) -> None:
    ada = make_researcher()
    script = b"<?php evil(); ?><script>evil()</script>"

    def upload(name: str) -> dict[str, Any]:
        return {name: SimpleUploadedFile("evidence.php.html", script, "text/html")}

    url = f"{ada.get_absolute_url()}claim/"
    as_member.post(url, {"statement": "See the file.", **upload("file"), **upload("evidence")})
    as_member.post(f"{url}proof/", {"kind": "back_link", **upload("address")})
    as_member.post(f"{url}proof/", {"kind": "token", "address": "https://x.example/", **upload("file")})
    (evidence,) = Evidence.objects.filter(claim__claimant=member)
    assert (evidence.kind, evidence.note) == ("statement", "See the file.")
    assert "evil" not in as_member.get(url).content.decode()

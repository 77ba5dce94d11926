"""Every address of claims, asked by everybody: who is let in, and that nobody else changes anything."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from claims.models import Claim, Evidence, MergeProposal, OutgoingMail, RecordChange, Report, Vouch
from claims.own.change import change_record
from claims.second_record import propose_merge
from claims.submit import submit_claim
from claims.urls import urlpatterns
from profiles.models import IdentityDecision, IdentityOperation, Researcher
from tests.claims.cast import client_of, make_curator, own
from tests.claims.test_decisions_on_claims import everything
from tests.claims.test_owner import set_apart
from tests.factories import get_person, make_researcher, make_user, make_work
from works.models import Authorship

pytestmark = pytest.mark.django_db

WHO = ["anonymous", "member", "owner", "other_owner", "curator"]
ALL = [200, 200, 200, 200, 200]
LOGGED_IN = [302, 200, 200, 200, 200]
OWNER_READS = [302, 403, 200, 403, 403]
OWNER_WRITES = [302, 403, 302, 403, 403]
TO_LOG_IN_OR_BACK = [302, 302, 302, 302, 302]


@dataclass(frozen=True)
class Ask:
    """One request about Ada's record, and the answers to WHO; `{..}` in data is filled in by the stage."""

    path: str
    answers: list[int]
    post: dict[str, str] | None = None
    # Who may change something by it, besides the owner.
    also: list[str] = field(default_factory=list)


EVERYBODY = ["member", "other_owner", "curator"]
ASKED = {
    "mine": [Ask("/claims/", LOGGED_IN)],
    "confirm_email": [
        Ask("/claims/confirm/{evidence}/token/", LOGGED_IN),
        Ask("/claims/confirm/{evidence}/token/", [302, 410, 410, 410, 410], {}),
    ],
    "claim": [
        Ask("{page}claim/", LOGGED_IN),
        Ask("{page}claim/", [302, 302, 200, 302, 302], {"work-{work}": "mine"}, EVERYBODY),
    ],
    "proof": [Ask("{page}claim/proof/", TO_LOG_IN_OR_BACK, {"kind": "back_link", "address": "https://x.example/"})],
    "withdraw": [Ask("{page}claim/withdraw/", TO_LOG_IN_OR_BACK, {})],
    "appeal": [Ask("{page}claim/appeal/", TO_LOG_IN_OR_BACK, {"reason": "Look again."})],
    "edit": [Ask("{page}edit/", OWNER_READS)],
    "change": [Ask("{page}edit/field/", OWNER_WRITES, {"field": "summary", "summary": "Changed"})],
    "work": [Ask("{page}edit/work/", OWNER_WRITES, {"work": "{work}", "mark": "not_mine"})],
    "missing": [Ask("{page}edit/missing/", OWNER_WRITES, {"arxiv_id": "{missing}"})],
    "confirm": [Ask("{page}edit/confirm/", OWNER_WRITES, {})],
    "undo": [Ask("{page}edit/undo/", OWNER_WRITES, {"change": "{change}"})],
    "vouch": [Ask("{page}edit/vouch/", OWNER_WRITES, {"person": "{coauthor}"})],
    "second": [
        Ask("{page}edit/second/", OWNER_READS),
        Ask("{page}edit/second/?record={third}", OWNER_READS),
        Ask("{page}edit/second/", OWNER_WRITES, {"record": "{third}", "reason": "Mine."}),
    ],
    "withdraw_second": [Ask("{page}edit/second/withdraw/", OWNER_WRITES, {"proposal": "{proposal}"})],
    "changes": [Ask("{page}changes/", ALL)],
    "report": [
        Ask("{page}report/", ALL),
        Ask("{page}report/", ALL, {"kind": "removal", "email": "a@example.org"}, ["anonymous", *EVERYBODY]),
    ],
    "confirm_report": [Ask("/reports/confirm/nonsense/", [410] * 5), Ask("/reports/confirm/nonsense/", [410] * 5, {})],
}
CURATORS_PAGES = ["claim", "dispute", "report", "mergeproposal", "suppression", "recordchange", "outgoingmail"]


@pytest.fixture
def stage(member: User, curator: User) -> tuple[dict[str, Client], dict[str, Any], Researcher]:
    """Ada's record with an owner who has changed and proposed something; Charles's with another owner."""
    owner, other_owner = make_user("owner@example.org"), make_user("other-owner@example.org")
    ada = make_researcher("Ada Lovelace", works=2, coauthors=["Charles Babbage"])
    charles = get_person("Charles Babbage")
    missing = set_apart(make_work(authors=["A. Lovelace"]), ada)
    decider = make_curator()
    own(owner, ada, decider)
    own(other_owner, charles, decider)
    change = change_record(owner, ada, "affiliation", "Somewhere")
    proposal = propose_merge(owner, ada, make_researcher("Augusta King"), "Mine.")
    claim = submit_claim(make_user("sixth@example.org"), make_researcher("Mary Somerville"), {})
    evidence = Evidence.objects.create(claim=claim, kind="institutional_email", address="mary@example.org")
    ada.refresh_from_db()
    assert change is not None
    given = {
        "page": ada.get_absolute_url(),
        "work": Authorship.objects.filter(researcher=ada)[0].work_id,
        "missing": Authorship.objects.filter(researcher=missing)[0].work.arxiv_id,
        "coauthor": charles.handle,
        "third": make_researcher("Ada Byron").handle,
        "change": change.pk,
        "proposal": proposal.pk,
        "evidence": evidence.pk,
    }
    clients = {
        "anonymous": Client(), "member": client_of(member), "owner": client_of(owner),
        "other_owner": client_of(other_owner), "curator": client_of(curator),
    }  # fmt: skip
    return clients, given, ada


def all_rows(researcher: Researcher) -> dict[str, Any]:
    """What anybody could have changed."""
    tables = (Claim, Evidence, RecordChange, MergeProposal, Vouch, Report, IdentityDecision, IdentityOperation)
    rows = {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}
    return {**rows, "record": everything(researcher), "mail": OutgoingMail.objects.count()}


def fill(text: str, given: dict[str, Any]) -> str:
    return text.format(**given)


def test_every_address_is_asked() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(ASKED)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    "ask",
    [ask for asks in ASKED.values() for ask in asks],
    ids=lambda ask: ("POST " if ask.post is not None else "") + ask.path,
)
def test_who_is_let_in(stage: tuple[dict[str, Client], dict[str, Any], Researcher], ask: Ask, who: str) -> None:
    clients, given, ada = stage
    before = all_rows(ada)
    path = fill(ask.path, given)
    data = {fill(name, given): fill(value, given) for name, value in (ask.post or {}).items()}
    answer = clients[who].get(path) if ask.post is None else clients[who].post(path, data)
    assert answer.status_code == ask.answers[WHO.index(who)]
    if who == "anonymous" and answer.status_code == 302:
        assert answer["Location"].startswith("/accounts/login/?next=")
    if who == "owner" and ask.answers is OWNER_WRITES:
        assert all_rows(ada) != before
    if ask.post is None or (who != "owner" and who not in ask.also):
        assert all_rows(ada) == before


@pytest.mark.parametrize("name", CURATORS_PAGES)
def test_only_curators_see_the_queue(stage: tuple[dict[str, Client], dict[str, Any], Researcher], name: str) -> None:
    clients, _given, _ada = stage
    answers = [clients[who].get(f"/admin/claims/{name}/").status_code for who in WHO]
    assert answers == [302, 302, 302, 302, 200]
    staff = client_of(User.objects.get(email="second-curator@example.org"))
    assert staff.get(f"/admin/claims/{name}/").status_code == 403, "staff without the permission"


@pytest.mark.parametrize("who", WHO[:4])
def test_only_curators_decide(stage: tuple[dict[str, Client], dict[str, Any], Researcher], who: str) -> None:
    clients, given, ada = stage
    before = all_rows(ada)
    claim = Claim.objects.get(researcher=ada)
    for path in (f"claim/{claim.pk}", f"mergeproposal/{given['proposal']}"):
        for decision in ("approve", "approve_3", "revoke", "reject", "refuse"):
            answer = clients[who].post(f"/admin/claims/{path}/decide/", {"decision": decision, "reason": "Mine."})
            assert answer.status_code == 302
            assert answer["Location"].startswith("/admin/login/")
    assert all_rows(ada) == before
    assert not LogEntry.objects.exists()

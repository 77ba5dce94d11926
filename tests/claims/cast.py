"""Who plays in the tests of claims, and short ways to a claim in each situation."""

from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import User
from claims.decide import approve_claim
from claims.evidence import offer_proof, settle_evidence
from claims.models import Claim, Evidence
from claims.submit import submit_claim
from profiles.models import Researcher
from tests.factories import make_user

ORCID = "0000-0002-1825-0097"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_curator(name: str = "second-curator") -> User:
    return make_user(f"{name}@example.org", is_staff=True)


def connect_orcid(user: User, orcid: str = ORCID, given: str = "Ada", family: str = "Lovelace") -> SocialAccount:
    data = {"userinfo": {"sub": orcid, "given_name": given, "family_name": family}}
    return SocialAccount.objects.create(user=user, provider="orcid", uid=orcid, extra_data=data)


def show_proof(claim: Claim, kind: str = "back_link", address: str = "https://ada.example.org/") -> Evidence:
    """Let a proof hold, by the function that every check ends in."""
    assert claim.claimant is not None
    evidence = offer_proof(claim.claimant, claim, kind, address)
    settle_evidence(evidence.pk, holds=True, finding="It holds.", decisive=True)
    claim.refresh_from_db()
    return evidence


def claim_by_proof(user: User, researcher: Researcher, marks: dict[int, str] | None = None) -> Claim:
    """Claim a record and prove it with a link back: level 2, its window open."""
    claim = submit_claim(user, researcher, marks or {})
    show_proof(claim)
    researcher.refresh_from_db()
    return claim


def own(user: User, researcher: Researcher, curator: User) -> Claim:
    """Make the member the owner at level 3."""
    claim = submit_claim(user, researcher, {})
    approve_claim(curator, claim, "Checked the papers.")
    claim.refresh_from_db()
    researcher.refresh_from_db()
    return claim

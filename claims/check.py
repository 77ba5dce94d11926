"""Look whether a proof holds. The network is asked outside any transaction; what was found is settled in one."""

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from claims.errors import ClaimRefused
from claims.evidence import ProofKind, Status, hash_token, settle_evidence
from claims.models import Evidence
from claims.proofs.author_feed import list_author_feed, store_feed
from claims.proofs.back_link import links_back
from claims.proofs.institutions import find_institution, is_printed_on_works
from claims.proofs.named_pages import token_of
from claims.proofs.orcid import get_orcid_account, names_of
from claims.proofs.safe_fetch import PageRefused, fetch_page
from claims.rules import feed_is_enough
from profiles.models import Researcher
from works.models import Authorship
from works.names import fold


def check(evidence: Evidence) -> None:
    """Check one proof that needs no person; raise `FeedUnavailable` when arXiv is to be asked again later."""
    if evidence.kind in {ProofKind.BACK_LINK, ProofKind.TOKEN}:
        check_page(evidence)
    elif evidence.kind == ProofKind.ORCID:
        check_orcid(evidence)
    elif evidence.kind == ProofKind.AUTHOR_FEED:
        check_author_feed(evidence)


def check_page(evidence: Evidence) -> None:
    """Fetch a page and look for the link back, or for the token."""
    try:
        page = fetch_page(evidence.address)
    except PageRefused as error:
        settle_evidence(evidence.pk, holds=False, finding=str(error))
        return
    if evidence.kind == ProofKind.BACK_LINK:
        holds = links_back(page.text, page.url, settings.SITE_URL, evidence.claim.researcher_id)
        finding = "The page links back to the record." if holds else 'The page has no rel="me" link to this record.'
    else:
        holds = token_of(evidence.claim) in page.text
        finding = "The token stands on the page." if holds else "The token does not stand on the page."
    settle_evidence(evidence.pk, holds=holds, finding=finding, decisive=True)


def check_orcid(evidence: Evidence) -> None:
    """Compare the name of the ORCID iD that the claimant signed in with, with the names of the record."""
    claimant = evidence.claim.claimant
    account = get_orcid_account(claimant) if claimant else None
    if account is None or account.uid != evidence.address:
        settle_evidence(evidence.pk, holds=False, finding="This ORCID iD is not connected to the account any more.")
        return
    same = bool(names_of(account.extra_data) & names_of_record(evidence.claim.researcher))
    finding = "Signed in with this ORCID iD" + (
        ", whose name is the record's." if same else "; its name is not the record's, so a curator looks."
    )
    settle_evidence(evidence.pk, holds=True, finding=finding, decisive=same)


def names_of_record(researcher: Researcher) -> set[str]:
    """Return the names of a record, folded."""
    return {fold(name) for name in [researcher.display_name, *researcher.name_variants]}


def check_author_feed(evidence: Evidence) -> None:
    """Count the record's works in the author feed of the claimant's ORCID iD."""
    claimant = evidence.claim.claimant
    account = get_orcid_account(claimant) if claimant else None
    if account is None or account.uid != evidence.address:
        settle_evidence(evidence.pk, holds=False, finding="This ORCID iD is not connected to the account any more.")
        return
    listed = list_author_feed(evidence.address)
    store_feed(account, listed)
    held = Authorship.objects.filter(researcher=evidence.claim.researcher_id, work__hidden=False)
    works = set(held.exclude(attribution=Authorship.Attribution.DISPUTED).values_list("work__arxiv_id", flat=True))
    common = len(works & listed)
    holds = feed_is_enough(common, len(works))
    finding = f"The feed lists {common} of the {len(works)} works."
    settle_evidence(evidence.pk, holds=holds, finding=finding, decisive=True)


def confirm_institution(user: User, evidence_id: int, token: str) -> Evidence:
    """Take the link of a message at its word, once, from the claimant only; raise `ClaimRefused` otherwise."""
    evidence = get_by_token(user, evidence_id, token)
    domain = evidence.address.rpartition("@")[2]
    institution = find_institution(domain)
    if institution is None:
        finding, decisive = f"We do not know whose domain {domain} is, so a curator looks.", False
    elif is_printed_on_works(institution, evidence.claim.researcher_id):
        finding, decisive = f"An address of {institution.name}, which stands on the works.", True
    else:
        finding, decisive = f"An address of {institution.name}; no work prints it, so a curator looks.", False
    return settle_evidence(evidence.pk, holds=True, finding=finding, decisive=decisive)


def get_by_token(user: User, evidence_id: int, token: str) -> Evidence:
    """Return the proof that a link is about; raise `ClaimRefused` when it is used, old or somebody else's."""
    waiting = Evidence.objects.filter(pk=evidence_id, kind=ProofKind.INSTITUTIONAL_EMAIL, status=Status.PENDING)
    evidence = waiting.filter(claim__claimant=user, token_hash=hash_token(token), expires_at__gt=timezone.now()).first()
    if evidence is None or not token:
        raise ClaimRefused("This link has expired or was used before, or it is not for this account.")
    return evidence

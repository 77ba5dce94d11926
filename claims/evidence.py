"""Proofs offered, checked and settled; what holds is put before the rules at once."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from claims.decide import consider
from claims.errors import ClaimRefused
from claims.locks import lock_claim
from claims.machine import OPEN, State
from claims.mail import write_mail
from claims.models import Claim, Evidence
from claims.own.fields import check_affiliation
from claims.proofs.named_pages import list_named_pages
from claims.proofs.orcid import get_orcid_account
from claims.proofs.safe_fetch import PageRefused, check_url
from claims.steps import Because, Kind, Role, by_rule, note, take_step

ProofKind = Evidence.Kind
Status = Evidence.Status

LINK_LASTS = timedelta(days=2)
MOST_PROOFS = 20  # per claim; each may cost a mail or a request


@transaction.atomic
def offer_proof(user: User, claim: Claim, kind: str, address: str) -> Evidence:
    """Note a proof and set its check going; offering the same again checks again. Raise `ClaimRefused`."""
    own, _record = lock_claim(claim.pk)
    if own.claimant_id != user.pk or not user.is_active:
        raise ClaimRefused("This is not your claim.")
    if own.state not in OPEN:
        raise ClaimRefused("This claim is over.")
    address = check_address(user, own, kind, address.strip())
    evidence, is_new = Evidence.objects.get_or_create(claim=own, kind=kind, address=address)
    if is_new:
        if own.evidence.count() > MOST_PROOFS:
            raise ClaimRefused("That is enough: please wait for a curator.")
        note(own, Kind.EVIDENCE_ADDED, Because(Role.CLAIMANT, f"{evidence.get_kind_display()}.", user, evidence))
    if evidence.status != Status.VERIFIED:
        begin_check(evidence)
    return evidence


def check_address(user: User, claim: Claim, kind: str, address: str) -> str:
    """Return what a proof is about, or raise `ClaimRefused` with what is wrong with it."""
    if kind == ProofKind.INSTITUTIONAL_EMAIL:
        return address.lower()
    if kind == ProofKind.BACK_LINK:
        try:
            check_url(address)
        except PageRefused as error:
            raise ClaimRefused(str(error)) from error
        return address
    if kind == ProofKind.TOKEN:
        if address not in list_named_pages(claim.researcher):
            raise ClaimRefused("None of the abstracts names that page.")
        return address
    if kind in {ProofKind.ORCID, ProofKind.AUTHOR_FEED}:
        account = get_orcid_account(user)
        if account is None:
            raise ClaimRefused("Sign in with ORCID first.")
        return str(account.uid)
    raise ClaimRefused("Choose one of the proofs.")


def begin_check(evidence: Evidence) -> None:
    """Send the link, or let a worker look."""
    if evidence.kind == ProofKind.INSTITUTIONAL_EMAIL:
        send_link(evidence)
        return
    from claims.tasks import check_evidence  # noqa: PLC0415 - the task calls back into this module

    evidence.status = Status.CHECKING
    evidence.save(update_fields=["status"])
    transaction.on_commit(lambda: check_evidence.delay(evidence.pk), robust=True)


def send_link(evidence: Evidence) -> None:
    """Send a link that only who reads the mailbox can open; an earlier one is void."""
    token = token_urlsafe(32)
    evidence.token_hash = hash_token(token)
    evidence.expires_at = timezone.now() + LINK_LASTS
    evidence.status = Status.PENDING
    evidence.save(update_fields=["token_hash", "expires_at", "status"])
    write_mail(
        evidence.address,
        "confirm_institution",
        name=evidence.claim.researcher.display_name,
        url=settings.SITE_URL + reverse("claims:confirm_email", args=[evidence.pk, token]),
    )


def hash_token(token: str) -> str:
    """Return what is stored of a token."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def settle_evidence(evidence_id: int, *, holds: bool, finding: str, decisive: bool = False) -> Evidence:
    """Store what a check found and let the rules look at the claim; a claim that is over stays so."""
    claim_id = Evidence.objects.values_list("claim", flat=True).get(pk=evidence_id)
    claim, record = lock_claim(claim_id)
    evidence = Evidence.objects.select_for_update().get(pk=evidence_id)
    if evidence.status == Status.VERIFIED and not holds:
        return evidence  # an older, slower check must not undo a newer one
    evidence.status = Status.VERIFIED if holds else Status.FAILED
    evidence.note, evidence.decisive = finding, holds and decisive
    evidence.checked_at, evidence.token_hash = timezone.now(), ""
    evidence.save(update_fields=["status", "note", "decisive", "checked_at", "token_hash"])
    if holds and claim.state == State.NEEDS_EVIDENCE:
        take_step(claim, Kind.EVIDENCE_ADDED, State.SUBMITTED, by_rule("What was asked for was shown.", evidence))
    if holds and claim.state in OPEN:
        consider(claim, record, evidence)
    if holds and evidence.kind == ProofKind.INSTITUTIONAL_EMAIL and claim.holds:
        check_affiliation(record)
    return evidence

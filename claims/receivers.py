"""What claims do when a member asks for their data, or leaves, and when records are merged or parted."""

from collections.abc import Collection
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Concat
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import account_leaving, export_wanted
from claims.machine import OPEN
from claims.models import Claim, Evidence, MergeProposal, OutgoingMail, RecordChange
from claims.proofs.author_feed import list_fed_works
from claims.proofs.orcid import PROVIDER
from claims.submit import withdraw_claim
from claims.tasks import fetch_author_feed
from claims.tell import tell_rearranged
from claims.vouching import recount_vouches
from profiles.models import IdentityOperation, Researcher
from profiles.signals import records_rearranged
from profiles.trust_facts import refresh_trust


@receiver(export_wanted)
def export_claims(user: User, **_kwargs: Any) -> dict[str, Any]:
    """Hand out a member's claims with their evidence and events, and the changes they made."""
    own = Claim.objects.filter(claimant=user).order_by("pk")
    claims = [
        {
            "record": claim.researcher.get_absolute_url(),
            "state": claim.state,
            "level": claim.level,
            "marks": claim.marks,
            "submitted_at": claim.submitted_at,
            "evidence": list(claim.evidence.values("kind", "address", "status", "note", "added_at")),
            "events": list(claim.events.values("kind", "reason", "actor_role", "happened_at")),
        }
        for claim in own.select_related("researcher")
    ]
    changes = RecordChange.objects.filter(actor=user).order_by("pk")
    return {
        "claims": claims,
        "changes": list(changes.values("field", "before", "after", "changed_at")),
        "author_feed": sorted(list_fed_works(user)),
    }


@receiver(account_leaving)
def let_go_of_claims(user: User, **_kwargs: Any) -> None:
    """Withdraw a leaving member's claims, and forget the addresses that were shown for any of them."""
    User.objects.filter(pk=user.pk).update(is_active=True)  # only active members act, and this is their last act
    user.is_active = True
    for claim in Claim.objects.filter(claimant=user, state__in=OPEN).order_by("pk"):
        withdraw_claim(user, claim)
    forgotten = Concat(Value("forgotten "), Cast(F("pk"), TextField()))
    Evidence.objects.filter(claim__claimant=user).update(address=forgotten, note="", token_hash="")
    OutgoingMail.objects.filter(recipient=user.email).delete()


@receiver(records_rearranged)
def count_vouches_anew(researcher_ids: Collection[int], **_kwargs: Any) -> None:
    """Let vouches count for the records that now stand for whom they were given to."""
    refresh_trust(recount_vouches(researcher_ids))


@receiver(records_rearranged)
def tell_owners(operation: IdentityOperation, researcher_ids: Collection[int], **_kwargs: Any) -> None:
    """Tell owners what a curator did to their record; what they did themselves, and what a re-run did, they are not."""
    if operation.performed_by_id is None or answers_proposal(operation):
        return
    owned = Researcher.objects.filter(pk__in=researcher_ids, owner__isnull=False).select_related("owner")
    for record in owned.exclude(owner=operation.performed_by_id).order_by("pk"):
        tell_rearranged(record, operation)


def answers_proposal(operation: IdentityOperation) -> bool:
    """Whether it is what an owner proposed, who is told by the answer."""
    proposed = MergeProposal.objects.filter(researcher=operation.target_id, second=operation.source_id)
    return operation.undoes_id is None and proposed.filter(state=MergeProposal.State.OPEN).exists()


@receiver(post_save, sender=SocialAccount)
def fetch_feed_after_sign_in(instance: SocialAccount, **_kwargs: Any) -> None:
    """Have the author feed fetched when somebody signs in with ORCID, so that a claim finds it there."""
    if instance.provider == PROVIDER:
        transaction.on_commit(lambda: fetch_author_feed.delay(instance.pk), robust=True)

"""What a claim does to the record: an owner, a level; and the record put back as it was."""

from typing import Any

from django.utils import timezone

from claims.machine import State
from claims.models import Claim, OwnerPage
from claims.vouching import recount_vouches
from profiles.identity.services import searchable
from profiles.models import Follow, Researcher
from profiles.trust_facts import refresh_trust

RECORD_COLUMNS = [
    "display_name", "slug", "name_variants", "search_name", "state", "identity_level", "summary", "collaboration",
    "hidden_names", "affiliation_verified",
]  # fmt: skip
PAGE_COLUMNS = ["affiliation", "links", "highlights", "collaboration_topics", "browse_key"]


def snapshot(record: Researcher) -> dict[str, Any]:
    """Write down everything about a record that an owner can change, but for its works."""
    page = OwnerPage.objects.filter(researcher=record).first()
    return {
        **{column: getattr(record, column) for column in RECORD_COLUMNS},
        "confirmed_at": record.confirmed_at and record.confirmed_at.isoformat(),
        "page": {column: getattr(page, column) for column in PAGE_COLUMNS} if page else None,
    }


def give_owner(record: Researcher, claim: Claim) -> None:
    """Make the claimant the owner of a locked record."""
    record.owner = claim.claimant
    record.state = Researcher.State.CLAIMED
    record.save(update_fields=["owner", "state"])


def apply_level(record: Researcher, claim: Claim) -> None:
    """Give a locked record the level that its claim has now, and recompute the trust of everybody it touches."""
    level = level_in_effect(claim)
    if record.identity_level != level:
        record.identity_level = level
        record.save(update_fields=["identity_level"])
    refresh_trust_around(record)


def level_in_effect(claim: Claim) -> int:
    """Return the level that a claim gives its record: a contested one is worth less, level 2 waits for its window."""
    before = int((claim.record_before or {}).get("identity_level", 1))
    if claim.state == State.FROZEN:
        return 0
    if claim.state != State.APPROVED:
        return before
    window_is_open = claim.objection_until is not None and claim.objection_until > timezone.now()
    return before if claim.level < 3 and window_is_open else claim.level


def refresh_trust_around(record: Researcher) -> None:
    """Recompute trust where a level counts: the record, those whom it vouches for, those whom its owner follows."""
    followed = Follow.objects.filter(follower=record.owner_id).values_list("researcher", flat=True)
    refresh_trust({record.pk, *recount_vouches([record.pk]), *followed})


def put_back(record: Researcher, before: dict[str, Any], *, keep_names: bool = False) -> None:
    """Give a locked record what it had before the claim; with `keep_names`, its names stay as the owner left them.

    Names printed since then by imports are kept; nothing else of the time between is.
    """
    former_owner = record.owner_id
    new_variants = [name for name in record.name_variants if name not in before["name_variants"]]
    kept = {"display_name", "slug", "name_variants", "search_name", "hidden_names"} if keep_names else set()
    if record.state != Researcher.State.CLAIMED:  # merged or suppressed since: that stays
        kept.add("state")
    for column in RECORD_COLUMNS:
        if column not in kept:
            setattr(record, column, before[column])
    if not keep_names and new_variants:
        add_variants(record, new_variants)
    record.confirmed_at = before["confirmed_at"]
    record.owner = None
    record.save(update_fields=[*RECORD_COLUMNS, "confirmed_at", "owner"])
    put_back_page(record, before["page"], keep_names=keep_names)
    followed = Follow.objects.filter(follower=former_owner).values_list("researcher", flat=True)
    refresh_trust({record.pk, *recount_vouches([record.pk]), *(followed if former_owner else [])})


def add_variants(record: Researcher, names: list[str]) -> None:
    """Note names that imports brought while the record was claimed."""
    record.name_variants = [*record.name_variants, *names]
    record.search_name = searchable(record.name_variants)


def put_back_page(record: Researcher, page: dict[str, Any] | None, *, keep_names: bool) -> None:
    """Give the owner's page what it had, or remove it where there was none and no hidden name needs it."""
    if page is None and not (keep_names and record.hidden_names):
        OwnerPage.objects.filter(researcher=record).delete()
        return
    empty = OwnerPage(researcher=record)
    put = {column: (page or {}).get(column, getattr(empty, column)) for column in PAGE_COLUMNS}
    if keep_names:
        del put["browse_key"]
    OwnerPage.objects.update_or_create(researcher=record, defaults=put)

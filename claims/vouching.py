"""Owners at level 3 or above vouch for co-authors; a reciprocal pair counts once, for whom was vouched for first."""

from django.db import connection, transaction

from accounts.models import User
from claims.errors import ClaimRefused
from claims.locks import lock_record
from claims.models import Vouch
from profiles.models import Researcher
from profiles.trust_facts import refresh_trust
from works.models import Authorship

LEVEL_TO_VOUCH = 3

RECOUNT = """
UPDATE profiles_researcher r SET vouching_coauthors = counted.number
FROM (
    SELECT wanted.id, count(DISTINCT voucher.owner_id) AS number
    FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    LEFT JOIN claims_vouch v ON v.vouchee_id = wanted.id
        AND NOT EXISTS (SELECT 1 FROM claims_vouch earlier
            WHERE earlier.voucher_id = v.vouchee_id AND earlier.vouchee_id = v.voucher_id AND earlier.id < v.id)
    -- Two records of one owner count once; what a record said that went up in another of its owner's still counts.
    LEFT JOIN profiles_researcher voucher ON voucher.id = v.voucher_id
        AND voucher.identity_level >= %(level)s AND voucher.state IN ('claimed', 'merged')
    GROUP BY wanted.id
) counted
WHERE r.id = counted.id AND r.vouching_coauthors <> counted.number
"""


def recount_vouches(record: Researcher) -> set[int]:
    """Count again the vouches for a record and for all whom it vouches for; return the ids of the latter."""
    vouched = set(Vouch.objects.filter(voucher=record).values_list("vouchee", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"ids": sorted({record.pk, *vouched}), "level": LEVEL_TO_VOUCH})
    return vouched


@transaction.atomic
def vouch(user: User, voucher: Researcher, vouchee: Researcher) -> None:
    """Let an owner vouch for a co-author, once; raise `ClaimRefused` where they may not."""
    own = lock_record(voucher.pk)
    if own.owner_id != user.pk or own.identity_level < LEVEL_TO_VOUCH:
        raise ClaimRefused("Only the owner of a record at level 3 or above can vouch.")
    if vouchee.owner_id == user.pk:
        raise ClaimRefused("Nobody vouches for themselves.")
    if not are_coauthors(own, vouchee):
        raise ClaimRefused("One vouches for co-authors only.")
    Vouch.objects.get_or_create(voucher=own, vouchee=vouchee)
    refresh_trust({vouchee.pk, *recount_vouches(own)})


@transaction.atomic
def take_back_vouch(user: User, voucher: Researcher, vouchee: Researcher) -> None:
    """Let an owner take a vouch back."""
    own = lock_record(voucher.pk)
    if own.owner_id != user.pk:
        raise ClaimRefused("Only the owner of a record can take its vouches back.")
    Vouch.objects.filter(voucher=own, vouchee=vouchee).delete()
    recount_vouches(vouchee)
    refresh_trust({vouchee.pk})


def are_coauthors(one: Researcher, other: Researcher) -> bool:
    """Whether the two stand in one byline, undisputed."""
    held = Authorship.objects.exclude(attribution=Authorship.Attribution.DISPUTED)
    return held.filter(researcher=one, work__in=held.filter(researcher=other).values("work")).exists()

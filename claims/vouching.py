"""Owners at level 3 or above vouch for co-authors; a reciprocal pair counts once, for whom was vouched for first."""

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from claims.errors import ClaimRefused
from claims.locks import lock_record
from claims.models import Vouch
from profiles.identity.decisions import find_survivors
from profiles.models import Researcher
from profiles.trust_facts import refresh_trust
from works.models import Authorship

LEVEL_TO_VOUCH = 3

# A vouch stays with the record that it was given to, and counts for the record that stands for that one now: nothing is
# moved when records are merged, so that an undo gives every vouch back. Two records of one owner count once, and so do
# vouches of one owner for two records that are one now; nobody's count for themselves.
RECOUNT = """
WITH RECURSIVE part (whole, id) AS (
    SELECT id, id FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    UNION
    SELECT part.whole, r.id FROM part JOIN profiles_researcher r ON r.merged_into_id = part.id
),
received AS (
    SELECT part.whole, v.id, v.voucher_id FROM part JOIN claims_vouch v ON v.vouchee_id = part.id
),
given AS (
    SELECT part.whole, v.id, v.vouchee_id FROM part JOIN claims_vouch v ON v.voucher_id = part.id
),
path (id, reached) AS (
    (SELECT voucher_id, voucher_id FROM received UNION SELECT vouchee_id, vouchee_id FROM given)
    UNION
    SELECT path.id, r.merged_into_id FROM path JOIN profiles_researcher r ON r.id = path.reached
    WHERE r.merged_into_id IS NOT NULL
),
stands AS (
    SELECT path.id, path.reached AS whole FROM path
    JOIN profiles_researcher r ON r.id = path.reached AND r.merged_into_id IS NULL
),
counted AS (
    SELECT received.whole, count(DISTINCT voucher.owner_id) AS number
    FROM received
    JOIN stands giver ON giver.id = received.voucher_id AND giver.whole <> received.whole
    JOIN profiles_researcher voucher ON voucher.id = received.voucher_id
        AND voucher.identity_level >= %(level)s AND voucher.state IN ('claimed', 'merged')
    JOIN profiles_researcher own ON own.id = received.whole AND own.owner_id IS DISTINCT FROM voucher.owner_id
    WHERE NOT EXISTS (
        SELECT 1 FROM given JOIN stands taker ON taker.id = given.vouchee_id
        WHERE given.whole = received.whole AND taker.whole = giver.whole AND given.id < received.id
    )
    GROUP BY received.whole
)
UPDATE profiles_researcher r SET vouching_coauthors = COALESCE(counted.number, 0)
FROM unnest(%(ids)s::bigint[]) AS wanted (id) LEFT JOIN counted ON counted.whole = wanted.id
WHERE r.id = wanted.id AND r.vouching_coauthors <> COALESCE(counted.number, 0)
"""


def recount_vouches(researcher_ids: Collection[int]) -> set[int]:
    """Count again the vouches for the records that stand for these now, and for whom vouches tie to them.

    Return the ids of all of them: their trust may have changed.
    """
    standing = set(find_survivors(set(researcher_ids)).values())
    parts = list_parts(standing)
    tied = Vouch.objects.filter(Q(voucher__in=parts) | Q(vouchee__in=parts)).values_list("voucher", "vouchee")
    wanted = standing.union(find_survivors({each for pair in tied for each in pair}).values())
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"ids": sorted(wanted), "level": LEVEL_TO_VOUCH})
    return wanted


def list_parts(researcher_ids: Collection[int]) -> set[int]:
    """Return the ids of records and of all that went up in them."""
    parts, found = set(researcher_ids), set(researcher_ids)
    while found:
        found = set(Researcher.objects.filter(merged_into__in=found).values_list("pk", flat=True))
        parts |= found
    return parts


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
    refresh_trust(recount_vouches([vouchee.pk, own.pk]))


@transaction.atomic
def take_back_vouch(user: User, voucher: Researcher, vouchee: Researcher) -> None:
    """Let an owner take a vouch back, for all that is one record now on either side."""
    own = lock_record(voucher.pk)
    if own.owner_id != user.pk:
        raise ClaimRefused("Only the owner of a record can take its vouches back.")
    vouchees = list_parts(find_survivors({vouchee.pk}).values())
    given = Vouch.objects.filter(voucher__in=list_parts([own.pk]), voucher__owner=user)
    given.filter(vouchee__in=vouchees).delete()
    refresh_trust(recount_vouches([vouchee.pk, own.pk]))


def are_coauthors(one: Researcher, other: Researcher) -> bool:
    """Whether the two stand in one byline, undisputed."""
    held = Authorship.objects.exclude(attribution=Authorship.Attribution.DISPUTED)
    return held.filter(researcher=one, work__in=held.filter(researcher=other).values("work")).exists()

"""Reads about claims; each is scoped to who may see it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from claims.machine import IN_FORCE, OPEN
from claims.models import Claim, ClaimEvent, Evidence, MergeProposal, RecordChange, Vouch
from claims.presort import SortedWork, presort
from profiles.identity.decisions import find_survivors
from profiles.models import IdentityNotice, Researcher
from works.models import Authorship, Work, WorkTopic
from works.queries import works_of

MOST_WORKS = 500


@dataclass(frozen=True, slots=True)
class MarkedWork:
    """A work with the mark that the evidence suggests."""

    work: Work
    mark: str
    reason: str
    attribution: str


def claims_of(user: User) -> QuerySet[Claim]:
    """A member's own claims, newest first."""
    events = ClaimEvent.objects.select_related("evidence").order_by("pk")
    return (
        Claim.objects.filter(claimant=user)
        .select_related("researcher")
        .prefetch_related(Prefetch("events", events), Prefetch("evidence", Evidence.objects.order_by("pk")))
    )


def get_own_claim(user: User, researcher: Researcher) -> Claim | None:
    """Return the member's open claim on a record, or else the latest one that is over."""
    own = claims_of(user).filter(researcher=researcher)
    return own.filter(state__in=OPEN).first() or own.first()


def get_claim_in_force(researcher: Researcher) -> Claim | None:
    """Return the claim that holds a record."""
    return Claim.objects.filter(researcher=researcher, state__in=IN_FORCE).select_related("claimant").first()


def get_owner_claim(user: User, researcher: Researcher) -> Claim | None:
    """Return the claim by which this member may edit the record now; None when there is none."""
    claim = Claim.objects.filter(researcher=researcher, claimant=user, state__in=IN_FORCE).first()
    return claim if claim is not None and user.is_active and researcher.owner_id == user.pk else None


def list_marked_works(researcher: Researcher, fed: Collection[str] = ()) -> list[MarkedWork]:
    """Return the works of a record, each with the mark that the evidence suggests; four queries.

    `fed` are the arXiv ids that the author feed of the member's ORCID iD lists.
    """
    works = list(works_of(researcher.pk)[:MOST_WORKS])
    known = describe(works, researcher)
    listed = {work.pk for work in works if work.arxiv_id in fed}
    return [
        MarkedWork(work, mark.mark, mark.reason, each.attribution)
        for work, each, mark in zip(works, known, presort(known, listed), strict=True)
    ]


def describe(works: list[Work], researcher: Researcher) -> list[SortedWork]:
    """Gather what the sorting goes by."""
    coauthors: dict[int, set[int]] = defaultdict(set)
    attributions: dict[int, str] = {}
    rows = Authorship.objects.filter(work__in=works, researcher__isnull=False)
    for work_id, researcher_id, attribution in rows.values_list("work", "researcher", "attribution"):
        if researcher_id == researcher.pk:
            attributions[work_id] = attribution
        elif researcher_id:
            coauthors[work_id].add(researcher_id)
    archives: dict[int, set[str]] = defaultdict(set)
    for work_id, archive in WorkTopic.objects.filter(work__in=works).values_list("work", "topic__archive"):
        archives[work_id].add(archive)
    return [
        SortedWork(work.pk, frozenset(coauthors[work.pk]), frozenset(archives[work.pk]), attributions.get(work.pk, ""))
        for work in works
    ]


def public_changes(researcher: Researcher) -> QuerySet[RecordChange]:
    """The changes of a record that its public log shows, newest first."""
    return RecordChange.objects.filter(researcher=researcher, is_public=True).select_related("undone_by")


def list_vouched(researcher: Researcher) -> list[Researcher]:
    """Return the records that an owner vouches for, by the name that they show; suppressed ones left out."""
    given = Vouch.objects.filter(voucher=researcher)
    standing = set(find_survivors(set(given.values_list("vouchee", flat=True))).values())
    return list(Researcher.objects.filter(pk__in=standing, state__in=Researcher.LISTED_STATES).order_by("display_name"))


def list_proposals(claim: Claim) -> QuerySet[MergeProposal]:
    """The second records that an owner has proposed, newest first."""
    return MergeProposal.objects.filter(claim=claim).select_related("second")


def list_resembling(researcher: Researcher) -> list[Researcher]:
    """Return the records that may be the same person's, by the suspicions that are open; claimed ones left out."""
    notices = IdentityNotice.objects.filter(kind=IdentityNotice.Kind.MERGE, status=IdentityNotice.Status.OPEN)
    pairs = notices.filter(Q(researcher=researcher) | Q(other=researcher)).values_list("researcher", "other")
    ids = {pk for pair in pairs for pk in pair if pk} - {researcher.pk}
    return list(Researcher.objects.filter(pk__in=ids, state=Researcher.State.UNCLAIMED).order_by("pk"))

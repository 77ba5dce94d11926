"""Suspicions for curators: raised once, dismissed for good, lapsed when their grounds are gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from profiles.cohesion import WorkFacts, describe_outliers, list_outliers, measure_stability
from profiles.cohesion_facts import list_pair_facts, list_work_facts
from profiles.models import IdentityNotice, IdentityOperation, Researcher
from profiles.resemblance import describe_resemblance
from works.arxiv.load import lock_bylines
from works.models import Authorship

Kind = IdentityNotice.Kind
Status = IdentityNotice.Status
Attribution = Authorship.Attribution


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What a notice says, before it is one."""

    kind: IdentityNotice.Kind
    researcher_id: int
    other_id: int | None
    work_ids: tuple[int, ...]
    evidence: Sequence[str]

    @property
    def fingerprint(self) -> str:
        """The same for the same suspicion on the same grounds."""
        grounds = f"{self.kind}:{self.researcher_id}:{self.other_id}:{self.work_ids}"
        return blake2b(grounds.encode(), digest_size=32).hexdigest()


@transaction.atomic
def review(researcher_ids: Iterable[int]) -> None:
    """Raise, renew or let lapse the notices about these records, and mark doubtful works as unconfirmed."""
    lock_bylines()
    ids = sorted(set(researcher_ids))
    facts = list_work_facts(ids)
    suspicions = {each.fingerprint: each for each in [*suspect_splits(facts), *suspect_merges(ids)]}
    known = {
        notice.fingerprint: notice for notice in IdentityNotice.objects.filter(Q(researcher__in=ids) | Q(other__in=ids))
    }
    gone = [notice.pk for notice in known.values() if notice.fingerprint not in suspicions]
    IdentityNotice.objects.filter(pk__in=gone, status=Status.OPEN).update(status=Status.LAPSED)
    back = [notice.pk for fingerprint, notice in known.items() if fingerprint in suspicions]
    IdentityNotice.objects.filter(pk__in=back, status__in=[Status.LAPSED, Status.ACTED]).update(
        status=Status.OPEN, operation=None, settled_at=None, settled_by=None, settled_reason=""
    )
    raise_notices([each for fingerprint, each in suspicions.items() if fingerprint not in known])
    mark_doubtful(ids)
    store_stability(ids, facts)


def suspect_splits(facts: Mapping[int, Sequence[WorkFacts]]) -> list[Suspicion]:
    """Find the works that stand out from the rest of their records."""
    return [
        Suspicion(Kind.SPLIT, pk, None, tuple(sorted(work.work_id for work in group)), describe_outliers(group, works))
        for pk, works in facts.items()
        for group in list_outliers(works)
    ]


def suspect_merges(researcher_ids: Sequence[int]) -> list[Suspicion]:
    """Find pairs of records that may be one person's; not those between which somebody moved works already."""
    found = {
        pair: evidence
        for pair, facts in list_pair_facts(researcher_ids).items()
        if (evidence := describe_resemblance(facts))
    }
    if not found:
        return []
    standing = IdentityOperation.objects.filter(undone_by__isnull=True).exclude(kind=IdentityOperation.Kind.UNDO)
    between = standing.filter(source__in={pk for pair in found for pk in pair}).values_list("source", "target")
    parted = {(min(pair), max(pair)) for pair in between}
    return [
        Suspicion(Kind.MERGE, pair[0], pair[1], (), evidence) for pair, evidence in found.items() if pair not in parted
    ]


def raise_notices(suspicions: Sequence[Suspicion]) -> None:
    """Store new notices with their works."""
    notices = IdentityNotice.objects.bulk_create(
        IdentityNotice(
            kind=each.kind,
            researcher_id=each.researcher_id,
            other_id=each.other_id,
            fingerprint=each.fingerprint,
            evidence=list(each.evidence),
        )
        for each in suspicions
    )
    link = IdentityNotice.works.through
    link.objects.bulk_create(
        link(identitynotice_id=notice.pk, work_id=work_id)
        for notice, each in zip(notices, suspicions, strict=True)
        for work_id in each.work_ids
    )


def store_stability(researcher_ids: Sequence[int], facts: Mapping[int, Sequence[WorkFacts]]) -> None:
    """Keep how many works of each record hang together; only rows that change are written."""
    now = dict(Researcher.objects.filter(pk__in=researcher_ids).values_list("pk", "tied_works"))
    tied = {pk: measure_stability(facts.get(pk, [])).tied for pk in now}
    changed = [Researcher(pk=pk, tied_works=tied[pk]) for pk, stored in now.items() if tied[pk] != stored]
    Researcher.objects.bulk_update(changed, ["tied_works"], batch_size=2000)


SPLITS = """
SELECT n.researcher_id, n.status, about.work_id
FROM profiles_identitynotice n JOIN profiles_identitynotice_works about ON about.identitynotice_id = n.id
WHERE n.researcher_id = ANY(%(ids)s) AND n.kind = 'split' AND n.status IN ('open', 'dismissed')
"""
# What an open notice doubts, or the clustering, unless a curator found a suspicion about that very work unfounded.
MARK = """
UPDATE works_authorship a SET attribution = CASE WHEN judged.is_doubtful THEN 'unconfirmed' ELSE 'automatic' END
FROM (
    SELECT held.id,
        EXISTS (SELECT FROM split WHERE split.work_id = held.work_id AND split.researcher_id = held.researcher_id
            AND split.status = 'open')
        OR (
            EXISTS (SELECT FROM profiles_doubt WHERE authorship_id = held.id)
            AND NOT EXISTS (SELECT FROM split WHERE split.work_id = held.work_id
                AND split.researcher_id = held.researcher_id AND split.status = 'dismissed')
        ) AS is_doubtful
    FROM works_authorship held
    WHERE held.researcher_id = ANY(%(ids)s) AND held.attribution IN ('automatic', 'unconfirmed')
) judged
WHERE a.id = judged.id AND (a.attribution = 'unconfirmed') <> judged.is_doubtful
"""


def mark_doubtful(researcher_ids: Sequence[int]) -> None:
    """Show as unconfirmed what is doubted, and no more what is not; what people decided stays."""
    with connection.cursor() as cursor:
        cursor.execute(f"WITH split AS MATERIALIZED ({SPLITS}) {MARK}", {"ids": list(researcher_ids)})


@transaction.atomic
def dismiss(notice: IdentityNotice, user: User, reason: str) -> None:
    """Say that a suspicion is unfounded; the works it doubted are doubted no more."""
    lock_bylines()
    settled = {"settled_by": user, "settled_reason": reason, "settled_at": timezone.now()}
    IdentityNotice.objects.filter(pk=notice.pk, status=Status.OPEN).update(status=Status.DISMISSED, **settled)
    mark_doubtful([notice.researcher_id])


def act_on_notices(operation: IdentityOperation, work_ids: set[int]) -> None:
    """Settle the open notices that an operation answers: all their works went over, or the two records are one."""
    pair = {operation.source_id, operation.target_id}
    about = Q(kind=Kind.SPLIT, researcher=operation.source_id) | Q(kind=Kind.MERGE, researcher__in=pair, other__in=pair)
    for notice in IdentityNotice.objects.filter(about, status=Status.OPEN).prefetch_related("works"):
        doubted = {work.pk for work in notice.works.all()}
        if doubted <= work_ids:
            notice.status, notice.operation, notice.settled_by = Status.ACTED, operation, operation.performed_by
            notice.settled_at, notice.settled_reason = timezone.now(), operation.reason
            notice.save(update_fields=["status", "operation", "settled_by", "settled_at", "settled_reason"])


def reopen_notices(operation: IdentityOperation) -> None:
    """Open again what an operation that is undone had settled."""
    IdentityNotice.objects.filter(operation=operation, status=Status.ACTED).update(
        status=Status.OPEN, operation=None, settled_at=None, settled_by=None, settled_reason=""
    )

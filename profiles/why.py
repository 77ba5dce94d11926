"""Why a work is on a profile, and how well the profile hangs together: the evidence, in words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.models import User
from profiles.cohesion import (
    LONGEST_TELLING_BYLINE,
    Stability,
    WorkFacts,
    count_works,
    describe_outliers,
    list_groups,
    list_outliers,
    measure_stability,
    span_of,
)
from profiles.cohesion_facts import list_work_facts
from profiles.identity.decisions import find_rows, list_decisions, places_of
from profiles.models import IdentityDecision, IdentityOperation, Researcher
from works.models import Topic, Work
from works.queries import name_unless_hidden

MOST_COAUTHORS = 8
MOST_WORKS_OF_A_COAUTHOR = 5
LONGEST_LOG = 50
Kind = IdentityDecision.Kind


@dataclass(frozen=True, slots=True)
class SharedCoauthor:
    """Somebody in the byline who also wrote other works of this record, the newest first."""

    researcher: Researcher
    works: list[Work]
    number: int


@dataclass(frozen=True, slots=True)
class SharedTopic:
    """A topic of the work, with how many other works of the record carry it."""

    topic: Topic
    number: int


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """One decision in words: what, by whom (a role, never a name), when, why."""

    sentence: str
    role: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that speaks for and against a work being this person's."""

    name: str
    coauthors: list[SharedCoauthor]
    more_coauthors: int
    is_byline_too_long: bool
    topics: list[SharedTopic]
    years: str
    decisions: list[DecisionMade]
    doubts: list[str]


@dataclass(frozen=True, slots=True)
class Cohesion:
    """The groups of works of a record that share neither co-author nor topic, the core first."""

    stability: Stability
    core: list[Work]
    others: list[list[Work]]


def explain_work(researcher: Researcher, work: Work) -> Explanation | None:
    """Return the evidence for a work on a record; None when it is not on it."""
    facts = list_work_facts([researcher.pk]).get(researcher.pk, [])
    works = [replace(each, printed_name=unhidden(each.printed_name, researcher)) for each in facts]
    this = next((each for each in works if each.work_id == work.pk), None)
    if this is None:
        return None
    others = [each for each in works if each.work_id != work.pk]
    coauthors = list_shared_coauthors(this, others)
    outliers = next((group for group in list_outliers(works) if this in group), None)
    return Explanation(
        name=describe_name(this, others),
        coauthors=coauthors[:MOST_COAUTHORS],
        more_coauthors=len(coauthors) - MOST_COAUTHORS,
        is_byline_too_long=this.byline_length > LONGEST_TELLING_BYLINE,
        topics=list_shared_topics(this, others),
        years=describe_years(this, others),
        decisions=list_decisions_made(this, researcher),
        doubts=describe_outliers(outliers, works) if outliers and not this.is_decided else [],
    )


def describe_name(this: WorkFacts, others: Sequence[WorkFacts]) -> str:
    """Say how the name is printed here and on the other works."""
    same = sum(each.printed_name == this.printed_name for each in others)
    if not others:
        return f"Printed here as “{this.printed_name}”; the record has no other work to compare with."
    if same:
        return f"Printed here as “{this.printed_name}”, as on {same} of the other {count_works(others)}."
    names = list(dict.fromkeys(each.printed_name for each in others))
    return f"Printed here as “{this.printed_name}”, on the other {count_works(others)} as “{'”, “'.join(names[:5])}”."


def describe_years(this: WorkFacts, others: Sequence[WorkFacts]) -> str:
    """Say how the year lies to the other works'."""
    if not others:
        return ""
    first, last = min(each.year for each in others), max(each.year for each in others)
    if first <= this.year <= last:
        return f"{this.year} lies within the years of the other works, {span_of(others)}."
    gap = first - this.year if this.year < first else this.year - last
    years = "1 year" if gap == 1 else f"{gap} years"
    return f"{this.year} is {years} {'before' if this.year < first else 'after'} the other works, {span_of(others)}."


def list_shared_coauthors(this: WorkFacts, others: Sequence[WorkFacts]) -> list[SharedCoauthor]:
    """Return who is in this byline and in others of the record, those of most works first."""
    joint: dict[int, list[int]] = defaultdict(list)
    for each in others:
        for coauthor in this.coauthors & each.coauthors:
            joint[coauthor].append(each.work_id)
    people = Researcher.objects.in_bulk(list(joint))
    works = Work.objects.only("pk", "arxiv_id", "title").in_bulk({pk for ids in joint.values() for pk in ids})
    shared = [
        SharedCoauthor(people[pk], [works[each] for each in ids[:MOST_WORKS_OF_A_COAUTHOR]], len(ids))
        for pk, ids in joint.items()
    ]
    return sorted(shared, key=lambda each: (-each.number, each.researcher.display_name, each.researcher.pk))


def list_shared_topics(this: WorkFacts, others: Sequence[WorkFacts]) -> list[SharedTopic]:
    """Return the topics of the work, each with how many other works carry it, the commonest first."""
    topics = Topic.objects.filter(code__in=this.topics)
    counted = [SharedTopic(topic, sum(topic.code in each.topics for each in others)) for topic in topics]
    return sorted(counted, key=lambda each: (-each.number, each.topic.code))


def list_decisions_made(this: WorkFacts, researcher: Researcher) -> list[DecisionMade]:
    """Return what people decided about this authorship and did not take back, the latest first."""
    decisions = list_decisions({this.work_id})
    rows = find_rows(decisions)
    about_this = [
        decision.pk
        for decision in decisions
        if any((row := rows[place]) and row.authorship_id == this.authorship_id for place in places_of(decision))
    ]
    found = (
        IdentityDecision.objects.filter(pk__in=about_this).order_by("-pk").select_related("decided_by", "researcher")
    )
    return [
        DecisionMade(sentence_of(each, researcher), role_of(each.decided_by), each.decided_at, each.reason)
        for each in found
    ]


def sentence_of(decision: IdentityDecision, holder: Researcher) -> str:
    """Say what was decided."""
    if decision.researcher:
        verb = "belongs to" if decision.kind == Kind.BELONGS_TO else "is not by"
        return f"This work {verb} {decision.researcher.display_name} ({decision.researcher.public_id})."
    verb = "is by the same person as" if decision.kind == Kind.SAME_PERSON else "is by another person than"
    one, other = unhidden(decision.printed_name, holder), unhidden(decision.other_printed_name, holder)
    return f"“{one}” {verb} “{other}”."


def unhidden(printed_name: str, holder: Researcher) -> str:
    """A name of the record as printed, or its shown name in the place of a hidden one."""
    return name_unless_hidden(printed_name, holder.hidden_names, holder.display_name)


def role_of(user: User | None) -> str:
    """Say in what role somebody acted; who it was is nobody's business."""
    if user is None:
        return "somebody whose account is gone"
    return "a curator" if user.is_staff else "a member"


def describe_cohesion(researcher: Researcher) -> Cohesion:
    """Return how the works of a record hang together."""
    facts = list_work_facts([researcher.pk]).get(researcher.pk, [])
    groups = list_groups(facts)
    works = Work.objects.only("pk", "arxiv_id", "title", "current_version_at").in_bulk([each.work_id for each in facts])
    listed = [[works[each.work_id] for each in group] for group in groups]
    return Cohesion(measure_stability(facts), listed[0] if listed else [], listed[1:])


@dataclass(frozen=True, slots=True)
class LoggedOperation:
    """One operation on a record as its public log tells it."""

    operation: IdentityOperation
    role: str
    works: list[str]
    undone_at: datetime | None


def list_operations(researcher: Researcher) -> list[LoggedOperation]:
    """Return the operations that changed a record, the latest first; of those about single works with arXiv ids."""
    involved = IdentityOperation.objects.filter(source=researcher) | IdentityOperation.objects.filter(target=researcher)
    operations = (
        involved.exclude(kind=IdentityOperation.Kind.UNDO)
        .select_related("source", "target", "performed_by", "undone_by")
        .prefetch_related("decisions__work")
        .order_by("-pk")[:LONGEST_LOG]
    )
    return [
        LoggedOperation(
            each,
            role_of(each.performed_by) if each.kind != IdentityOperation.Kind.AUTOMATIC_MERGE else "the full re-run",
            list_works_of(each),
            each.undone_by.performed_at if hasattr(each, "undone_by") else None,
        )
        for each in operations
    ]


def list_works_of(operation: IdentityOperation) -> list[str]:
    """Return the arXiv ids of works that were moved one by one; of a merge none, for it took all there were."""
    if operation.kind not in {IdentityOperation.Kind.MOVE, IdentityOperation.Kind.SPLIT}:
        return []
    return sorted({decision.work.arxiv_id for decision in operation.decisions.all() if decision.work})

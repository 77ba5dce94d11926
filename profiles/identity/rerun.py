"""A full re-run: every name resolved anew, a range of names at a time, ids kept, decisions honoured.

Most ranges come out as they were: that is found out without a lock. Only where something changes are the bylines
locked, the range looked at once more, and the change made.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import connection, transaction

from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.merge import merge_researchers
from profiles.identity.constraints import Constraints, Link, mention, researcher
from profiles.identity.decisions import load_constraints
from profiles.identity.described import describe
from profiles.identity.nodes import Known
from profiles.identity.people import Mention, Person
from profiles.identity.placement import Placement, place
from profiles.identity.resolve import resolve
from profiles.identity.services import (
    MENTION,
    add_name_variants,
    attribute,
    banned_of,
    create_researchers,
    list_news,
    ordered,
    store_doubts,
)
from profiles.models import IdentityOperation, Researcher
from works.arxiv.load import lock_bylines
from works.models import Authorship

logger = logging.getLogger(__name__)

MOST_ROUNDS = 5
PINNED = {Researcher.State.CLAIMED, Researcher.State.SUPPRESSED}


@dataclass(frozen=True, slots=True)
class Record:
    """A researcher in the range."""

    researcher_id: int
    name_key: str
    state: str


@dataclass(slots=True)
class Outcome:
    """What resolving a range changed."""

    moved: int = 0
    merged: int = 0
    touched_ids: set[int] = field(default_factory=set)


def resolve_range(first_key: str, end_key: str) -> Outcome:
    """Resolve the names of a range anew and store what came out differently."""
    outcome = Outcome()
    if is_as_it_was(compute(first_key, end_key)):
        return outcome
    with transaction.atomic():
        lock_bylines()
        # What is a record's now says what must not join it. So where much moves there is more to see at a second look.
        for _round in range(MOST_ROUNDS):
            placement = compute(first_key, end_key)
            if is_as_it_was(placement):
                return outcome
            store(placement, outcome)
    logger.warning("Names from %r to %r come out differently each time", first_key, end_key)
    return outcome


def is_as_it_was(placement: Placement) -> bool:
    """Whether nothing changes hands and nothing is more or less sure."""
    return not list_moves(placement) and not list_news(placement.people)


def compute(first_key: str, end_key: str) -> Placement:
    """Cluster all mentions that the records of a range hold, and give the clusters their ids."""
    records = list_records(first_key, end_key)
    mentions = list_mentions([record.researcher_id for record in records])
    known = constrain(mentions, records)
    people = resolve(mentions, [], describe(mentions), known)
    listed = [record.researcher_id for record in records if record.state in Researcher.LISTED_STATES]
    banned = [banned_of(person.mentions, known.constraints) for person in people]
    placement = place([each.mentions for each in people], [each.researcher_id for each in people], banned, listed)
    for person, named in zip(people, placement.people, strict=True):
        named.doubts = person.doubts
    return placement


def list_records(first_key: str, end_key: str) -> list[Record]:
    """Return the records whose folded names lie in the range, merged ones left out, the oldest first."""
    with connection.cursor() as cursor:
        # Compared by bytes, whatever the language of the database: so does the index.
        cursor.execute(
            """
            SELECT id, name_key, state FROM profiles_researcher
            WHERE name_key ~>=~ %(first)s AND (%(end)s = '' OR name_key ~<~ %(end)s) AND state <> 'merged'
            ORDER BY id
            """,
            {"first": first_key, "end": end_key},
        )
        return [Record(*row) for row in cursor]


def list_mentions(researcher_ids: Sequence[int]) -> list[Mention]:
    """Return what the records hold, in the order of the works' first versions and bylines."""
    return [
        Mention(*row) for row in ordered(Authorship.objects.filter(researcher__in=researcher_ids)).values_list(*MENTION)
    ]


def constrain(mentions: Sequence[Mention], records: Sequence[Record]) -> Known:
    """Take the decisions, and pin what no re-run may move: claimed and suppressed records, ties to other ranges."""
    pinned = {record.researcher_id for record in records if record.state in PINNED}
    decided, rows = load_constraints({each.work_id for each in mentions})
    here = {each.authorship_id for each in mentions}
    pins = [
        Link(0, True, mention(each.authorship_id), researcher(each.researcher_id))
        for each in mentions
        if each.researcher_id is not None
        and (each.researcher_id in pinned or not here.issuperset(decided.mentions_with(each.authorship_id)))
    ]
    elsewhere = {row.authorship_id: row.researcher_id for row in rows if row.authorship_id not in here}
    return Known(
        # Older than any decision, so that decisions override them.
        Constraints([*decided.in_force, *pins]),
        {authorship_id: holder for authorship_id, holder in elsewhere.items() if holder is not None},
        pinned=frozenset(pin.one.key for pin in pins if not is_decided(pin.one.key, decided)),
    )


def is_decided(authorship_id: int, constraints: Constraints) -> bool:
    """Whether people said whose an authorship is, or what it goes with."""
    return constraints.home_of(authorship_id) is not None or len(constraints.mentions_with(authorship_id)) > 1


def list_moves(placement: Placement) -> list[Mention]:
    """Return the mentions that are to change hands."""
    return [
        each
        for person in placement.people
        for each in person.mentions
        if person.researcher_id is None or each.researcher_id != person.researcher_id
    ]


def store(placement: Placement, outcome: Outcome) -> None:
    """Carry a placement out: merge what went up whole, then move the rest."""
    moving = list_moves(placement)
    outcome.touched_ids |= {each.researcher_id for each in moving if each.researcher_id}
    for researcher_id, person in sorted(placement.merged.items()):
        moving = merge_whole(researcher_id, person, moving, outcome)
    going = {each.authorship_id for each in moving}
    people = [
        Person(person.researcher_id, stays)
        for person in placement.people
        if (stays := [each for each in person.mentions if each.authorship_id in going])
    ]
    create_researchers([person for person in people if person.researcher_id is None])
    add_name_variants(people)
    attribute(people)
    news = store_doubts(placement.people)
    outcome.touched_ids |= {
        each.researcher_id for person in placement.people for each in person.mentions
        if each.researcher_id and each.authorship_id in news
    }  # fmt: skip
    outcome.moved += len(moving)
    outcome.touched_ids |= {person.researcher_id for person in people if person.researcher_id}


def merge_whole(researcher_id: int, person: Person, moving: list[Mention], outcome: Outcome) -> list[Mention]:
    """Merge a record all of whose works went to one person; return what is left to move."""
    theirs = {each.authorship_id for each in moving if each.researcher_id == researcher_id}
    taken = {each.authorship_id for each in person.mentions}
    if not theirs <= taken or person.researcher_id is None:
        return moving
    source, target = (Researcher.objects.get(pk=pk) for pk in (researcher_id, person.researcher_id))
    mandate = Mandate(None, "A full re-run found all of its works to be of one person.", uuid4())
    try:
        with transaction.atomic():
            merge_researchers(source, target, mandate, IdentityOperation.Kind.AUTOMATIC_MERGE)
    except OperationRefused as refused:
        # A claimed record keeps its address, even where decisions take all of its works away.
        logger.warning("Record %s is left without works: %s", researcher_id, refused)
        return moving
    outcome.merged += 1
    outcome.moved += len(theirs)
    outcome.touched_ids.add(target.pk)
    return [each for each in moving if each.authorship_id not in theirs]

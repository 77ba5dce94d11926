"""Resolve the authorships of works, and store the outcome."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from profiles.identity.constraints import Constraints
from profiles.identity.decisions import BylineRow, load_constraints
from profiles.identity.resolve import Candidate, Mention, Person, assign
from profiles.models import Researcher
from works.arxiv.load import lock_bylines
from works.models import Authorship
from works.names import PersonName, display_name, fold, has_full_given_name, parse_name, slugify_name

MENTION = ("pk", "work_id", "printed_name", "name_key", "given_name", "family_name", "researcher_id")


@transaction.atomic
def resolve_works(work_ids: Iterable[int]) -> set[int]:
    """Give every person on the works a researcher; return the ids of those who gained or lost an authorship.

    Authorships that have a researcher keep it unless a decision says otherwise, so running it again changes nothing.
    Resolutions run one after another: two at once would each make a researcher for the same new name.
    """
    lock_bylines()
    wanted = set(work_ids)
    constraints, decided = load_constraints(wanted)
    loose = list_loose_mentions(wanted, constraints, decided)
    moving = {mention.authorship_id for mention in loose}
    keys = {mention.name_key for mention in loose if mention.is_full}
    candidates = list_candidates(keys)
    settled = [
        (row.researcher_id, row.authorship_id) for row in decided
        if row.researcher_id and row.authorship_id not in moving
    ]  # fmt: skip
    people = assign(loose, candidates, list_taken(candidates, loose), constraints, settled)
    create_researchers([person for person in people if person.researcher_id is None])
    add_name_variants([person for person in people if person.researcher_id is not None])
    attribute(people)
    former = {mention.researcher_id for mention in loose if mention.researcher_id}
    return former | {person.researcher_id for person in people if person.researcher_id is not None}


def list_loose_mentions(work_ids: set[int], constraints: Constraints, decided: Sequence[BylineRow]) -> list[Mention]:
    """Return the authorships that need a researcher: those without one, and those whose one a decision forbids."""
    wrong = find_violating(constraints, decided)
    wrong |= find_in_the_way(constraints, wrong)
    people = Authorship.objects.filter(kind=Authorship.Kind.PERSON)
    unresolved = people.filter(work__in=work_ids, researcher__isnull=True)
    # Two queries, not one with OR: each has an index of its own.
    rows = {row[0]: row for row in ordered(unresolved).values_list(*MENTION)}
    rows |= {row[0]: row for row in ordered(people.filter(pk__in=wrong)).values_list(*MENTION)} if wrong else {}
    return [mention_of(row) for row in rows.values()]


def ordered(authorships: QuerySet[Authorship]) -> QuerySet[Authorship]:
    """Put authorships in the order of the works' first versions, arXiv ids and bylines."""
    return authorships.order_by("work__first_submitted_at", "work__arxiv_id", "position")


def mention_of(row: tuple[Any, ...]) -> Mention:
    """Describe a row of MENTION to the rule."""
    pk, work_id, printed_name, key, given, family, researcher_id = row
    return Mention(
        pk, work_id, printed_name, key, has_full_given_name(PersonName(given, "", family, "")), researcher_id
    )


def find_violating(constraints: Constraints, rows: Iterable[BylineRow]) -> set[int]:
    """Return the authorships of every group that stands where a decision says that it must not stand."""
    now = {row.authorship_id: row.researcher_id for row in rows}
    return {
        each
        for authorship_id in now
        for each in constraints.mentions_with(authorship_id)
        if is_violating(constraints, authorship_id, now)
    }


def is_violating(constraints: Constraints, authorship_id: int, now: Mapping[int, int | None]) -> bool:
    """Whether the group of an authorship is torn, away from its home, or with somebody it was parted from."""
    holders = {now.get(each) for each in constraints.mentions_with(authorship_id)}
    home = constraints.home_of(authorship_id)
    if home is not None:
        return holders != {home}
    if len(holders) > 1 or None in holders or holders & constraints.banned_homes_of(authorship_id):
        return True
    return any(now.get(other) in holders for other in constraints.apart_from(authorship_id))


def find_in_the_way(constraints: Constraints, moving: Iterable[int]) -> set[int]:
    """Return undecided authorships on the same works as those that are to go home, held by that very home."""
    homes = {each: home for each in moving if (home := constraints.home_of(each)) is not None}
    if not homes:
        return set()
    works = dict(Authorship.objects.filter(pk__in=homes).values_list("pk", "work"))
    taken = {(homes[authorship_id], work_id) for authorship_id, work_id in works.items()}
    rows = Authorship.objects.filter(researcher__in=set(homes.values()), work__in=set(works.values()))
    return {
        each
        for pk, researcher_id, work_id in rows.values_list("pk", "researcher", "work")
        if (researcher_id, work_id) in taken and constraints.home_of(pk) is None
        for each in constraints.mentions_with(pk)
    }


def list_candidates(keys: Iterable[str]) -> list[Candidate]:
    """Return the researchers of these names, oldest record first.

    Suppressed ones as well: a person who was removed must not come back as a new record with the next import.
    """
    states = [*Researcher.LISTED_STATES, Researcher.State.SUPPRESSED]
    rows = (
        Researcher.objects.filter(name_key__in=list(keys), state__in=states)
        .order_by("pk")
        .values_list("pk", "name_key")
    )
    return [Candidate(pk, key) for pk, key in rows]


def list_taken(candidates: Iterable[Candidate], mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Return (researcher id, work id) of positions on these works that stay with the candidates."""
    researcher_ids = {candidate.researcher_id for candidate in candidates}
    researcher_ids |= {mention.researcher_id for mention in mentions if mention.researcher_id}
    work_ids = {mention.work_id for mention in mentions}
    rows = Authorship.objects.filter(researcher__in=researcher_ids, work__in=work_ids)
    moving = {mention.authorship_id for mention in mentions}
    return [
        (pk, work_id)
        for authorship_id, pk, work_id in rows.values_list("pk", "researcher", "work")
        if pk and authorship_id not in moving
    ]


def create_researchers(people: Sequence[Person]) -> None:
    """Make a record for each new person and note its id in them."""
    records = Researcher.objects.bulk_create([new_researcher(person) for person in people], batch_size=2000)
    for person, record in zip(people, records, strict=True):
        person.researcher_id = record.pk


def new_researcher(person: Person) -> Researcher:
    """Describe the record of a new person, named as first printed."""
    printed_names = list(dict.fromkeys(mention.printed_name for mention in person.mentions))
    name = parse_name(printed_names[0])
    return Researcher(
        display_name=display_name(name),
        slug=slugify_name(display_name(name)),
        name_variants=printed_names,
        # Not of the parsed name: some sources say where the surname begins, which a printed name does not.
        name_key=person.mentions[0].name_key,
        search_name=searchable(printed_names),
    )


def searchable(names: Iterable[str]) -> str:
    """Fold name variants into the one text that search reads."""
    return " / ".join(dict.fromkeys(fold(name) for name in names))


def add_name_variants(people: Iterable[Person]) -> None:
    """Note new ways in which the names of known researchers were printed."""
    mentioned = {person.researcher_id: [mention.printed_name for mention in person.mentions] for person in people}
    changed = []
    for researcher in Researcher.objects.filter(pk__in=[pk for pk in mentioned if pk]):
        shown = [name for name in mentioned[researcher.pk] if fold(name) not in researcher.hidden_names]
        variants = list(dict.fromkeys([*researcher.name_variants, *shown]))
        if variants != researcher.name_variants:
            researcher.name_variants = variants
            researcher.search_name = searchable(variants)
            changed.append(researcher)
    Researcher.objects.bulk_update(changed, ["name_variants", "search_name"], batch_size=1000)


def attribute(people: Iterable[Person]) -> None:
    """Point the authorships at their researchers, in one statement."""
    pairs = [(mention.authorship_id, person.researcher_id) for person in people for mention in person.mentions]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE works_authorship a SET researcher_id = pair.researcher_id
            FROM unnest(%s::bigint[], %s::bigint[]) AS pair (authorship_id, researcher_id)
            WHERE a.id = pair.authorship_id
            """,
            [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )

"""Resolve the authorships of works, and store the outcome."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import QuerySet

from profiles.identity.constraints import Constraints
from profiles.identity.decisions import BylineRow, load_constraints
from profiles.identity.described import describe
from profiles.identity.nodes import Known
from profiles.identity.people import Mention, Person
from profiles.identity.placement import place
from profiles.identity.resolve import resolve
from profiles.identity.standing import find_records_for, list_doubtful, list_standing
from profiles.models import Doubt, Researcher
from works.arxiv.load import lock_bylines
from works.models import Authorship
from works.names import display_name, fold, parse_name, slugify_name

MENTION = ("pk", "work_id", "printed_name", "name_key", "researcher_id")


@transaction.atomic
def resolve_works(work_ids: Iterable[int]) -> set[int]:
    """Give every person on the works a researcher; return the ids of those who gained or lost an authorship.

    Authorships that have a researcher keep it unless a decision says otherwise, so running it again changes nothing.
    Resolutions run one after another: two at once would each make a researcher for the same new name.
    """
    lock_bylines()
    wanted = set(work_ids)
    loose = list_loose_mentions(wanted, *load_constraints(wanted))
    if not loose:
        return set()
    record_ids = find_records_for(loose)
    loose += list_doubtful(record_ids, loose)
    people = share(loose, list_standing(record_ids, loose))
    create_researchers([person for person in people if person.researcher_id is None])
    add_name_variants(people)
    attribute(people)
    store_doubts(people)
    former = {mention.researcher_id for mention in loose if mention.researcher_id}
    return former | {person.researcher_id for person in people if person.researcher_id is not None}


def share(loose: Sequence[Mention], standing: Sequence[Mention]) -> list[Person]:
    """Share loose mentions out among known and new people."""
    # What was decided about standing mentions says whose names may stand against whom.
    constraints, decided = load_constraints({mention.work_id for mention in [*loose, *standing]})
    moving = {mention.authorship_id for mention in loose}
    settled = {
        row.authorship_id: row.researcher_id for row in decided
        if row.researcher_id and row.authorship_id not in moving
    }  # fmt: skip
    researcher_ids = {mention.researcher_id for mention in [*standing, *loose] if mention.researcher_id}
    homes = {home for mention in loose if (home := constraints.home_of(mention.authorship_id)) is not None}
    known = Known(constraints, settled, list_taken(researcher_ids | homes, loose))
    return give_ids(resolve(loose, standing, describe([*standing, *loose]), known), constraints)


def give_ids(people: Sequence[Person], constraints: Constraints) -> list[Person]:
    """Let records that nothing else is left of keep the most of what they held; the rest of the new are new."""
    former = {mention.researcher_id for person in people for mention in person.mentions if mention.researcher_id}
    moving = [mention.authorship_id for person in people for mention in person.mentions]
    standing = Authorship.objects.filter(researcher__in=former).exclude(pk__in=moving) if former else None
    emptied = former - set(standing.values_list("researcher", flat=True)) if standing is not None else set()
    banned = [banned_of(person.mentions, constraints) for person in people]
    placed = place([each.mentions for each in people], [each.researcher_id for each in people], banned, emptied)
    for person, named in zip(people, placed.people, strict=True):
        person.researcher_id = named.researcher_id
    return list(people)


def banned_of(mentions: Iterable[Mention], constraints: Constraints) -> set[int]:
    """Return the records that some of the mentions were decided not to be by."""
    return {home for each in mentions for home in constraints.banned_homes_of(each.authorship_id)}


def list_loose_mentions(work_ids: set[int], constraints: Constraints, decided: Sequence[BylineRow]) -> list[Mention]:
    """Return the authorships that need a researcher: those without one, and those whose one a decision forbids."""
    wrong = find_violating(constraints, decided)
    wrong |= find_in_the_way(constraints, wrong)
    people = Authorship.objects.filter(kind=Authorship.Kind.PERSON)
    unresolved = people.filter(work__in=work_ids, researcher__isnull=True)
    # Two queries, not one with OR: each has an index of its own.
    rows = {row[0]: row for row in ordered(unresolved).values_list(*MENTION)}
    rows |= {row[0]: row for row in ordered(people.filter(pk__in=wrong)).values_list(*MENTION)} if wrong else {}
    return [Mention(*row) for row in rows.values()]


def ordered(authorships: QuerySet[Authorship]) -> QuerySet[Authorship]:
    """Put authorships in the order of the works' first versions, arXiv ids and bylines."""
    return authorships.order_by("work__first_submitted_at", "work__arxiv_id", "position")


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


def list_taken(researcher_ids: Iterable[int], loose: Sequence[Mention]) -> frozenset[tuple[int, int]]:
    """Return (researcher id, work id) of positions on these works that stay with the researchers."""
    work_ids = {mention.work_id for mention in loose}
    rows = Authorship.objects.filter(researcher__in=set(researcher_ids), work__in=work_ids)
    moving = {mention.authorship_id for mention in loose}
    return frozenset(
        (pk, work_id)
        for authorship_id, pk, work_id in rows.values_list("pk", "researcher", "work")
        if pk and authorship_id not in moving
    )


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
    """Point the authorships at their researchers, in one statement.

    What its former holder disputed is not disputed where it goes.
    """
    pairs = [(mention.authorship_id, person.researcher_id) for person in people for mention in person.mentions]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE works_authorship a SET researcher_id = pair.researcher_id, attribution = CASE
                WHEN a.attribution = 'disputed' AND a.researcher_id IS DISTINCT FROM pair.researcher_id
                THEN 'automatic' ELSE a.attribution END
            FROM unnest(%s::bigint[], %s::bigint[]) AS pair (authorship_id, researcher_id)
            WHERE a.id = pair.authorship_id
            """,
            [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )


def list_researchers_on(work_ids: Iterable[int]) -> list[int]:
    """Return the ids of the researchers in the bylines of the works."""
    rows = Authorship.objects.filter(work__in=list(work_ids), researcher__isnull=False)
    return list(rows.order_by("researcher").values_list("researcher", flat=True).distinct())


def list_news(people: Iterable[Person]) -> dict[int, float | None]:
    """Return how unsure places are, of the judged authorships of which something else is stored."""
    judged = {authorship_id: doubt for person in people for authorship_id, doubt in person.doubts.items()}
    stored = dict(Doubt.objects.filter(pk__in=judged).values_list("pk", "confidence"))
    return {authorship_id: doubt for authorship_id, doubt in judged.items() if stored.get(authorship_id) != doubt}


def store_doubts(people: Iterable[Person]) -> set[int]:
    """Note which places are unsure, and which are so no more; return the authorships of which that is news."""
    news = list_news(people)
    Doubt.objects.filter(pk__in=news).delete()
    doubts = [Doubt(pk=each, confidence=doubt) for each, doubt in sorted(news.items()) if doubt is not None]
    Doubt.objects.bulk_create(doubts, batch_size=2000)
    return set(news)

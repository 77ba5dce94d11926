"""Resolve the authorships of works, and store the outcome."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from profiles.identity.resolve import Candidate, Mention, Person, assign
from profiles.models import Researcher
from works.arxiv.load import lock_bylines
from works.models import Authorship
from works.names import PersonName, display_name, fold, has_full_given_name, parse_name, slugify_name


@transaction.atomic
def resolve_works(work_ids: Iterable[int]) -> set[int]:
    """Give every person on the works a researcher; return the ids of those who gained an authorship.

    Authorships that have a researcher keep it, so running it again changes nothing. Resolutions run one
    after another: two at once would each make a researcher for the same new name.
    """
    lock_bylines()
    mentions = list_unresolved_mentions(work_ids)
    keys = {mention.name_key for mention in mentions if mention.is_full}
    candidates = list_candidates(keys)
    people = assign(mentions, candidates, list_taken(candidates, mentions))
    create_researchers([person for person in people if person.researcher_id is None])
    add_name_variants([person for person in people if person.researcher_id is not None])
    attribute(people)
    return {person.researcher_id for person in people if person.researcher_id is not None}


def list_unresolved_mentions(work_ids: Iterable[int]) -> list[Mention]:
    """Return the authorships of people without a researcher, in the order of the works' arXiv ids and bylines."""
    rows = (
        Authorship.objects.filter(work__in=list(work_ids), kind=Authorship.Kind.PERSON, researcher__isnull=True)
        .order_by("work__first_submitted_at", "work__arxiv_id", "position")
        .values_list("pk", "work_id", "printed_name", "name_key", "given_name", "family_name")
    )
    return [
        Mention(pk, work_id, printed_name, key, has_full_given_name(PersonName(given, "", family, "")))
        for pk, work_id, printed_name, key, given, family in rows
    ]


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


def list_taken(candidates: Iterable[Candidate], mentions: Iterable[Mention]) -> list[tuple[int, int]]:
    """Return (researcher id, work id) of positions on these works that the candidates hold already."""
    researcher_ids = [candidate.researcher_id for candidate in candidates]
    work_ids = {mention.work_id for mention in mentions}
    rows = Authorship.objects.filter(researcher__in=researcher_ids, work__in=work_ids)
    return [(pk, work_id) for pk, work_id in rows.values_list("researcher", "work") if pk]


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

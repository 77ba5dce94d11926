"""Move authorships to another record, or split them off as a record of their own."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from profiles.curation.changes import Changes, MovedAuthorship, attribute_to, plan_names, rename
from profiles.curation.decide import Kind, add_decisions
from profiles.curation.mandate import Mandate, OperationRefused, find_done
from profiles.curation.records import lock_authorships, lock_researchers, refuse_shared_byline
from profiles.curation.settle import settle_after
from profiles.identity.people import Mention, Person
from profiles.identity.services import new_researcher
from profiles.models import IdentityOperation, Researcher
from works.arxiv.load import lock_bylines
from works.models import Authorship


@transaction.atomic
def move_authorships(
    authorship_ids: Iterable[int], *, source: Researcher, target: Researcher | None, mandate: Mandate
) -> IdentityOperation:
    """Give authorships of the source to the target, or to a new record; raise `OperationRefused`.

    From now on they belong to the target and are not by the source, whatever their names say.
    """
    lock_bylines()
    if done := find_done(mandate):
        return done
    records = lock_researchers(source, target)
    rows = lock_authorships(authorship_ids, source)
    if target is not None:
        if target.pk == source.pk:
            raise OperationRefused("They are on this record already.")
        refuse_shared_byline(rows, target)
    receiver = records[target.pk] if target else make_record(rows)
    operation = record_move(rows, records[source.pk], receiver, mandate, made_target=target is None)
    settle_after(operation, [source.pk, receiver.pk], rows)
    return operation


def split_authorships(authorship_ids: Iterable[int], *, source: Researcher, mandate: Mandate) -> IdentityOperation:
    """Give authorships of the source a record of their own; the id stays with the rest."""
    return move_authorships(authorship_ids, source=source, target=None, mandate=mandate)


def make_record(rows: Sequence[Authorship]) -> Researcher:
    """Make the record of whoever wrote these."""
    mentions = [Mention(row.pk, row.work_id, row.printed_name, row.name_key) for row in rows]
    record = new_researcher(Person(None, mentions))
    record.name_variants, record.search_name = [], ""  # the operation gives it its names, like any other's
    record.save()
    return record


def record_move(
    rows: Sequence[Authorship], source: Researcher, target: Researcher, mandate: Mandate, *, made_target: bool
) -> IdentityOperation:
    """Carry it out, with its decisions and what undoing it needs."""
    confirmed = Authorship.Attribution.CONFIRMED
    changes = Changes(
        authorships=[MovedAuthorship(row.pk, row.attribution, confirmed) for row in rows],
        names=plan_names(source, target, rows, whole=False),
    )
    operation = IdentityOperation.objects.create(
        kind=IdentityOperation.Kind.SPLIT if made_target else IdentityOperation.Kind.MOVE,
        token=mandate.token,
        source=source,
        target=target,
        made_target=made_target,
        changes=changes.as_json(),
        performed_by=mandate.user,
        reason=mandate.reason,
    )
    attribute_to(target, changes.authorships)
    rename(changes.names)
    add_decisions(operation, rows, mandate, [(Kind.NOT_BY, source), (Kind.BELONGS_TO, target)])
    return operation

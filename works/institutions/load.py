"""From the registry's records to rows: batches through COPY, set-based upserts; loading again changes no row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from works.institutions import staging
from works.institutions.ror import Organisation, UnreadableOrganisation, read_organisation

BATCH = 5_000  # organisations staged at a time
IMPORT_LOCK = 0x42_5A_05


@dataclass(slots=True)
class RorImport:
    """What an import of the registry did: counts of organisations, and of records that were none."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    first_reason: str = ""


def import_organisations(records: Iterable[Any]) -> RorImport:
    """Store the records in one transaction; what the dump does not hold stays, because a dump may be partial.

    Of a record that comes twice the last one counts. An institution's names and relations become what its
    record says; nothing else is deleted.
    """
    result = RorImport()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        cursor.execute(staging.CREATE_STAGING)
        readable = _readable(records, result)
        while batch := list(islice(readable, BATCH)):
            _stage(cursor, {organisation.ror_id: organisation for organisation in batch})
        cursor.execute(staging.INDEX_STAGING)
        cursor.execute(staging.MARK_CHANGED)
        cursor.execute(staging.UPSERT_INSTITUTIONS)
        for statement in staging.CARRY_NAMES_AND_RELATIONS:
            cursor.execute(statement)
        cursor.execute(staging.COUNT)
        result.created, result.updated, result.unchanged = cursor.fetchone() or (0, 0, 0)
        cursor.execute(staging.DROP_STAGING)
    return result


def _readable(records: Iterable[Any], result: RorImport) -> Iterator[Organisation]:
    for number, record in enumerate(records, 1):
        try:
            yield read_organisation(record)
        except UnreadableOrganisation as error:
            result.rejected += 1
            result.first_reason = result.first_reason or f"record {number}: {error}"


def _stage(cursor: Any, batch: Mapping[str, Organisation]) -> None:
    for statement in staging.FORGET:  # what an earlier batch said of the same organisations
        cursor.execute(statement, [list(batch)])
    with cursor.copy(staging.COPY_INSTITUTIONS) as copy:
        for each in batch.values():
            place, lists = (each.country_code, each.city), (list(each.domains), list(each.types))
            copy.write_row((each.ror_id, each.name, *place, each.status, each.website, *lists))
    with cursor.copy(staging.COPY_NAMES) as copy:
        for ror_id, each in batch.items():
            for kind, value in each.names:
                copy.write_row((ror_id, kind, value))
    with cursor.copy(staging.COPY_RELATIONS) as copy:
        for ror_id, each in batch.items():
            for kind, related in each.relations:
                copy.write_row((ror_id, kind, related))

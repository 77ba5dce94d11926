"""Printed affiliations to organisations, by distinct text, kept with the evidence; may be run twice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from works.institutions.gather import gather_institutions
from works.institutions.index import IndexedOrganisation, InstitutionIndex
from works.institutions.match import MATCHER_VERSION, match_affiliation
from works.institutions.words import name_words
from works.signals import affiliations_matched

BATCH = 2_000  # texts matched in one transaction

_FINGERPRINT = "SELECT count(*), max(changed_at)::text FROM works_institution"
_ORGANISATIONS = """
SELECT i.id, i.name, i.country_code, i.city, i.status,
    (SELECT array_agg(n.kind || ' ' || n.value ORDER BY n.id) FROM works_institutionname n
        WHERE n.institution_id = i.id),
    (SELECT array_agg(r.related_id) FROM works_institutionrelation r
        WHERE r.institution_id = i.id AND r.kind = 'parent')
FROM works_institution i ORDER BY i.id
"""
_NEW_TEXTS = """
SELECT DISTINCT a.printed_affiliation FROM works_authorship a
WHERE a.printed_affiliation <> '' AND (%(work_ids)s::bigint[] IS NULL OR a.work_id = ANY(%(work_ids)s))
    AND NOT EXISTS (SELECT FROM works_printedaffiliation p
        WHERE md5(p.text) = md5(a.printed_affiliation) AND p.matcher_version >= %(version)s)
"""
_KNOWN_TEXTS = "SELECT text FROM works_printedaffiliation ORDER BY id"
_SAVE_TEXTS = """
INSERT INTO works_printedaffiliation AS p (text, matcher_version)
SELECT text, %s FROM unnest(%s::text[]) AS text
ON CONFLICT (md5(text)) DO UPDATE SET matcher_version = excluded.matcher_version, matched_at = clock_timestamp()
RETURNING id, text
"""
_FORGET_MATCHES = "DELETE FROM works_affiliationmatch WHERE printed_affiliation_id = ANY(%s)"
_COPY_MATCHES = """COPY works_affiliationmatch (printed_affiliation_id, position, institution_id, score, matched_name,
    reasons) FROM STDIN"""

_index: tuple[object, InstitutionIndex] | None = None


@dataclass(slots=True)
class MatchingResult:
    """How many distinct texts were looked at, and how many of them mean an organisation."""

    looked_at: int = 0
    matched: int = 0


def match_printed_affiliations(work_ids: Iterable[int] | None = None, *, again: bool = False) -> MatchingResult:
    """Match the texts that bylines print and nobody looked at yet, of all works or of these; `again`: known texts too.

    Then the works, all or these, and the people on them say which institutions they print. Without a registry nothing
    is looked at, so that what is printed is matched once there is one.
    """
    index = get_index()
    result = MatchingResult()
    if not index.organisations:
        return result
    if again:
        _match_all(_read_texts(_KNOWN_TEXTS, {}), index, result)
    these = None if work_ids is None else list(work_ids)
    _match_all(_read_texts(_NEW_TEXTS, {"work_ids": these, "version": MATCHER_VERSION}), index, result)
    affected = None if again else these
    gather_institutions(affected)
    affiliations_matched.send(None, work_ids=affected)
    return result


def get_index() -> InstitutionIndex:
    """The index of the institutions as they are now; built once a process and again after an import."""
    global _index  # noqa: PLW0603 - it takes seconds to build and is the same for every call
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT)
        fingerprint = cursor.fetchone()
        if _index is None or _index[0] != fingerprint:
            _index = (fingerprint, _read_index(cursor))
    return _index[1]


def _read_index(cursor: Any) -> InstitutionIndex:
    index = InstitutionIndex()
    cursor.execute(_ORGANISATIONS)
    for key, name, country_code, city, status, names, parents in cursor:
        organisation = IndexedOrganisation(
            key, name, country_code, name_words(city), status == "active", frozenset(parents or ())
        )
        index.add(organisation, [tuple(each.split(" ", 1)) for each in names or [f"name {name}"]])
    return index


def _read_texts(statement: str, values: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the texts in batches; all of them are read first, because matching them changes what is asked."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        texts = [text for (text,) in cursor]
    for start in range(0, len(texts), BATCH):
        yield texts[start : start + BATCH]


def _match_all(batches: Iterable[Sequence[str]], index: InstitutionIndex, result: MatchingResult) -> None:
    for texts in batches:
        rows = {text: match_affiliation(text, index) for text in texts}
        result.looked_at += len(rows)
        result.matched += sum(map(bool, rows.values()))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_SAVE_TEXTS, [MATCHER_VERSION, sorted(rows)])
            saved = cursor.fetchall()
            cursor.execute(_FORGET_MATCHES, [[pk for pk, _text in saved]])
            with cursor.copy(_COPY_MATCHES) as copy:
                for pk, text in saved:
                    for position, match in enumerate(rows[text], 1):
                        found = (match.organisation.key, match.score, match.name, list(match.reasons))
                        copy.write_row((pk, position, *found))

"""A database of any size made from the real papers: a seeded generator writes straight into the tables with COPY.

The first 88,748 works are the real papers; beyond them each is put together of a real title with some words
exchanged and of sentences of real abstracts. Names are drawn from the given and family names of the real bylines as
often as they occur there, so that crowded names are as crowded as they would be; some people write a thousand works.
The institutions are those of the real registry; a tenth of the bylines print one of 2,000 of them, some far more often.
Foreign keys are not checked and secondary indexes are made after the rows, as a first load would do it.
"""

import gzip
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bench.snapshot import SNAPSHOT

REGISTRY = SNAPSHOT.parents[1] / "ror" / "ror_union.jsonl.gz"
SEED = 20261125
EXCHANGED = 0.3  # of the words of a title
AUTHORS = (1, 2, 2, 3, 3, 3, 4, 4, 5, 6)
INSTITUTIONS = 2000  # that bylines print
WITH_AFFILIATION = 0.1  # of the bylines

FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class c ON c.oid = conrelid WHERE contype = 'f' AND c.relname = ANY(%s)
"""
SECONDARY_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid
    WHERE NOT indisprimary AND NOT indisunique AND c.relname = ANY(%s)
"""
TABLES = ["works_work", "works_authorship", "works_worktopic", "works_workversion", "profiles_researcher",
          "search_nameword", "search_titleword"]  # fmt: skip
WORK = """
    COPY works_work (id, arxiv_id, kind, source, title, abstract, first_submitted_at, current_version,
        current_version_at, withdrawn, and_others, submitter, comments, journal_ref, doi, report_no, license, datestamp,
        record_digest, hidden, topic_ids) FROM STDIN
"""
PERSON = """
    COPY profiles_researcher (id, display_name, slug, name_variants, name_key, search_name, state, identity_level,
        summary, collaboration) FROM STDIN
"""
AUTHORSHIP = """
    COPY works_authorship (work_id, position, kind, printed_name, given_name, particle, family_name, suffix, name_key,
        printed_affiliation, researcher_id, attribution) FROM STDIN
"""
TOPIC = "COPY works_worktopic (work_id, topic_id, position, current_version_at) FROM STDIN"
VERSION = "COPY works_workversion (work_id, number, submitted_at, size, source_type) FROM STDIN"
# Two texts for each; its name is what the registry says, so no matcher is needed to know which it means.
PRINTED = """
    WITH printing AS (
        SELECT id, name, city FROM works_institution
        WHERE 'education' = ANY(types) AND city <> '' ORDER BY md5(name) LIMIT %s
    ), texts AS (
        SELECT id, name, name || ', ' || city AS text FROM printing UNION ALL
        SELECT id, name, 'Department of Physics, ' || name FROM printing
    ), printed AS (
        INSERT INTO works_printedaffiliation (text, matcher_version)
        SELECT DISTINCT text, 1 FROM texts RETURNING id, text
    )
    INSERT INTO works_affiliationmatch (printed_affiliation_id, position, institution_id, score, matched_name, reasons)
    SELECT DISTINCT ON (printed.id) printed.id, 1, texts.id, 90, texts.name, '{}' FROM printed JOIN texts USING (text)
"""
COLLECT_NAME_WORDS = """
    INSERT INTO search_nameword (word)
    SELECT DISTINCT word FROM profiles_researcher, unnest(tsvector_to_array(search_name_words(search_name))) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '[0-9\\\\]' ON CONFLICT DO NOTHING
"""
COLLECT_TITLE_WORDS = """
    INSERT INTO search_titleword (word)
    SELECT DISTINCT word FROM works_work, unnest(tsvector_to_array(search_title_spellings(title))) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '[0-9\\\\]' ON CONFLICT DO NOTHING
"""


class Real:
    """The real papers, read once: titles, abstracts by sentence, categories, dates and names."""

    def __init__(self) -> None:
        if not SNAPSHOT.exists():
            raise SystemExit(f"This benchmark scales real papers, and {SNAPSHOT} is not here.")
        self.papers: list[tuple[str, str, list[str], datetime]] = []
        self.sentences: list[str] = []
        self.words: list[str] = []
        self.given: list[str] = []
        self.family: list[str] = []
        with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                self.add(paper)

    def add(self, paper: dict[str, Any]) -> None:
        """Take one line of the snapshot."""
        title, abstract = " ".join(paper["title"].split()), " ".join(paper["abstract"].split())
        at = parsedate_to_datetime(paper["versions"][-1]["created"]).astimezone(UTC)
        self.papers.append((title, abstract, paper["categories"].split(), at))
        self.words += title.split()
        self.sentences += [sentence for sentence in abstract.split(". ") if 40 < len(sentence) < 400]
        for family, given, *_rest in paper["authors_parsed"]:
            if family and given and len(family) < 60 and len(given) < 60:
                self.family.append(family)
                self.given.append(given)


def load_scaled(works: int, people: int) -> Real:
    """Fill empty, migrated tables; return what it was made of."""
    from django.db import connection

    from profiles.gather_institutions import gather_institutions_on
    from works.institutions.gather import gather_institutions

    real = Real()
    began = time.monotonic()
    with connection.cursor() as cursor, without_indexes(cursor):
        cursor.execute("SELECT code, id FROM works_topic")
        topics = dict(cursor.fetchall())
        names = load_people(cursor, real, people)
        load_works(cursor, real, works, topics)
        copy(cursor, AUTHORSHIP, authorship_rows(works, names, load_institutions(cursor)))
        cursor.execute("ANALYZE works_authorship, works_printedaffiliation, works_affiliationmatch")
        gather_institutions()
        say(began, "rows written")
        cursor.execute(COLLECT_NAME_WORDS)
        cursor.execute(COLLECT_TITLE_WORDS)
        say(began, "words collected")
    say(began, "indexes built")
    gather_institutions_on(None)
    say(began, "institutions of people gathered")
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('works_work', 'id'), %s)", [works])
        cursor.execute("SELECT setval(pg_get_serial_sequence('profiles_researcher', 'id'), %s)", [people])
        cursor.execute("VACUUM ANALYZE")
    say(began, "vacuumed")
    return real


def say(began: float, what: str) -> None:
    """Print how far loading is."""
    print(f"  {what} after {time.monotonic() - began:.0f} s", flush=True)


@contextmanager
def without_indexes(cursor: Any) -> Iterator[None]:
    """Drop the secondary indexes, and build them again afterwards."""
    cursor.execute(SECONDARY_INDEXES, [TABLES])
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute(FOREIGN_KEYS, [TABLES])
    keys = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def copy(cursor: Any, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows with COPY."""
    with cursor.copy(statement) as writer:
        for row in rows:
            writer.write_row(row)


def load_people(cursor: Any, real: Real, people: int) -> list[tuple[str, str]]:
    """Write researchers 1 to `people`; return the printed name and key of each."""
    from works.names import PersonName, fold, name_key, slugify_name

    chance = random.Random(f"people {SEED}")
    names = []

    def rows() -> Iterator[Sequence[Any]]:
        for pk in range(1, people + 1):
            given, family = chance.choice(real.given), chance.choice(real.family)
            printed = f"{given} {family}"
            key = name_key(PersonName(given, "", family, ""))
            names.append((printed, key))
            state = "claimed" if pk % 50 == 0 else "unclaimed"
            yield (pk, printed, slugify_name(printed), [printed], key, fold(printed), state, 1, "", "open")

    copy(cursor, PERSON, rows())
    return names


def load_works(cursor: Any, real: Real, works: int, topics: dict[str, int]) -> None:
    """Write works 1 to `works` with their versions and topics."""
    make = maker(real)
    dates, codes = [], []

    def rows() -> Iterator[Sequence[Any]]:
        for pk in range(1, works + 1):
            title, abstract, categories, at = make(pk)
            dates.append(at)
            codes.append(categories)
            arxiv_id = f"{1 + pk // 99999:04}.{pk % 99999:05}"
            doi = f"10.1234/scaled.{pk}" if pk % 3 == 0 else ""
            ids = sorted({topics[code] for code in categories if code in topics})
            yield (pk, arxiv_id, "preprint", "arxiv", title, abstract, at, 1, at, False, False, "", "", "", doi, "", "",
                   at.date(), b"\0" * 16, False, ids)  # fmt: skip

    copy(cursor, WORK, rows())
    copy(cursor, VERSION, ((pk, 1, at, "", "") for pk, at in enumerate(dates, 1)))
    copy(
        cursor,
        TOPIC,
        (
            (pk, topics[code], position, at)
            for pk, (at, categories) in enumerate(zip(dates, codes, strict=True), 1)
            for position, code in enumerate(dict.fromkeys(code for code in categories if code in topics), 1)
        ),
    )


def load_institutions(cursor: Any) -> list[str]:
    """Load the registry; return the texts that bylines print, at random."""
    from works.institutions.dump import read_dump
    from works.institutions.load import import_organisations

    import_organisations(read_dump(REGISTRY))
    cursor.execute(PRINTED, [INSTITUTIONS])
    cursor.execute("SELECT text FROM works_printedaffiliation ORDER BY md5(text)")
    return [text for (text,) in cursor]


def maker(real: Real) -> Callable[[int], tuple[str, str, list[str], datetime]]:
    """Return what makes the work of a number: a real one at first, then one put together."""
    chance = random.Random(f"works {SEED}")

    def make(pk: int) -> tuple[str, str, list[str], datetime]:
        if pk <= len(real.papers):
            return real.papers[pk - 1]
        title, _abstract, categories, at = chance.choice(real.papers)
        words = [chance.choice(real.words) if chance.random() < EXCHANGED else word for word in title.split()]
        abstract = ". ".join(chance.choice(real.sentences) for _ in range(7))
        return " ".join(words), abstract, categories, at + timedelta(seconds=chance.randrange(-(10**7), 10**7))

    return make


def authorship_rows(
    works: int, names: Sequence[tuple[str, str]], affiliations: Sequence[str]
) -> Iterator[Sequence[Any]]:
    """Yield the bylines: the lower the number of a person or of an affiliation, the more works they have."""
    chance, printing = random.Random(f"bylines {SEED}"), random.Random(f"affiliations {SEED}")
    for work in range(1, works + 1):
        authors = {int(len(names) * chance.random() ** 2) for _ in range(chance.choice(AUTHORS))}
        for position, index in enumerate(sorted(authors), 1):
            printed, key = names[index]
            given, _space, family = printed.rpartition(" ")
            text = (
                affiliations[int(len(affiliations) * printing.random() ** 3)]
                if printing.random() < WITH_AFFILIATION
                else ""
            )
            yield (work, position, "person", printed, given, "", family, "", key, text, index + 1, "automatic")

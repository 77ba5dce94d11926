"""Works by words of title and abstract, those that have them in the title first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from search.results import MOST_RANKED, PAGE_SIZE, Ranking, as_ranking
from works.models import Work
from works.position import FROM_THE_NEWEST, Position
from works.queries import attach_bylines, visible_works

DASHES = re.compile(r"[\u2010-\u2015]|-(?!\w)|--+")
SHORTEST_BEGINNING = 3
SHORTEST_ONLY_WORD = 4  # three letters alone begin a tenth of all titles
SHORTEST_UNFINISHED = 4  # three letters within a title begin too many words: 20 to 50 ms at a million works
MOST_WORDS_READ = 12  # of a misspelt title

# What every list of works is narrowed to; a filter that is not set costs nothing, as the planner sees its NULL.
NARROWED = """NOT hidden
            AND (%(year)s::int IS NULL OR year = %(year)s::int)
            AND (%(topic)s::int IS NULL OR topic_ids @> ARRAY[%(topic)s::int])
            AND (%(institution)s::bigint IS NULL OR institution_ids @> ARRAY[%(institution)s::bigint])"""

# An eighth of all works has indexes of its own (migration 0008). Common words have enough matches among them, and then
# nothing else is looked at: an index over all works gathers a hundred thousand matches before it gives the first.
AN_EIGHTH_FIRST = """(
            SELECT * FROM works_work WHERE id %% 8 = 0 UNION ALL SELECT * FROM works_work WHERE id %% 8 > 0
        )"""


def complete(statement: str) -> str:
    """Return the statement with what all searches for works have in common."""
    return statement.replace("NARROWED", NARROWED).replace("AN_EIGHTH_FIRST", AN_EIGHTH_FIRST)


# Candidates first, each list cut at the bound, and only they are ranked: ranking all matches of a common word takes
# seconds at a million works. A title that has all the words says more the shorter it is. A title typed in full comes in
# by an index of its own, whatever crowd has the same words; so does one of words that the full text leaves out.
BY_RELEVANCE = complete("""
    WITH named AS MATERIALIZED (
        SELECT id, current_version_at FROM works_work w
        WHERE left(lower(title), 40) COLLATE "C" = left(lower(%(typed)s), 40) AND lower(title) = lower(%(typed)s)
            AND NARROWED
        LIMIT %(limit)s
    ), titled AS MATERIALIZED (
        SELECT id, title, current_version_at FROM AN_EIGHTH_FIRST w
        WHERE search_title_words(title) @@ websearch_to_tsquery('bzpeer', %(text)s) AND NARROWED
        LIMIT %(limit)s
    ), mentioned AS MATERIALIZED (
        SELECT id, current_version_at, ts_rank(search_vector, websearch_to_tsquery('bzpeer', %(text)s)) AS rank
        FROM AN_EIGHTH_FIRST w
        WHERE search_vector @@ websearch_to_tsquery('bzpeer', %(text)s) AND NARROWED
            AND id NOT IN (SELECT id FROM titled)
        LIMIT %(limit)s - (SELECT count(*) FROM titled)
    )
    SELECT id FROM (
        SELECT id, 0 AS part, false AS apart, 0 AS length, 0 AS rank, current_version_at FROM named
        UNION ALL
        SELECT id, 1, strpos(lower(title), lower(%(text)s)) = 0, length(title), 0, current_version_at FROM titled
        WHERE id NOT IN (SELECT id FROM named)
        UNION ALL
        SELECT id, 2, true, 0, -rank, current_version_at FROM mentioned WHERE id NOT IN (SELECT id FROM named)
    ) candidates
    ORDER BY part, apart, length, rank, current_version_at DESC, id DESC
""")
# How many there are is counted up to the bound, and common words have that many titles already, found in a tenth of the
# time; where a word is unwanted, the text beside a title may have it.
BY_DATE = complete("""
    WITH titled AS (
        SELECT count(*) FROM (
            SELECT FROM AN_EIGHTH_FIRST w
            WHERE search_title_words(title) @@ websearch_to_tsquery('bzpeer', %(text)s) AND NARROWED
            LIMIT %(limit)s
        ) found
    ), counted AS (
        SELECT count(*) FROM (
            SELECT FROM AN_EIGHTH_FIRST w
            WHERE search_vector @@ websearch_to_tsquery('bzpeer', %(text)s) AND NARROWED
            LIMIT %(limit)s
        ) found
    )
    SELECT w.id, w.current_version_at, CASE
        WHEN strpos(websearch_to_tsquery('bzpeer', %(text)s)::text, '!') = 0
            AND (SELECT count FROM titled) = %(limit)s THEN %(limit)s
        ELSE (SELECT count FROM counted)
    END
    FROM works_work w
    WHERE search_vector @@ websearch_to_tsquery('bzpeer', %(text)s) AND NARROWED
        AND (w.current_version_at, w.id) < (%(before)s, %(before_id)s)
    ORDER BY w.current_version_at DESC, w.id DESC
    LIMIT %(page)s
""")
# Word by word, which OFFSET 0 sees to: joined, all known words may be gone through, 30 microseconds each.
BY_NEAR_WORDS = complete("""
    WITH typed AS (
        SELECT word FROM unnest(tsvector_to_array(search_title_spellings(%(text)s))) AS word
        WHERE length(word) > 2 AND to_tsvector('bzpeer', word) <> '' LIMIT %(words)s
    ), near AS MATERIALIZED (
        SELECT string_agg(quote_literal(known.word), '|') AS words
        FROM typed CROSS JOIN LATERAL (
            SELECT word FROM search_titleword w
            WHERE search_deletions(w.word) && search_deletions(typed.word) OFFSET 0
        ) known
        GROUP BY typed.word
    ), question AS MATERIALIZED (
        SELECT to_tsquery('bzpeer', string_agg('(' || words || ')', '&')) AS asked FROM near
        HAVING 2 * count(*) >= (SELECT count(*) FROM typed)
    )
    SELECT id FROM (
        SELECT id, title FROM question, works_work w
        WHERE search_title_words(title) @@ asked AND NARROWED
        LIMIT %(limit)s
    ) found
    ORDER BY similarity(title, %(text)s) DESC, id
""")
# The last word is whole, or it begins another: the stem of a beginning (`inter` of `interli`) would begin far too many.
TITLES = """
    SELECT id FROM (
        SELECT id, title FROM works_work
        WHERE search_title_words(title) @@ (websearch_to_tsquery('bzpeer', %(text)s)
                && (websearch_to_tsquery('bzpeer', %(last)s) || to_tsquery('search_spellings', %(beginning)s)))
            AND NOT hidden
        LIMIT %(limit)s
    ) found
    ORDER BY strpos(lower(title), lower(%(typed)s)) > 0 DESC, length(title), id
"""
# Titles that begin as typed come before all others: a range of a B-tree, where a common word in the index of words
# costs 20 ms at a million works.
BEGINNINGS = """
    SELECT id FROM (
        SELECT id, title FROM works_work
        WHERE left(lower(title), 40) COLLATE "C" >= left(lower(%(typed)s), 40)
            AND left(lower(title), 40) COLLATE "C" < left(lower(%(typed)s), 40) || U&'\\+10FFFF'
            AND NOT hidden
        ORDER BY left(lower(title), 40) COLLATE "C" LIMIT %(limit)s
    ) found
    WHERE strpos(lower(title), lower(%(typed)s)) = 1
    ORDER BY length(title), id
"""


class Narrow(NamedTuple):
    """What works are narrowed to, each None for all: a year, and the keys of a topic and of an institution."""

    year: int | None = None
    topic: int | None = None
    institution: int | None = None


EVERYTHING = Narrow()


@dataclass(frozen=True, slots=True)
class DatedPage:
    """One page of works, newest first; `count` stops at one beyond the bound; `after` is where the next page begins."""

    ids: Sequence[int]
    count: int
    after: Position | None


def read_text(text: str) -> str:
    """What was typed, with the dashes of a title taken out: only one right before a word means that it is unwanted."""
    return DASHES.sub(" ", text)


def find_works(text: str, narrow: Narrow = EVERYTHING, *, limit: int = MOST_RANKED, near: bool = True) -> Ranking:
    """Rank the works that have the words; if there are none and `near`, those with a title of words close to them."""
    given = {"text": read_text(text), "typed": text, "words": MOST_WORDS_READ, "limit": limit + 1, **narrow._asdict()}
    ids = [row[0] for row in read(BY_RELEVANCE, given)]
    if ids or not near:
        return as_ranking(ids)
    return as_ranking([row[0] for row in read(BY_NEAR_WORDS, given)], misspelt=True)


def page_by_date(text: str, after: Position | None, narrow: Narrow = EVERYTHING) -> DatedPage:
    """Return one page of the works that have the words, newest first; as fast far down as at the top."""
    start = after or FROM_THE_NEWEST
    given = {"text": read_text(text), "limit": MOST_RANKED + 1, "page": PAGE_SIZE + 1, **narrow._asdict()}
    rows = read(BY_DATE, given | {"before": start.at, "before_id": start.pk})
    shown = rows[:PAGE_SIZE]
    last = Position(shown[-1][1], shown[-1][0]) if len(rows) > PAGE_SIZE else None
    return DatedPage([row[0] for row in shown], rows[0][2] if rows else 0, last)


def find_titles(text: str, wanted: int, limit: int) -> list[int]:
    """Return works whose title begins as typed; unless so many are found as are wanted, also others with the words.

    Of those that have the words, the last one perhaps not typed to its end, up to `limit` are ranked.
    """
    words = re.findall(r"\w+", text)
    if not words or len(words[-1]) < (SHORTEST_BEGINNING if words[1:] else SHORTEST_ONLY_WORD):
        return []
    *others, last = words
    beginning = f"'{last}':*" if len(last) >= SHORTEST_UNFINISHED else f"'{last}'"
    given = {"text": " ".join(others), "last": last, "beginning": beginning, "typed": text, "limit": limit}
    found = [row[0] for row in read(BEGINNINGS, given)]
    if len(found) < wanted:
        found += [row[0] for row in read(TITLES, given)]
    return list(dict.fromkeys(found))


def read(statement: str, given: dict[str, Any]) -> list[Any]:
    """Run a search and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor)


def list_works(ids: Sequence[int]) -> list[Work]:
    """Return works in the order of the ids, with their bylines."""
    found = visible_works().in_bulk(ids)
    works = [found[pk] for pk in ids if pk in found]
    attach_bylines(works)
    return works

"""People by name: words in any order, initials, prefixes, slips of the pen. Never ranked by trust."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from profiles.models import Researcher
from search.name_match import rank_names, split_name
from search.results import MOST_RANKED, Ranking, as_ranking
from works.names import name_key

GATHERED = 20  # for each that is ranked: so many names with the written-out words are looked through for the initials
SHORTEST_PREFIX = 3  # the index would gather a tenth of all names for one or two letters

# Person by person, which OFFSET 0 sees to: nobody's topics are found by reading all works of a topic.
ON_TOPIC = """(%(topic)s::bigint IS NULL OR EXISTS (
        SELECT FROM (SELECT a.work_id FROM works_authorship a WHERE a.researcher_id = known.id OFFSET 0) mine
        JOIN works_worktopic t ON t.work_id = mine.work_id AND t.topic_id = %(topic)s))"""
AT_INSTITUTION = "(%(institution)s::bigint IS NULL OR institution_ids @> ARRAY[%(institution)s::bigint])"


def narrowed(statement: str) -> str:
    """Write into a statement what people are narrowed to; a filter that is not set costs nothing."""
    return statement.replace("AT_INSTITUTION", AT_INSTITUTION).replace("ON_TOPIC", ON_TOPIC)


# Whoever has exactly this name comes in whatever the crowd of those who have these words among others. The key is of
# the name by which works are attributed: who has hidden a name is found by `search_name` alone.
BY_WORDS = narrowed("""
    (SELECT id, search_name FROM profiles_researcher known
     WHERE name_key = ANY(%(keys)s) AND hidden_names = '{}' AND state = ANY(%(states)s)
        AND AT_INSTITUTION AND ON_TOPIC LIMIT %(limit)s)
    UNION
    (SELECT id, search_name FROM (
        SELECT id, search_name FROM profiles_researcher
        WHERE search_name_words(search_name) @@ %(words)s::tsquery AND AT_INSTITUTION AND state = ANY(%(states)s)
        LIMIT %(gathered)s
     ) known WHERE search_name ~ ALL(%(beginnings)s::text[]) AND ON_TOPIC LIMIT %(limit)s)
""")
# Of one or two letters, names and surnames that begin with them: two ranges of a B-tree.
BY_PREFIX = narrowed("""
    (SELECT id, search_name FROM (
        SELECT id, search_name FROM profiles_researcher
        WHERE search_name LIKE %(prefix)s AND state = ANY(%(states)s) LIMIT %(gathered)s
     ) known WHERE ON_TOPIC LIMIT %(limit)s)
    UNION
    (SELECT id, search_name FROM (
        SELECT id, search_name FROM profiles_researcher
        WHERE name_key COLLATE "C" >= %(from)s AND name_key COLLATE "C" < %(to)s AND hidden_names = '{}'
            AND state = ANY(%(states)s)
        ORDER BY name_key COLLATE "C", id LIMIT %(gathered)s
     ) known WHERE ON_TOPIC LIMIT %(limit)s)
""")
# The same at an institution, whose people of such beginnings the index of words can find, too.
BY_PREFIX_THERE = narrowed("""
    SELECT id, search_name FROM profiles_researcher known
    WHERE search_name_words(search_name) @@ %(words)s::tsquery AND AT_INSTITUTION AND state = ANY(%(states)s)
        AND (search_name LIKE %(prefix)s OR (
            name_key COLLATE "C" >= %(from)s AND name_key COLLATE "C" < %(to)s AND hidden_names = '{}'))
        AND ON_TOPIC
    LIMIT %(limit)s
""")
# Each typed word stands for every known word one slip away; a word that is near none is left out. They are looked
# up word by word, which OFFSET 0 sees to: joined, all known words may be gone through, 30 microseconds each.
BY_NEAR_WORDS = narrowed("""
    WITH near AS MATERIALIZED (
        SELECT string_agg(quote_literal(known.word), '|') AS words
        FROM unnest(%(words)s::text[]) AS typed (word) CROSS JOIN LATERAL (
            SELECT word FROM search_nameword w
            WHERE search_deletions(w.word) && search_deletions(typed.word) OFFSET 0
        ) known
        GROUP BY typed.word
    ), question AS MATERIALIZED (
        SELECT string_agg('(' || words || ')', '&')::tsquery AS asked FROM near
    )
    SELECT id, search_name FROM question, profiles_researcher known
    WHERE search_name_words(search_name) @@ asked AND AT_INSTITUTION AND state = ANY(%(states)s) AND ON_TOPIC
    LIMIT %(limit)s
""")


def find_people(
    text: str,
    *,
    claimed: bool | None = None,
    topic_id: int | None = None,
    institution_id: int | None = None,
    limit: int = MOST_RANKED,
    near: bool = True,
) -> Ranking:
    """Rank the people whose name has the words; if there are none and `near`, those whose name is close to it."""
    asked = split_name(text)
    if not asked:
        return Ranking([])
    common = {
        "states": states(claimed=claimed),
        "limit": limit + 1,
        "gathered": GATHERED * limit + 1,
        "topic": topic_id,
        "institution": institution_id,
    }
    found = read(*literal_question(text, asked, anywhere=institution_id is None), common)
    if found or not near:
        return as_ranking(rank_names(asked, found))
    words = [word for word in asked if len(word) >= SHORTEST_PREFIX]
    found = read(BY_NEAR_WORDS, {"words": words}, common)
    return as_ranking(rank_names(asked, found), misspelt=True)


def states(*, claimed: bool | None) -> list[str]:
    """Return the states of the records that may be found."""
    if claimed is None:
        return list(Researcher.LISTED_STATES)
    return [Researcher.State.CLAIMED if claimed else Researcher.State.UNCLAIMED]


def literal_question(text: str, asked: Sequence[str], *, anywhere: bool) -> tuple[str, dict[str, Any]]:
    """Choose how the words as typed are looked up: by the index of words, or by prefix where they are too short.

    `anywhere` says that no institution narrows the search.
    """
    words = [word for word in asked if len(word) > 1 or not word.isascii()]
    if not words or (len(asked) == 1 and len(asked[0]) < SHORTEST_PREFIX and asked[0].isascii()):
        start = " ".join(asked)
        given = {"prefix": f"{escape_like(start)}%", "from": start, "to": f"{start}\U0010ffff"}
        if anywhere:
            return BY_PREFIX, given
        return BY_PREFIX_THERE, given | {"words": " & ".join(f"{quote_lexeme(word)}:*" for word in asked)}
    beginnings = [f"(^|[ /-]){word}" for word in asked if len(word) == 1 and word.isascii() and word.isalnum()]
    if len(asked) > 1 and len(asked[-1]) == 2 and len(words) > 1 and asked[-1].isalnum():
        beginnings.append(f"(^|[ /-]){words.pop()}")
    return BY_WORDS, {"keys": name_keys(text, asked), "words": words_query(words), "beginnings": beginnings}


def name_keys(text: str, asked: Sequence[str]) -> list[str]:
    """The keys under which this name may be stored, read given name first and family name first."""
    first, *others = asked
    return sorted({name_key(text), name_key(f"{first}, {' '.join(others)}"), name_key(" ".join(asked))})


def words_query(words: Sequence[str]) -> str:
    """Write a tsquery for all the words, a longer one also as the beginning of a word."""
    return " & ".join(f"{quote_lexeme(word)}{':*' if len(word) >= SHORTEST_PREFIX else ''}" for word in words)


def quote_lexeme(word: str) -> str:
    """Write a word so that a tsquery reads nothing else into it."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def escape_like(text: str) -> str:
    """Write a text so that LIKE reads no pattern into it."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def read(statement: str, particular: dict[str, Any], common: dict[str, Any]) -> list[tuple[int, str]]:
    """Run a search; return (id, search_name) of what it finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, common | particular)
        return list(cursor)


def list_people(ids: Sequence[int]) -> list[Researcher]:
    """Return researchers in the order of the ids."""
    found = Researcher.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]

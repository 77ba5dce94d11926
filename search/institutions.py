"""Institutions by name."""

from collections.abc import Sequence

from django.db import connection

from search.results import MOST_RANKED, Ranking, as_ranking
from works.models import Institution

BY_WORDS = """
    SELECT id FROM (
        SELECT id, name FROM works_institution WHERE search_title_words(name) @@ (
            websearch_to_tsquery('bzpeer', %(text)s) && to_tsquery('bzpeer', %(beginning)s))
        LIMIT %(limit)s
    ) found
    ORDER BY strpos(lower(name), lower(%(typed)s)) = 1 DESC, strpos(lower(name), lower(%(typed)s)) > 0 DESC,
        length(name), name, id
"""
BY_LIKENESS = """
    SELECT id FROM (
        SELECT id, name FROM works_institution WHERE %(typed)s <%% name LIMIT %(limit)s
    ) found
    ORDER BY word_similarity(%(typed)s, name) DESC, length(name), name, id
"""


def find_institutions(text: str, *, limit: int = MOST_RANKED, near: bool = True) -> Ranking:
    """Rank the institutions that have the words; if there are none and `near`, those with a similar name."""
    *words, last = text.split() or [""]
    letters = "".join(letter for letter in last if letter.isalnum())
    given: dict[str, str | int] = {
        "text": " ".join(words),
        "typed": text,
        "limit": limit + 1,
        "beginning": f"'{letters}':*" if letters else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_WORDS, given)
        ids = [row[0] for row in cursor]
        if ids or not near:
            return as_ranking(ids)
        cursor.execute(BY_LIKENESS, given)
        return as_ranking([row[0] for row in cursor], misspelt=True)


def list_institutions(ids: Sequence[int]) -> list[Institution]:
    """Return institutions in the order of the ids."""
    found = Institution.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]

"""An eighth of all works is searched before the others, by indexes of its own: only what a search costs changes."""

import pytest
from django.db import connection

from search.works import BY_DATE, BY_RELEVANCE, EVERYTHING, find_works, page_by_date
from tests.factories import import_records, make_record
from works.models import Work
from works.position import FROM_THE_NEWEST

pytestmark = pytest.mark.django_db
MANY = 24
GIVEN = {
    **EVERYTHING._asdict(),
    "text": "engine",
    "typed": "engine",
    "limit": 10,
    "page": 10,
    "before": FROM_THE_NEWEST.at,
    "before_id": FROM_THE_NEWEST.pk,
}


@pytest.fixture
def engines() -> set[int]:
    """Works of both parts, half of which have the word in the abstract alone."""
    records = [
        make_record(title=f"Engine {n}") if n % 2 else make_record(title=f"Mill {n}", abstract="Of an engine.")
        for n in range(MANY)
    ]
    import_records(*records)
    ids = set(Work.objects.values_list("pk", flat=True))
    assert {pk % 8 == 0 for pk in ids} == {True, False}
    return ids


def test_works_of_both_parts_are_found_once(engines: set[int]) -> None:
    ranking = find_works("engine")
    assert sorted(ranking.ids) == sorted(engines)


@pytest.mark.parametrize("bound", [1, 4, MANY // 2, MANY - 1])
def test_no_more_than_the_bound_is_ranked_titles_first(engines: set[int], bound: int) -> None:
    ids = list(find_works("engine", limit=bound).ids)
    assert len(ids) == len(set(ids))
    titles = Work.objects.in_bulk(ids)
    in_title = [titles[pk].title.startswith("Engine") for pk in ids]
    assert in_title == sorted(in_title, reverse=True)
    assert sum(in_title) >= min(bound, MANY // 2)


def test_works_by_date_are_counted_in_both_parts(engines: set[int]) -> None:
    assert page_by_date("engine", None).count == len(engines)


@pytest.mark.parametrize("statement", [BY_RELEVANCE, BY_DATE])
def test_the_indexes_of_the_eighth_are_those_that_are_asked(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", GIVEN)
        plan = "\n".join(row[0] for row in cursor)
    assert "search_work_some_titles" in plan
    assert "search_work_some_texts" in plan

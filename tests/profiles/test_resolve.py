"""The first identity rule: same full name, not contradicted."""

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.identity.resolve import Candidate, Mention, assign
from profiles.models import Researcher
from profiles.services import catch_up, list_works_left_behind
from tests.factories import get_person, import_records, make_author, make_record
from works.arxiv.load import load_records
from works.models import Authorship


def groups(
    mentions: list[Mention], candidates: Sequence[Candidate] = (), taken: Sequence[tuple[int, int]] = ()
) -> list[tuple[int | None, list[int]]]:
    people = assign(mentions, candidates, taken)
    return sorted(
        ((p.researcher_id, sorted(m.authorship_id for m in p.mentions)) for p in people), key=lambda pair: pair[1]
    )


def test_the_same_full_name_is_one_person() -> None:
    assert groups([Mention(1, 10, "Ada Lovelace", "lovelace|ada"), Mention(2, 11, "Ada Lovelace", "lovelace|ada")]) == [
        (None, [1, 2])
    ]


def test_a_known_researcher_of_that_name_is_taken() -> None:
    assert groups([Mention(1, 10, "Ada Lovelace", "k")], [Candidate(7, "k")]) == [(7, [1])]


def test_nobody_holds_two_positions_of_one_byline() -> None:
    twice = [Mention(1, 10, "Wei Wang", "k"), Mention(2, 10, "Wei Wang", "k")]
    assert groups(twice) == [(None, [1]), (None, [2])]
    assert groups(twice[:1], [Candidate(7, "k")], [(7, 10)]) == [(None, [1])]


def test_initials_stay_by_themselves() -> None:
    assert groups([Mention(1, 10, "E. Hu", "hu|e", is_full=False), Mention(2, 11, "E. Hu", "hu|e", is_full=False)]) == [
        (None, [1]),
        (None, [2]),
    ]


@pytest.mark.django_db
def test_resolution_makes_records_and_leaves_them_alone_the_next_time() -> None:
    records = [
        make_record(authors=["José Pérez", "Ada Lovelace", make_author("LHCb", kind="collaboration")]),
        make_record(authors=["Jose Perez", "E. Hu"]),
        make_record(authors=["E. Hu"]),
    ]
    import_records(*records)
    perez = get_person("José Pérez")
    assert perez.name_variants == ["José Pérez", "Jose Perez"]
    assert perez.authorships.count() == 2
    assert perez.slug == "jose-perez"
    assert Researcher.objects.filter(display_name="E. Hu").count() == 2
    assert not Authorship.objects.filter(kind="collaboration", researcher__isnull=False).exists()
    before = list(Researcher.objects.values_list("pk", "name_variants"))
    assert catch_up() == 0
    assert list(Researcher.objects.values_list("pk", "name_variants")) == before


@pytest.mark.django_db
def test_a_merged_record_attracts_nothing_more() -> None:
    import_records(make_record(authors=["Ada Lovelace"]))
    merged = get_person("Ada Lovelace")
    into = Researcher.objects.create(
        display_name="Ada King", slug="ada-king", name_key="king|ada", search_name="ada king"
    )
    Authorship.objects.update(researcher=into)
    Researcher.objects.filter(pk=merged.pk).update(state="merged", merged_into=into)
    import_records(make_record(authors=["Ada Lovelace"]))
    assert merged.authorships.count() == 0


@pytest.mark.django_db
def test_what_a_lost_task_left_behind_is_found_and_done() -> None:
    load_records([make_record(authors=["Ada Lovelace", "Charles Babbage"])])
    assert len(list_works_left_behind(10)) == 1
    assert catch_up() == 1
    assert list_works_left_behind(10) == []
    assert get_person("Ada Lovelace").trust.facts["works"] == 1


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_page() -> None:
    def queries_for(number: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            import_records(*(make_record(authors=[f"Given Family{number}x{each}"]) for each in range(number)))
        return len(queries)

    assert queries_for(2) == queries_for(200)

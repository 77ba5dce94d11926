"""The first identity rule: same full name, not contradicted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Researcher
from profiles.services import catch_up, list_works_left_behind
from tests.factories import get_person, import_records, make_author, make_record
from works.arxiv.load import load_records
from works.models import Authorship


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
    assert get_person("E. Hu").authorships.count() == 2
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

"""Loading the registry: created, updated, unchanged; loading it twice changes no row."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import import_records, make_author, make_record
from tests.works.institutions.registry import (
    ACADEMY,
    EXTON,
    INSTITUTE,
    REGISTRY,
    import_registry,
    make_organisation,
    write_registry,
)
from works.models import AffiliationMatch, Institution, InstitutionName, InstitutionRelation

pytestmark = pytest.mark.django_db


def all_rows() -> list[tuple[object, ...]]:
    rows = []
    with connection.cursor() as cursor:
        for table in ("works_institution", "works_institutionname", "works_institutionrelation"):
            cursor.execute(f"SELECT xmin::text, ctid::text, t::text FROM {table} t ORDER BY ctid")  # noqa: S608
            rows += cursor.fetchall()
    return rows


def test_an_organisation_becomes_an_institution_with_its_names_and_parent() -> None:
    done = import_registry()
    assert (done.created, done.updated, done.unchanged, done.rejected) == (5, 0, 0, 0)
    found = Institution.objects.get(ror_id="01aaaaa33")
    assert (found.name, found.country_code, found.city, found.website) == (
        "Institute of Physics", "HU", "Wye", "https://uni.example.org",
    )  # fmt: skip
    assert list(found.names.values_list("kind", "value")) == [("acronym", "IOP"), ("name", "Institute of Physics")]
    assert found.get_absolute_url() == "/institutions/01aaaaa33/"
    assert found.relations.get().related.ror_id == "01aaaaa22"


def test_loading_twice_changes_no_row() -> None:
    import_registry()
    before = all_rows()
    done = import_registry()
    assert (done.created, done.updated, done.unchanged) == (0, 0, 5)
    assert all_rows() == before


def test_an_institution_follows_its_record_and_keeps_its_key() -> None:
    import_registry()
    key = Institution.objects.get(ror_id="01aaaaa11").pk
    renamed = make_organisation(
        "01aaaaa11", "Exton State University", aliases=["University of Exton"], status="inactive"
    )
    done = import_registry([renamed, INSTITUTE | {"relationships": []}])
    assert (done.created, done.updated, done.unchanged) == (0, 2, 0)
    found = Institution.objects.get(pk=key)
    assert (found.name, found.status) == ("Exton State University", "inactive")
    assert sorted(found.names.values_list("value", flat=True)) == ["Exton State University", "University of Exton"]
    assert not InstitutionRelation.objects.exists()
    assert Institution.objects.count() == 5, "a partial dump deletes nothing"


def test_a_bad_record_is_counted_and_the_others_load() -> None:
    done = import_registry([EXTON, {"id": 1}, ACADEMY, EXTON])
    assert (done.created, done.rejected) == (2, 1)
    assert done.first_reason.startswith("record 2: ")


def test_of_a_record_that_comes_twice_the_last_counts() -> None:
    import_registry([make_organisation("01aaaaa11", "Old", aliases=["Older"]), make_organisation("01aaaaa11", "New")])
    assert Institution.objects.get().name == "New"
    assert InstitutionName.objects.get().value == "New"


def test_the_number_of_queries_does_not_grow() -> None:
    def queries_for(number: int, letter: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            import_registry([make_organisation(f"0{letter}aaa{n:04}", f"University {n}") for n in range(number)])
        return len(queries)

    assert queries_for(2, "a") == queries_for(200, "b")


def test_the_command_imports_and_matches(tmp_path: Path) -> None:
    import_records(make_record(authors=[make_author("Ada Lovelace", "University of Exton")]))
    out = StringIO()
    call_command("import_ror", write_registry(tmp_path / "ror.json"), stdout=out)
    assert "5 created, 0 updated, 0 unchanged, 0 rejected" in out.getvalue()
    assert "1 of 1 printed affiliations matched" in out.getvalue()
    assert AffiliationMatch.objects.get().institution.ror_id == "01aaaaa11"


def test_a_file_that_is_cut_off_imports_nothing(tmp_path: Path) -> None:
    path = write_registry(tmp_path / "ror.json")
    path.write_text(path.read_text()[:-20])
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_ror", path)
    assert not Institution.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"ror_id": "0iiiiii11"}, {"name": ""}, {"status": "closed"}, {"ror_id": REGISTRY[0]["id"][-9:]}]
)
def test_the_database_refuses_what_is_no_institution(wrong: dict[str, str]) -> None:
    import_registry([EXTON])
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.create(**({"name": "X", "ror_id": None} | wrong))

"""A curator's correction is shown instead of the import, survives it, and can be undone; nothing is overwritten."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from profiles.services import update_profiles_of_works
from tests.factories import get_person, import_records, make_record
from works.arxiv.load import load_records
from works.curate import correct_work, undo_correction
from works.models import Work, WorkCorrection

pytestmark = pytest.mark.django_db

RECORD = make_record(title="Teh title", authors=["Ada Lovelace"], year=2020, doi="10.1000/wrong")


@pytest.fixture
def work() -> Work:
    import_records(RECORD)
    return Work.objects.get()


def column(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM works_work")  # noqa: S608
        (value,) = cursor.fetchone() or (None,)
    return value


def fix(work: Work, curator: User, field: str, value: str) -> WorkCorrection:
    return correct_work(work.pk, field=field, value=value, reason="It says so in the PDF", by=curator)


def test_a_correction_is_shown_everywhere_and_the_import_stays(work: Work, curator: User, client: Client) -> None:
    fix(work, curator, "title", "The title")
    assert column("title") == "Teh title"
    for url in (work.get_absolute_url(), get_person("Ada Lovelace").get_absolute_url()):
        page = client.get(url).content.decode()
        assert "The title" in page
        assert "Teh title" not in page
    assert "It says so in the PDF" in client.get(work.get_absolute_url()).content.decode()


def test_it_survives_the_next_import_and_the_import_goes_on(work: Work, curator: User) -> None:
    fix(work, curator, "title", "The title")
    load_records([replace(RECORD, title="Teh new title", abstract="New")])
    shown = Work.objects.get()
    assert (shown.title, shown.imported, shown.abstract) == ("The title", {"title": "Teh new title"}, "New")
    assert column("title") == "Teh new title"


def test_undone_it_shows_what_the_import_says_by_then(work: Work, curator: User) -> None:
    correction = fix(work, curator, "title", "The title")
    load_records([replace(RECORD, title="A third title")])
    undo_correction(correction, by=curator)
    undo_correction(correction, by=curator)
    correction.refresh_from_db()
    assert (Work.objects.get().title, column("curated")) == ("A third title", None)
    assert (correction.undone_by, correction.undone_at is not None) == (curator, True)


def test_a_second_correction_takes_the_place_of_the_first(work: Work, curator: User) -> None:
    fix(work, curator, "title", "First")
    fix(work, curator, "title", "Second")
    fix(work, curator, "abstract", "One.\n\nTwo.")
    assert (Work.objects.get().title, Work.objects.get().abstract) == ("Second", "One.\n\nTwo.")
    assert WorkCorrection.objects.filter(field="title").count() == 2


def test_year_and_doi_count_as_they_are_shown(work: Work, curator: User, client: Client) -> None:
    import_records(make_record(authors=["Ada Lovelace"], year=2021))
    update_profiles_of_works([work.pk])
    fix(work, curator, "year", "2022")
    fix(work, curator, "doi", "")
    update_profiles_of_works([work.pk])
    ada = get_person("Ada Lovelace")
    assert (ada.trust.facts["active_years"], ada.trust.facts["works_of_record"]) == (2, 0)
    page = client.get(ada.get_absolute_url()).content.decode()
    assert page.index("Teh title") < page.index("Work number")  # 2022 before 2021
    assert "Teh title" in client.get(f"{ada.get_absolute_url()}?year=2022").content.decode()
    assert "Teh title" not in client.get(f"{ada.get_absolute_url()}?year=2021").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("title", "", "why"),
        ("title", "x", ""),
        ("year", "soon", "why"),
        ("year", "2022 AD", "why"),
        ("hidden", "x", "y"),
        ("doi", "\0", "why"),
    ],
)
def test_what_makes_no_sense_is_refused(work: Work, curator: User, field: str, value: str, reason: str) -> None:
    with pytest.raises(ValidationError):
        correct_work(work.pk, field=field, value=value, reason=reason, by=curator)
    assert not WorkCorrection.objects.exists()


def test_the_database_holds_to_one_correction_of_a_field(work: Work, curator: User) -> None:
    fix(work, curator, "title", "First")
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkCorrection.objects.create(work=work, field="title", value="Second", reason="why")


def test_a_corrected_work_cannot_be_saved_over_its_import(work: Work, curator: User) -> None:
    fix(work, curator, "title", "The title")
    shown = Work.objects.get()
    with pytest.raises(ValueError, match="title"):
        shown.save()
    with pytest.raises(ValueError, match="title"):
        shown.save(update_fields=["title"])
    shown.save(update_fields=["hidden"])
    assert column("title") == "Teh title"


def test_a_curator_corrects_and_undoes_in_the_admin(work: Work, as_curator: Client, curator: User) -> None:
    sent = {"work": work.pk, "field": "title", "value": "The title", "reason": "PDF"}
    assert as_curator.post("/admin/works/workcorrection/add/", sent).status_code == 302
    correction = WorkCorrection.objects.get()
    assert (correction.made_by, Work.objects.get().title) == (curator, "The title")
    assert "The title" in as_curator.get("/admin/works/workcorrection/").content.decode()
    assert as_curator.get(f"/admin/works/work/{work.pk}/change/").status_code == 200
    as_curator.post("/admin/works/workcorrection/", {"action": "undo", "_selected_action": correction.pk})
    assert Work.objects.get().title == "Teh title"
    sent["value"] = ""
    assert "correct the error" in as_curator.post("/admin/works/workcorrection/add/", sent).content.decode()


def test_a_member_may_not(work: Work, as_member: Client) -> None:
    assert as_member.get("/admin/works/workcorrection/add/").status_code == 302
    as_member.post("/admin/works/workcorrection/add/", {"work": work.pk, "field": "title", "value": "x", "reason": "y"})
    assert not WorkCorrection.objects.exists()

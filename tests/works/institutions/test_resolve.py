"""Printed affiliations against the institutions in the database: by distinct text, kept, repeatable."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import import_records, make_author, make_record
from tests.works.institutions.registry import EXTON, import_registry, make_organisation
from works.institutions.resolve import match_printed_affiliations
from works.models import AffiliationMatch, Institution, PrintedAffiliation, Work

pytestmark = pytest.mark.django_db


def print_affiliations(*affiliations: str) -> None:
    authors = [make_author(f"Given{number} Family", text) for number, text in enumerate(affiliations)]
    import_records(make_record(authors=authors))


def test_each_distinct_text_is_looked_at_once() -> None:
    import_registry()
    print_affiliations("University of Exton", "University of Exton", "Unknown House", "")
    done = match_printed_affiliations()
    assert (done.looked_at, done.matched) == (2, 1)
    assert match_printed_affiliations().looked_at == 0
    match = AffiliationMatch.objects.get()
    assert (match.printed_affiliation.text, match.institution.name, match.position, match.score) == (
        "University of Exton", "University of Exton", 1, 85,
    )  # fmt: skip
    assert match.reasons[0] == "its name “University of Exton” stands there (+75)"
    assert PrintedAffiliation.objects.get(text="Unknown House").matches.count() == 0


def test_without_a_registry_nothing_is_settled() -> None:
    print_affiliations("University of Exton")
    assert match_printed_affiliations().looked_at == 0
    import_registry()
    assert match_printed_affiliations().matched == 1


def test_only_the_works_asked_for() -> None:
    import_registry()
    print_affiliations("University of Exton")
    print_affiliations("Wye Academy of Sciences")
    newest = Work.objects.latest("pk")
    assert match_printed_affiliations([newest.pk]).looked_at == 1
    assert AffiliationMatch.objects.get().institution.ror_id == "01aaaaa22"


def test_what_changes_in_the_registry_is_matched_again() -> None:
    import_registry([EXTON])
    print_affiliations("University of Exton", "Wye House")
    match_printed_affiliations()
    import_registry([EXTON | {"status": "withdrawn"}, make_organisation("02aaaaa11", "Wye House")])
    out = StringIO()
    call_command("match_affiliations", "--again", stdout=out)
    assert "1 of 2" in out.getvalue()
    assert AffiliationMatch.objects.get().institution.ror_id == "02aaaaa11"


def test_a_text_longer_than_an_index_holds() -> None:
    import_registry()
    print_affiliations(f"University of Exton; {'x' * 9000}")
    assert match_printed_affiliations().matched == 1


def test_the_number_of_queries_does_not_grow() -> None:
    import_registry()

    def queries_for(number: int, word: str) -> int:
        print_affiliations(*(f"University of Exton, {word} {n}" for n in range(number)))
        with CaptureQueriesContext(connection) as queries:
            assert match_printed_affiliations().looked_at == number
        return len(queries)

    match_printed_affiliations()
    assert queries_for(2, "room") == queries_for(200, "floor")


def test_the_database_keeps_matches_in_order() -> None:
    import_registry()
    print_affiliations("University of Exton")
    match_printed_affiliations()
    match = AffiliationMatch.objects.get()
    copied = {"matched_name": match.matched_name, "printed_affiliation": match.printed_affiliation}
    other = Institution.objects.get(ror_id="01aaaaa22")
    for wrong in (
        {"position": 1, "institution": other, "score": 90},
        {"position": 2, "institution": match.institution, "score": 90},
        {"position": 3, "institution": other, "score": 101},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AffiliationMatch.objects.create(**copied, **wrong)

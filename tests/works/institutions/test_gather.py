"""The institutions beside a work: as its bylines and the matcher's answers say, whichever of the two changes."""

import pytest

from tests.factories import import_records, make_author, make_record
from tests.works.institutions.registry import EXTON, import_registry, make_organisation
from works.arxiv.records import ParsedRecord
from works.institutions.gather import gather_institutions
from works.institutions.resolve import match_printed_affiliations
from works.models import AffiliationMatch, Institution, PrintedAffiliation, Work

pytestmark = pytest.mark.django_db


def printing(*affiliations: str, arxiv_id: str = "2001.00001") -> ParsedRecord:
    authors = [make_author(f"Given{number} Family", text) for number, text in enumerate(affiliations)]
    return make_record(authors=authors, arxiv_id=arxiv_id)


def institutions_of(arxiv_id: str = "2001.00001") -> list[str | None]:
    ids = Work.objects.values_list("institution_ids", flat=True).get(arxiv_id=arxiv_id)
    assert ids == sorted(set(ids))
    return list(Institution.objects.filter(pk__in=ids).order_by("ror_id").values_list("ror_id", flat=True))


def test_a_work_has_what_its_bylines_print_each_once() -> None:
    import_registry()
    import_records(printing("University of Exton", "Univ. of Exton; Wye Academy of Sciences", "Nowhere", ""))
    match_printed_affiliations()
    assert institutions_of() == ["01aaaaa11", "01aaaaa22"]


def test_a_new_work_with_a_known_text_has_it_too_and_others_are_left_alone() -> None:
    import_registry()
    import_records(printing("University of Exton"))
    match_printed_affiliations()
    import_records(printing("University of Exton", arxiv_id="2001.00002"), printing("", arxiv_id="2001.00003"))
    new = list(Work.objects.exclude(arxiv_id="2001.00001").values_list("pk", flat=True))
    assert match_printed_affiliations(new).looked_at == 0
    assert (institutions_of("2001.00002"), institutions_of("2001.00003")) == (["01aaaaa11"], [])
    assert gather_institutions() == 0


def test_a_byline_that_prints_it_no_more_takes_it_away() -> None:
    import_registry()
    import_records(printing("University of Exton"))
    match_printed_affiliations()
    import_records(printing("Wye Academy of Sciences"))
    match_printed_affiliations([Work.objects.get().pk])
    assert institutions_of() == ["01aaaaa22"]
    import_records(printing("Nowhere"))
    match_printed_affiliations()
    assert institutions_of() == []


def test_another_answer_of_the_matcher_reaches_works_that_nobody_named() -> None:
    import_registry([EXTON])
    import_records(printing("University of Exton", "Wye House"))
    match_printed_affiliations()
    import_registry([EXTON | {"status": "withdrawn"}, make_organisation("02aaaaa11", "Wye House")])
    match_printed_affiliations([], again=True)
    assert institutions_of() == ["02aaaaa11"]


def test_what_a_lost_task_left_out_comes_by_itself() -> None:
    import_registry()
    import_records(printing("University of Exton"))
    printed = PrintedAffiliation.objects.create(text="University of Exton", matcher_version=32000)
    exton = Institution.objects.get(ror_id="01aaaaa11")
    AffiliationMatch.objects.create(
        printed_affiliation=printed, position=1, institution=exton, score=90, matched_name="University of Exton"
    )
    assert institutions_of() == []
    assert match_printed_affiliations().looked_at == 0
    assert institutions_of() == ["01aaaaa11"]

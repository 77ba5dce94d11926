"""The institutions beside a person: as bylines, decisions about them and the matcher's answers say."""

import pytest

from accounts.models import User
from profiles.curation.mandate import Mandate
from profiles.curation.mark import mark_authorships, unmark
from profiles.curation.merge import merge_researchers
from profiles.curation.move import split_authorships
from profiles.curation.undo import undo_operation
from profiles.gather_institutions import gather_institutions_on
from profiles.models import IdentityDecision, Researcher
from profiles.services import update_profiles_of_works
from search.people import find_people
from tests.factories import get_person, import_records, make_author, make_record
from tests.works.institutions.registry import EXTON, import_registry, make_organisation
from works.curate import set_hidden
from works.institutions.resolve import match_printed_affiliations
from works.models import Institution, Work

pytestmark = pytest.mark.django_db

AT_EXTON, AT_WYE = "01aaaaa11", "01aaaaa22"


@pytest.fixture
def mandate(curator: User) -> Mandate:
    return Mandate(curator, "Somebody else's.")


@pytest.fixture
def ada() -> Researcher:
    """One work at Exton, one at Wye, each with Charles at Exton."""
    import_registry()
    charles = make_author("Charles Babbage", "Univ. of Exton")
    for arxiv_id, printed in (("2001.00001", "University of Exton"), ("2001.00002", "Wye Academy of Sciences")):
        import_records(make_record(authors=[make_author("Ada Lovelace", printed), charles], arxiv_id=arxiv_id))
    match_printed_affiliations()
    return get_person("Ada Lovelace")


def institutions_of(researcher: Researcher) -> list[str | None]:
    ids = Researcher.objects.values_list("institution_ids", flat=True).get(pk=researcher.pk)
    assert ids == sorted(set(ids))
    return list(Institution.objects.filter(pk__in=ids).order_by("ror_id").values_list("ror_id", flat=True))


def test_a_person_has_what_their_own_bylines_print(ada: Researcher) -> None:
    assert institutions_of(ada) == [AT_EXTON, AT_WYE]
    assert institutions_of(get_person("Charles Babbage")) == [AT_EXTON]
    assert gather_institutions_on(None) == 0


def test_a_work_that_comes_later_with_a_known_text_counts_before_the_matcher_runs(ada: Researcher) -> None:
    import_records(make_record(authors=[make_author("Mary Somerville", "University of Exton")], arxiv_id="2001.00003"))
    assert institutions_of(get_person("Mary Somerville")) == [AT_EXTON]
    assert institutions_of(ada) == [AT_EXTON, AT_WYE]


def test_a_byline_that_prints_it_no_more_takes_it_away(ada: Researcher) -> None:
    import_records(make_record(authors=[make_author("Ada Lovelace", "Nowhere")], arxiv_id="2001.00002"))
    assert institutions_of(ada) == [AT_EXTON]


def test_another_answer_of_the_matcher_reaches_people_whom_nobody_named() -> None:
    import_registry([EXTON])
    import_records(make_record(authors=[make_author("Ada Lovelace", "University of Exton; Wye House")]))
    match_printed_affiliations()
    import_registry([EXTON | {"status": "withdrawn"}, make_organisation("02aaaaa11", "Wye House")])
    match_printed_affiliations([], again=True)
    assert institutions_of(get_person("Ada Lovelace")) == ["02aaaaa11"]


def test_a_work_said_not_to_be_theirs_takes_it_away_until_that_is_taken_back(ada: Researcher, mandate: Mandate) -> None:
    rows = list(ada.authorships.filter(work__arxiv_id="2001.00002"))
    (decision,) = mark_authorships(rows, ada, IdentityDecision.Kind.NOT_BY, mandate)
    assert institutions_of(ada) == [AT_EXTON]
    unmark(decision, rows[0].attribution, mandate)
    assert institutions_of(ada) == [AT_EXTON, AT_WYE]


def test_it_moves_with_the_works_and_back(ada: Researcher, mandate: Mandate) -> None:
    wye = ada.authorships.get(work__arxiv_id="2001.00002")
    split = split_authorships([wye.pk], source=ada, mandate=mandate)
    assert (institutions_of(ada), institutions_of(split.target)) == ([AT_EXTON], [AT_WYE])
    undo_operation(split, Mandate(mandate.user, "A slip."))
    assert institutions_of(ada) == [AT_EXTON, AT_WYE]


def test_whoever_takes_another_record_in_has_its_institutions_too(ada: Researcher, mandate: Mandate) -> None:
    import_records(make_record(authors=[make_author("Augusta King", "Northern University, Ipswich")]))
    match_printed_affiliations()
    king = get_person("Augusta King")
    assert institutions_of(king) == ["01aaaaa44"]
    merge_researchers(king, ada, mandate)
    assert (institutions_of(king), institutions_of(ada)) == ([], [AT_EXTON, AT_WYE, "01aaaaa44"])


def test_a_hidden_work_says_nothing_of_anybody(ada: Researcher) -> None:
    wye = Institution.objects.get(ror_id=AT_WYE).pk
    assert list(find_people("ada", institution_id=wye).ids) == [ada.pk]
    work = Work.objects.get(arxiv_id="2001.00002")
    set_hidden(work, hidden=True)
    update_profiles_of_works([work.pk])  # as the worker does
    assert list(find_people("ada", institution_id=wye).ids) == []
    assert institutions_of(ada) == [AT_EXTON]

"""The matcher on a registry of a few made-up organisations, and on the real one with labels made by hand."""

import pytest
from hypothesis import given, strategies as st

from tests.works.institutions.labelled import index_registry, judge, read_labels
from tests.works.institutions.registry import REGISTRY, make_organisation
from tests.works.shared_data import needs_shared_data
from works.institutions.affiliation_text import read_affiliation, split_pieces
from works.institutions.index import InstitutionIndex, index_organisations
from works.institutions.match import Match, match_affiliation
from works.institutions.ror import read_organisation
from works.institutions.words import name_words

MORE = [
    make_organisation("02aaaaa11", "Acme (United States)", country="US", city="Ipswich"),
    make_organisation("02aaaaa22", "Acme (Germany)", country="DE", city="Ulm", parents=["02aaaaa11"]),
    make_organisation("02aaaaa33", "University of Wye System", aliases=["University of Wye"], city="Wye"),
    make_organisation("02aaaaa44", "Ulm"),
    make_organisation("02aaaaa66", "Institute for Bells", country="FR", city="Reims"),
    make_organisation("02aaaaa55", "University of Ipswich", country="US", city="Ipswich"),
]


@pytest.fixture(scope="module")
def index() -> InstitutionIndex:
    return index_organisations(map(read_organisation, [*REGISTRY, *MORE]))


def names(matches: list[Match]) -> list[str]:
    return [match.organisation.name for match in matches]


@pytest.mark.parametrize(
    "printed",
    [
        "University of Exton",
        "UNIVERSITY OF EXTON, Exton, UK",
        "Dept. of Physics, Univ. of Exton, Exton EX1 2AB, United Kingdom",
        "Department of Physics University of Exton",
        "Department of Physics and Astronomy at the University of Exton",
        "University of Exton Department of Physics",
        "Università di Exton",
        "Exton College",
        "Exton University, England",
        "UEX, Exton, UK",
        "The University of Exton, ada@uex.ac.uk",
    ],
)
def test_a_name_is_found_however_it_is_printed(index: InstitutionIndex, printed: str) -> None:
    assert names(match_affiliation(printed, index)) == ["University of Exton"]


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "Department of Physics",
        "UEX",
        "University of Exton Press",
        "New University of Exton",
        "University of Exton, Canada",
        "University of Exton, Ipswich, USA",
        "Northern University",
        "Institute of Physics",
        "Institute of Physics, Exton",
        "Acme Research",
        "University of Wye",
        "Hospital, Ulm, Germany",
        "U.L.M.",
    ],
)
def test_it_is_silent_when_unsure(index: InstitutionIndex, printed: str) -> None:
    assert match_affiliation(printed, index) == []


@pytest.mark.parametrize(
    ("printed", "country"),
    [
        ("Northern University, Shenyang", "CN"),
        ("Northern University, P. R. China", "CN"),
        ("Northern Univ., Ipswich, MA", "US"),
        ("Acme, Ulm", "DE"),
        ("Acme, Ipswich", "US"),
    ],
)
def test_places_tell_namesakes_apart(index: InstitutionIndex, printed: str, country: str) -> None:
    assert [match.organisation.country_code for match in match_affiliation(printed, index)] == [country]


def test_a_part_speaks_for_itself_and_its_parent_is_left_out(index: InstitutionIndex) -> None:
    printed = "Institute of Physics, Wye Academy of Sciences, Wye, Hungary"
    assert names(match_affiliation(printed, index)) == ["Institute of Physics"]
    assert names(match_affiliation("Institute for Bells, University of Exton", index)) == ["University of Exton"]
    assert names(match_affiliation("University of Exton, IOP, Hungary, UK, Wye", index)) == ["University of Exton"]
    stranger = "Institute of Physics, University of Exton, Wye, Hungary and United Kingdom"
    assert names(match_affiliation(stranger, index)) == ["University of Exton"]


def test_several_affiliations_are_answered_in_their_order(index: InstitutionIndex) -> None:
    printed = "Northern University, Shenyang; University of Exton; Unknown House; University of Exton"
    assert names(match_affiliation(printed, index)) == ["Northern University", "University of Exton"]


def test_a_city_after_a_comma_is_no_part_of_a_name(index: InstitutionIndex) -> None:
    assert names(match_affiliation("Northern University, Ipswich, USA", index)) == ["Northern University"]


def test_an_answer_says_why(index: InstitutionIndex) -> None:
    (match,) = match_affiliation("Dept. of Physics, Univ. of Exton, Exton, UK", index)
    assert match.name == "University of Exton"
    assert match.score == 100
    assert match.reasons == (
        "its name “University of Exton” stands there (+75)",
        "nothing else stands between the commas (+10)",
        "the text names its country, GB (+15)",
        "the text names its city (+15)",
    )


def test_words_of_a_name() -> None:
    assert name_words("Univ. Wien") == name_words("Universität Wien") == name_words("University of Wien")
    assert name_words("K. U. Leuven") == name_words("KU Leuven")
    assert name_words("Texas A&M") == ("texas", "m")


def test_pieces_and_places() -> None:
    assert split_pieces("A, B; C+D; ") == ["A, B", "C", "D"]
    text = read_affiliation("X, New York, NY 10032, U.S.A. and Y, Ulm 89069, Germany")
    assert [place.code for place in text.countries] == ["US", "US", "DE"]
    assert read_affiliation("in US we trust us").countries == []


pieces = st.sampled_from(
    [*"aÄ ,;()+/-&.\n", " and ", "University of Exton", "Univ.", "USA", "99", "中", "\ud800", "Acme"]
)


@given(st.lists(pieces | st.text(max_size=3), max_size=60).map("".join))
def test_any_text_has_an_answer(index: InstitutionIndex, printed: str) -> None:
    found = match_affiliation(printed, index)
    assert len({match.organisation.key for match in found}) == len(found)
    assert all(80 <= match.score <= 100 and match.reasons for match in found)


def test_there_are_enough_labels() -> None:
    assert len(read_labels()) >= 150
    assert len({label.printed for label in read_labels()}) == len(read_labels())


@needs_shared_data
@pytest.mark.parametrize(("part", "recall"), [("held-out", 0.7), ("tuned", 0.6)])
def test_on_labels_made_by_hand_nearly_every_answer_is_right(part: str, recall: float) -> None:
    quality = judge(read_labels(part), index_registry())
    assert quality.precision >= 0.97, quality.wrong
    assert quality.recall >= recall

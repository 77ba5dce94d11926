"""Personal names: by example, the hard cases by name, and what must hold of any text."""

import pytest
from hypothesis import example, given, strategies as st

from tests.works.generated_names import LATIN_NAMES, NAMES
from works.names import (
    PersonName,
    block_key,
    display_name,
    has_full_given_name,
    initials,
    is_suffix,
    name_key,
    normalize_given,
    normalize_suffix,
    parse_name,
    split_particle,
)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Greg Yang", ("Greg", "", "Yang", "")),
        ("Plato", ("", "", "Plato", "")),
        ("", ("", "", "", "")),
        (" , ", ("", "", "", "")),
        ("Edward J. Hu", ("Edward J.", "", "Hu", "")),
        ("J. Edward Hu", ("J. Edward", "", "Hu", "")),
        ("P.G. Smith", ("P. G.", "", "Smith", "")),
        ("Y. -C. Chen", ("Y.-C.", "", "Chen", "")),
        ("Jean-Pierre  A. Serre", ("Jean-Pierre A.", "", "Serre", "")),
        ("Hu, Edward J.", ("Edward J.", "", "Hu", "")),
        ("Prof. Dr. A. Smith", ("A.", "", "Smith", "")),
        ("William (Bill) Smith", ("William", "", "Smith", "")),
        ('William "Bill" Smith', ("William", "", "Smith", "")),
        # printed in capitals
        ("JOHN SMITH", ("John", "", "Smith", "")),
        ("J. SMITH-JONES", ("J.", "", "Smith-Jones", "")),
        ("WANG Xiaoming", ("Xiaoming", "", "Wang", "")),
        ("Jun LI", ("Jun", "", "LI", "")),
    ],
)
def test_given_and_family(printed: str, expected: tuple[str, str, str, str]) -> None:
    assert parse_name(printed) == PersonName(*expected)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("M. van Beuzekom", ("M.", "van", "Beuzekom", "")),
        ("van Wees, Bart J.", ("Bart J.", "van", "Wees", "")),
        ("Luc Van Gool", ("Luc", "Van", "Gool", "")),
        ("Martin de la Cruz", ("Martin", "de la", "Cruz", "")),
        ("Pierre-Gilles de Gennes", ("Pierre-Gilles", "de", "Gennes", "")),
        ("Gennes, Pierre-Gilles de", ("Pierre-Gilles", "de", "Gennes", "")),
        ("de Gennes", ("", "de", "Gennes", "")),
        ("Gerard 't Hooft", ("Gerard", "'t", "Hooft", "")),
        ("'t Hooft, Gerard", ("Gerard", "'t", "Hooft", "")),
        ("Abbas El Gamal", ("Abbas", "El", "Gamal", "")),
        ("A. St. Clair", ("A.", "St.", "Clair", "")),
        ("R. Mc Donald", ("R.", "Mc", "Donald", "")),
        # these stay in one word, and these are given names
        ("D.G. d'Enterria", ("D. G.", "", "d'Enterria", "")),
        ("Pat O'Brien", ("Pat", "", "O'Brien", "")),
        ("Ben Smith", ("Ben", "", "Smith", "")),
        ("Van Nguyen", ("Van", "", "Nguyen", "")),
    ],
)
def test_particles_belong_to_the_surname(printed: str, expected: tuple[str, str, str, str]) -> None:
    assert parse_name(printed) == PersonName(*expected)


@pytest.mark.parametrize(
    ("printed", "family"),
    [
        ("Santiago Ramón y Cajal", "Ramón y Cajal"),
        ("Maria Costa e Silva", "Costa e Silva"),
        ("Jordi Vives i Batlle", "Vives i Batlle"),
        ("Jordi i Batlle", "Batlle"),
        ("Marie Skłodowska-Curie", "Skłodowska-Curie"),
        # which of two surnames belong together is not guessed
        ("Gabriel García Márquez", "Márquez"),
        ("García Márquez, Gabriel", "García Márquez"),
    ],
)
def test_compound_surnames(printed: str, family: str) -> None:
    assert parse_name(printed).family == family


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("A.A. Alves Jr", ("A. A.", "", "Alves", "Jr.")),
        ("A.A. Alves, Jr.", ("A. A.", "", "Alves", "Jr.")),
        ("Alves, A.A., Jr.", ("A. A.", "", "Alves", "Jr.")),
        ("Alves Jr, A.A.", ("A. A.", "", "Alves", "Jr.")),
        ("A.A. Alves-Jr.", ("A. A.", "", "Alves", "Jr.")),
        ("H. Kendall III", ("H.", "", "Kendall", "III")),
        ("H. van Kendall iii", ("H.", "van", "Kendall", "III")),
        ("Liu, Y., Jr, III", ("Y.", "", "Liu", "Jr. III")),
        ("Jr.", ("", "", "Jr.", "")),
    ],
)
def test_suffixes(printed: str, expected: tuple[str, str, str, str]) -> None:
    assert parse_name(printed) == PersonName(*expected)


@pytest.mark.parametrize(
    ("suffix", "normal"), [("jr", "Jr."), ("JNR.", "Jr."), (" Sr ", "Sr."), ("iv", "IV"), ("PhD", "PhD")]
)
def test_a_suffix_has_one_form(suffix: str, normal: str) -> None:
    assert normalize_suffix(suffix) == normal
    assert is_suffix(suffix) is (suffix != "PhD")


@pytest.mark.parametrize(
    ("printed", "family", "given", "shown"),
    [
        ("李明", "李", "明", "李明"),
        ("欧阳修", "欧阳", "修", "欧阳修"),
        ("欧阳 修", "欧阳", "修", "欧阳修"),
        ("山田 太郎", "山田", "太郎", "山田太郎"),
        ("김민수", "김", "민수", "김민수"),
        ("남궁민", "남궁", "민", "남궁민"),
        ("李, 明", "李", "明", "李明"),
    ],
)
def test_han_kana_and_hangul_are_family_first(printed: str, family: str, given: str, shown: str) -> None:
    name = parse_name(printed)
    assert name == PersonName(given, "", family, "")
    assert display_name(name) == shown
    assert has_full_given_name(name)


@pytest.mark.parametrize("printed", ["Nguyễn Văn Hùng", "Nguyen Van Hung"])
def test_vietnamese_van_is_no_particle(printed: str) -> None:
    name = parse_name(printed)
    assert name.particle == ""
    assert name_key(name) == "hung|nguyenvan"


@pytest.mark.parametrize(
    ("surname", "expected"),
    [
        ("van der Meer", ("van der", "Meer")),
        ("Meer", ("", "Meer")),
        ("van", ("", "van")),
        ("Van den Broeck", ("Van den", "Broeck")),
        ("García Márquez", ("", "García Márquez")),
    ],
)
def test_a_surname_given_as_such_parts_its_particles(surname: str, expected: tuple[str, str]) -> None:
    assert split_particle(surname) == expected


def test_given_names_get_their_initials_apart() -> None:
    assert normalize_given("P.G.") == "P. G."
    assert normalize_given("Yu.A.") == "Yu. A."
    assert normalize_given("Y. -C.") == "Y.-C."


@given(NAMES)
@example("\u0301")
@example("((((")
def test_any_text_is_taken_apart(printed: str) -> None:
    name = parse_name(printed)
    assert name.family or name == PersonName("", "", "", "")
    assert all(part == part.strip() for part in (name.given, name.particle, name.family, name.suffix))
    assert name_key(name).startswith(block_key(name).partition("|")[0])
    assert len(initials(name)) <= 3 * len(printed)
    assert has_full_given_name(name) in {True, False}


@given(LATIN_NAMES, st.sampled_from(["", "van", "van der", "de"]), st.sampled_from(["", "Jr.", "III"]))
def test_what_is_displayed_reads_as_the_same_name(printed: str, particle: str, suffix: str) -> None:
    *given_names, family = printed.split()
    printed = " ".join(filter(None, [*given_names, particle, family, suffix]))
    name = parse_name(printed)
    assert display_name(name) == printed
    assert parse_name(display_name(name)) == name
    assert name_key(display_name(name)) == name_key(name)

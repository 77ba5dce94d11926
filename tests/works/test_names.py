"""Personal names: by example, the hard cases by name, and what must hold of any text."""

import re

import pytest
from hypothesis import example, given, strategies as st

from works.names import (
    SLUG_LENGTH,
    PersonName,
    block_key,
    display_name,
    fold,
    has_full_given_name,
    initials,
    is_suffix,
    name_key,
    normalize_given,
    normalize_suffix,
    parse_name,
    slugify_name,
    split_particle,
)

# What names are made of, and what breaks them: letters of many scripts, marks, particles, punctuation.
FRAGMENTS = st.sampled_from(
    [
        *(
            "van",
            "Van",
            "der",
            "de",
            "d'",
            "'t",
            "y",
            "Jr.",
            "III",
            "Dr.",
            "St.",
            "Ó",
            "ß",
            "ﬁ",
            "İ",
            "ǅ",
            "李",
        ),
        *(
            "欧阳",
            "김",
            "Nguyen",
            "J.",
            "J.-M.",
            "JM",
            "-",
            ",",
            ".",
            "(",
            ")",
            '"',
            "\u0301",
            "\u200d",
            "\u00ad",
        ),
        *("O'Brien", "SMITH", "Smith-Jr.", "\u202e", "\x00", " "),
    ]
)
NAMES = st.one_of(
    st.text(max_size=60),
    st.lists(FRAGMENTS, max_size=8).map(" ".join),
    st.lists(FRAGMENTS, max_size=8).map("".join),
)
WORDS = st.from_regex(r"[A-Z][a-z]{2,10}", fullmatch=True).filter(
    lambda word: not is_suffix(word) and split_particle(f"{word} X") == ("", f"{word} X")
)
LATIN_NAMES = st.builds(
    lambda given, letter, family: f"{given} {letter}. {family}", WORDS, st.sampled_from("ABCDEFGHJKLM"), WORDS
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


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Pérez", "perez"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Đặng", "dang"),
        ("Weiß", "weiss"),
        ("Æther Œuvre", "aether oeuvre"),
        ("İstanbul ı", "istanbul i"),
        ("O’Brien", "o'brien"),
        ("José‐María", "jose-maria"),
        ("J.M.  Smith", "j m smith"),
        ("ガウス", "ガウス"),
        ("김", "김"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "spellings",
    [
        ("José Pérez", "Jose Perez", "Pérez, José", "Jose\u0301 Pe\u0301rez", "JOSÉ PÉREZ"),
        ("Jose Maria Lopez", "José-María López", "Josemaria Lopez", "López, José María"),
        ("Jun-Jie Li", "Jun Jie Li", "Junjie Li", "Jun‐Jie Li"),
        ("M. van Beuzekom", "van Beuzekom, M.", "M van Beuzekom", "M. Van Beuzekom"),
        ("A.A. Alves Jr", "A. A. Alves, Jr.", "Alves Jr., A. A.", "A.A. Alves-Jr."),
        ("D.G. d'Enterria", "D. G. d’Enterria", "d'Enterria, D.G."),
        ("Y.-C. Chen", "Y. -C. Chen", "Y. C. Chen", "YC Chen"),
        ("Pat O'Brien", "Pat O’Brien", "O'Brien, Pat"),
        ("R. McDonald", "R. Mc Donald"),
    ],
)
def test_spellings_of_one_printed_name_share_its_key(spellings: tuple[str, ...]) -> None:
    assert len({name_key(spelling) for spelling in spellings}) == 1
    assert len({block_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Edward J. Hu", "J. Edward Hu"),
        ("Edward J. Hu", "E. Hu"),
        ("Paul A. Smith", "Paula Smith"),
        ("A.A. Alves Jr", "A.A. Alves"),
        ("Yang Liu", "Liu Yang"),
        ("Greg Yang", "Gregory Yang"),
        ("李明", "Ming Li"),
        ("J. Smith", "Jo Smith"),
    ],
)
def test_different_printed_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_block_keys_gather_what_may_be_one_person_and_no_more() -> None:
    assert block_key("Edward J. Hu") == block_key("E. Hu") == block_key("Hu, Eddie") == "hu|e"
    assert block_key("J. Edward Hu") == "hu|j"
    assert block_key("Greg Yang") != block_key("Xue Yang")
    assert block_key("Émile Durand") == block_key("E. Durand")
    assert block_key("Plato") == "plato|"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Jean-Pierre A. Serre", "JPA"),
        ("JM Smith", "JM"),
        ("J.-M. Smith", "JM"),
        ("Édouard Manet", "E"),
        ("Plato", ""),
        ("李明", "明"),
    ],
)
def test_initials(printed: str, expected: str) -> None:
    assert initials(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Greg Yang", True),
        ("J. Edward Hu", True),
        ("E. Hu", False),
        ("JM Smith", False),
        ("Yu. Ivanov", False),
        ("Md Rahman", False),
        ("Al Smith", True),
        ("Plato", False),
    ],
)
def test_whether_a_given_name_is_written_out(printed: str, expected: bool) -> None:
    assert has_full_given_name(printed) is expected


def test_given_names_get_their_initials_apart() -> None:
    assert normalize_given("P.G.") == "P. G."
    assert normalize_given("Yu.A.") == "Yu. A."
    assert normalize_given("Y. -C.") == "Y.-C."


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("José Pérez", "jose-perez"),
        ("D.G. d'Enterria", "d-g-denterria"),
        ("Łukasz Ørsted Jr.", "lukasz-orsted-jr"),
        ("李明", "researcher"),
        ("", "researcher"),
        ("../../etc/passwd?<x>", "etc-passwd-x"),
        ("Word " * 30, "-".join(["word"] * 12)),
        ("a" * 100, "a" * SLUG_LENGTH),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert slugify_name(text) == slug


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


@given(NAMES)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(NAMES)
def test_a_slug_is_short_ascii_and_never_empty(text: str) -> None:
    slug = slugify_name(text)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug)
    assert len(slug) <= SLUG_LENGTH


@given(LATIN_NAMES, st.sampled_from(["", "van", "van der", "de"]), st.sampled_from(["", "Jr.", "III"]))
def test_what_is_displayed_reads_as_the_same_name(printed: str, particle: str, suffix: str) -> None:
    *given_names, family = printed.split()
    printed = " ".join(filter(None, [*given_names, particle, family, suffix]))
    name = parse_name(printed)
    assert display_name(name) == printed
    assert parse_name(display_name(name)) == name
    assert name_key(display_name(name)) == name_key(name)


@given(LATIN_NAMES)
def test_the_order_of_print_does_not_matter_to_the_key(printed: str) -> None:
    given_names, _, family = printed.rpartition(" ")
    assert name_key(f"{family}, {given_names}") == name_key(printed)
    assert name_key(printed.replace(". ", " ")) == name_key(printed)

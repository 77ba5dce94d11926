"""What names are compared by: folded text, keys of names and blocks, initials, slugs."""

import re

import pytest
from hypothesis import given

from tests.works.generated_names import LATIN_NAMES, NAMES
from works.names import (
    SLUG_LENGTH,
    block_key,
    fold,
    has_full_given_name,
    initials,
    name_key,
    slugify_name,
)


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
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(NAMES)
def test_a_slug_is_short_ascii_and_never_empty(text: str) -> None:
    slug = slugify_name(text)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug)
    assert len(slug) <= SLUG_LENGTH


@given(LATIN_NAMES)
def test_the_order_of_print_does_not_matter_to_the_key(printed: str) -> None:
    given_names, _, family = printed.rpartition(" ")
    assert name_key(f"{family}, {given_names}") == name_key(printed)
    assert name_key(printed.replace(". ", " ")) == name_key(printed)

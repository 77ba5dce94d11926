"""Which printed names may be one person's."""

import pytest
from hypothesis import example, given

from profiles.identity.name_forms import read_form
from profiles.identity.names_compat import First, Middle, compare
from tests.works.generated_names import NAMES


def agreement(one: str, other: str) -> tuple[First, Middle] | None:
    forms = read_form(one), read_form(other)
    found = compare(*forms) if forms[0].surname == forms[1].surname else None
    assert (found is None) == (forms[0].surname != forms[1].surname or compare(forms[1], forms[0]) is None)
    return (found.first, found.middle) if found else None


@pytest.mark.parametrize(
    ("one", "other", "first", "middle"),
    [
        ("Ada Lovelace", "Ada Lovelace", First.SAME, Middle.BOTH_ABSENT),
        ("Edward J. Hu", "J. Edward Hu", First.BY_MIDDLE, Middle.LETTER),
        ("E. Hu", "Edward J. Hu", First.INITIAL, Middle.ONE_ABSENT),
        ("Ed Hu", "Edward Hu", First.RELATED, Middle.BOTH_ABSENT),
        ("Jun-Jie Wang", "Jun Jie Wang", First.SAME, Middle.BOTH_ABSENT),
        ("Junjie Wang", "Jun Jie Wang", First.SAME, Middle.BOTH_ABSENT),
        ("Jun-Jie Wang", "J. J. Wang", First.INITIAL, Middle.LETTER),
        (r"José-María Pérez", "Jose Maria Perez", First.SAME, Middle.BOTH_ABSENT),
        ("Sergey Levine", "Sergei Levine", First.RELATED, Middle.BOTH_ABSENT),
        ("M. van Beuzekom", "Martin van Beuzekom", First.INITIAL, Middle.BOTH_ABSENT),
        ("D.G. d'Enterria", "David d'Enterria", First.INITIAL, Middle.ONE_ABSENT),
        ("HM Evans", "H. M. Evans", First.BOTH_INITIAL, Middle.LETTER),
        ("Agarwal RK", "R. K. Agarwal", First.BOTH_INITIAL, Middle.LETTER),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str, first: First, middle: Middle) -> None:
    assert agreement(one, other) == (first, middle)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jason Smith", "Joseph Smith"),
        ("John A. Smith", "John B. Smith"),
        ("J. Edward Hu", "Edward K. Hu"),
        ("Jinyu Li", "Jingyu Li"),
        ("Paul A. Smith", "Paula Smith"),
        ("Jun-Jie Wang", "J. K. Wang"),
        ("A.A. Alves Jr", "A.A. Alves Sr"),
        ("Ada Lovelace", "Ada King"),
        ("Bob Smith", "R. Smith"),
    ],
)
def test_names_that_contradict_each_other(one: str, other: str) -> None:
    assert agreement(one, other) is None


@given(NAMES)
def test_every_name_can_be_read_and_may_be_its_own(name: str) -> None:
    form = read_form(name)
    assert compare(form, form) is not None or not form.words


@example("Jun-Jie Wang", "Jun Jie Wang")
@given(NAMES, NAMES)
def test_agreement_does_not_depend_on_the_order(one: str, other: str) -> None:
    forms = read_form(one), read_form(other)
    assert compare(*forms) == compare(*reversed(forms))

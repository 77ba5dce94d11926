"""arXiv's subject taxonomy: the numbers arXiv itself states, pairs of aliases, archives folded into others."""

import pytest

from tests.works.shared_data import OAI_FOLDER, needs_shared_data, oai_records
from works.arxiv.xml_page import local_name, read_document
from works.taxonomy import ARCHIVES, CATEGORIES, GROUPS, canonical_code
from works.topic_scopes import SCOPES, scope_of

PAIRS = [
    ("math.MP", "math-ph"),
    ("stat.TH", "math.ST"),
    ("math.IT", "cs.IT"),
    ("cs.NA", "math.NA"),
    ("eess.SY", "cs.SY"),
    ("q-fin.EC", "econ.GN"),
]


def test_the_numbers() -> None:
    active = [archive for archive in ARCHIVES.values() if archive.active]
    assert (len(GROUPS), len(active), len(ARCHIVES) - len(active)) == (8, 20, 18)
    assert sum(category.active for category in CATEGORIES.values()) == 155


def test_everything_hangs_together() -> None:
    assert {archive.group for archive in ARCHIVES.values()} == set(GROUPS)
    for table in (GROUPS, ARCHIVES, CATEGORIES):
        assert [code for code, entry in table.items() if entry.code != code or not entry.name] == []
    for category in CATEGORIES.values():
        archive = ARCHIVES[category.archive]
        assert category.group == archive.group
        assert category.code.partition(".")[0] == archive.code
        assert category.active <= archive.active


def test_a_closed_archive_leads_to_an_active_category() -> None:
    closed = [archive for archive in ARCHIVES.values() if not archive.active]
    for archive in closed:
        assert CATEGORIES[archive.code].subsumed_into == archive.subsumed_into
        assert CATEGORIES[archive.subsumed_into or ""].active
        assert canonical_code(archive.code) == archive.subsumed_into


@pytest.mark.parametrize(("alias", "canonical"), PAIRS)
def test_aliases_come_in_pairs_and_count_as_one(alias: str, canonical: str) -> None:
    assert CATEGORIES[alias].alias_of == canonical
    assert CATEGORIES[canonical].alias_of == alias
    assert CATEGORIES[alias].name == CATEGORIES[canonical].name or alias == "q-fin.EC"
    assert canonical_code(alias) == canonical_code(canonical) == canonical


def test_nothing_else_has_an_alias() -> None:
    assert {category.code for category in CATEGORIES.values() if category.alias_of} == {
        code for pair in PAIRS for code in pair
    }


@pytest.mark.parametrize(
    ("code", "canonical"),
    [("cs.LG", "cs.LG"), ("cmp-lg", "cs.CL"), ("astro-ph", "astro-ph"), ("new.XY", "new.XY"), ("", "")],
)
def test_the_code_a_subject_is_counted_under(code: str, canonical: str) -> None:
    assert canonical_code(code) == canonical


@pytest.mark.parametrize("code", CATEGORIES)
def test_a_canonical_code_is_its_own(code: str) -> None:
    assert canonical_code(canonical_code(code)) == canonical_code(code)


def test_the_tables_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        CATEGORIES["cs.XX"] = CATEGORIES["cs.LG"]  # type: ignore[index]


def test_every_topic_says_what_it_is_about() -> None:
    """In a sentence, and in words that no other has but under its other name."""
    assert SCOPES.keys() <= CATEGORIES.keys()
    assert len(set(SCOPES.values())) == len(SCOPES) == len(CATEGORIES) - len(PAIRS)
    assert all(scope_of(code) for code in CATEGORIES)
    assert all(scope_of(one) == scope_of(other) for one, other in PAIRS)
    for scope in SCOPES.values():
        assert scope[0].isupper()
        assert scope.endswith(".")


@needs_shared_data
def test_every_category_on_real_records_is_known() -> None:
    used = {code for record in oai_records("arXivRaw").values() for code in record.categories}
    assert len(used) > 100
    assert used - CATEGORIES.keys() == set()


@needs_shared_data
def test_every_set_of_the_real_list_is_known() -> None:
    """A set is `group`, `group:archive` or `group:archive:CATEGORY`."""
    root = read_document((OAI_FOLDER / "list_sets.xml").read_bytes())
    specs = [(element.text or "").split(":") for element in root.iter() if local_name(element) == "setSpec"]
    assert {parts[0] for parts in specs} == set(GROUPS)
    for group, archive, *category in (parts for parts in specs if len(parts) > 1):
        assert ARCHIVES[archive].group == group
        assert not category or f"{archive}.{category[0]}" in CATEGORIES

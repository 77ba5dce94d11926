"""Whatever the order in which works come, and wherever a process dies: the same people in the end."""

from collections.abc import Sequence
from random import Random

import pytest

from profiles import services
from profiles.models import Doubt, Researcher
from tests.factories import import_records
from tests.sample import make_sample_records
from works.arxiv.load import load_records
from works.arxiv.records import ParsedRecord
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db


def list_people() -> list[tuple[str, list[str], int]]:
    """Each person's surname, works and trust; keys, and which of their names came first, differ from run to run."""
    works: dict[int, list[str]] = {}
    rows = Authorship.objects.order_by("work__arxiv_id", "position")
    for researcher_id, arxiv_id in rows.values_list("researcher", "work__arxiv_id"):
        works.setdefault(researcher_id, []).append(arxiv_id)
    people = Researcher.objects.exclude(state="merged").values_list("pk", "name_key", "trust__score")
    return sorted((name_key.split("|")[0], works.get(pk, []), score) for pk, name_key, score in people)


def list_doubtful() -> list[str]:
    return list(Authorship.objects.filter(pk__in=Doubt.objects.values("pk")).values_list("work__arxiv_id", flat=True))


def forget_everything() -> None:
    Work.objects.all().delete()
    Researcher.objects.all().delete()


def import_in_pages(records: Sequence[ParsedRecord], size: int) -> None:
    for start in range(0, len(records), size):
        import_records(*records[start : start + size])


@pytest.fixture
def expected() -> list[tuple[str, list[str], int]]:
    import_records(*make_sample_records())
    assert list_doubtful() == ["2111.09570"]
    people = list_people()
    forget_everything()
    return people


@pytest.mark.parametrize("seed", range(4))
def test_works_that_come_one_by_one_in_any_order_come_out_as_all_at_once(
    seed: int, expected: list[tuple[str, list[str], int]]
) -> None:
    records = make_sample_records()
    Random(seed).shuffle(records)  # noqa: S311 - nothing secret
    import_in_pages(records, 1)
    assert (list_people(), list_doubtful()) == (expected, ["2111.09570"])


@pytest.mark.parametrize("died_after", range(5))
def test_a_process_that_dies_between_resolving_and_reuniting_loses_nothing(
    died_after: int, expected: list[tuple[str, list[str], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = sorted(make_sample_records(), key=lambda record: record.arxiv_id)
    pages = [records[start : start + 3] for start in range(0, len(records), 3)]
    assert len(pages) == 5
    for number, page in enumerate(pages):
        if number != died_after:
            import_records(*page)
            continue
        result = load_records(page)
        with monkeypatch.context() as patch:
            patch.setattr(services, "reunite_namesakes", die)
            with pytest.raises(KeyboardInterrupt):
                services.update_profiles_of_works(result.work_ids)
    services.catch_up()
    assert (list_people(), list_doubtful()) == (expected, ["2111.09570"])


def die(_researcher_ids: object) -> set[int]:
    raise KeyboardInterrupt

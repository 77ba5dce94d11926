"""The slice's collaborators are those of the page that lists all of them, with the joint works that show it."""

import random

import pytest

from graph.collaborators import MOST_COLLABORATORS
from graph.own_works import read_own_works
from graph.queries import EVERY_YEAR
from profiles.collaborators import list_collaborators
from profiles.models import Researcher
from tests.factories import import_records, make_author, make_record
from tests.sample import import_sample
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db


def import_anything(seed: int) -> None:
    """Works by a few of thirty people each, some by all of them; some hidden, disputed, suppressed, by a group."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    names = [f"Person Number{chr(97 + n // 6)}{chr(97 + n % 6)}" for n in range(30)]
    for number in range(20):
        authors = [make_author(name) for name in chance.sample(names, chance.choice([1, 2, 3, 5, 24, 25, 26, 30]))]
        group = [make_author("The Group", kind="collaboration")] if number % 4 == 0 else []
        import_records(make_record(authors=[*authors, *group], year=chance.randint(2000, 2020)))
    for model, field, value in (
        (Work, "hidden", True),
        (Authorship, "attribution", "disputed"),
        (Researcher, "state", "suppressed"),
    ):
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        model.objects.filter(pk__in=chance.sample(keys, 3)).update(**{field: value})


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("years", [EVERY_YEAR, (2005, 2012)])
def test_they_are_those_of_the_whole_list(seed: int, years: tuple[int, int]) -> None:
    import_anything(seed)
    shown = 0
    for researcher in Researcher.objects.filter(state="unclaimed"):
        edges = read_own_works(researcher, years).collaborators
        expected = list_collaborators(researcher, limit=MOST_COLLABORATORS, years=years)
        assert [edge.collaborator for edge in edges] == expected
        shown += len(edges)
        for edge in edges:
            joint = (
                Work.objects.filter(hidden=False, year__range=years)
                .filter(pk__in=held(researcher))
                .filter(pk__in=held(edge.researcher))
                .order_by("-current_version_at", "-pk")
            )
            assert edge.work_ids == set(joint.values_list("pk", flat=True))
            assert edge.works == list(joint[:3])
    assert shown > 50


def held(researcher: Researcher) -> list[int]:
    rows = Authorship.objects.filter(researcher=researcher).exclude(attribution="disputed")
    return list(rows.values_list("work", flat=True))


def test_they_are_so_for_the_seed() -> None:
    greg = import_sample()
    edges = read_own_works(greg, EVERY_YEAR).collaborators
    assert [edge.collaborator for edge in edges] == list_collaborators(greg, limit=MOST_COLLABORATORS)

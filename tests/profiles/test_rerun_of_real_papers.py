"""What came in paper by paper, resolved once more in full: little moves, and the second time nothing does."""

import pytest

from bench.snapshot import read_snapshot
from profiles.identity.rerun import resolve_range
from profiles.models import Doubt, Researcher
from profiles.services import bring_up_to_date, update_profiles_of_works
from tests.profiles.test_operations import everything
from tests.works.shared_data import needs_shared_data
from works.arxiv.load import load_records
from works.models import Authorship

PAPERS, PAGE = 2000, 250


@pytest.mark.django_db
@needs_shared_data
def test_a_second_rerun_of_real_papers_changes_nothing() -> None:
    papers = list(read_snapshot(PAPERS))
    for start in range(0, PAPERS, PAGE):
        update_profiles_of_works(load_records(papers[start : start + PAGE]).work_ids)
    people = Authorship.objects.filter(kind="person")
    assert not people.filter(researcher=None).exists()
    outcome = resolve_range("", "")
    bring_up_to_date(outcome.touched_ids)
    assert outcome.moved < people.count() / 50, "the order of arrival makes little difference"
    before = everything(), list(Doubt.objects.order_by("pk").values())
    again = resolve_range("", "")
    assert (again.moved, again.merged, again.touched_ids) == (0, 0, set())
    assert (everything(), list(Doubt.objects.order_by("pk").values())) == before
    unconfirmed = set(people.filter(attribution="unconfirmed").values_list("pk", flat=True))
    assert unconfirmed >= set(Doubt.objects.values_list("pk", flat=True))
    for researcher in Researcher.objects.exclude(state="merged")[:200]:
        works = list(researcher.authorships.values_list("work", flat=True))
        assert len(works) == len(set(works)), "nobody holds two positions of one byline"

"""Each topic of a work has the work's date beside it, whoever wrote either."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from tests.factories import make_record, make_work
from works.arxiv.load import load_records
from works.arxiv.records import ParsedVersion
from works.models import Topic, Work, WorkTopic
from works.topic_page import NEWEST, list_newest

pytestmark = pytest.mark.django_db


def undated() -> int:
    """How many topics stand beside another date than their work's."""
    return WorkTopic.objects.exclude(current_version_at=F("work__current_version_at")).count()


def test_a_load_dates_the_topics_of_new_and_changed_works() -> None:
    record = make_record(categories=["cs.LG", "stat.ML"])
    load_records([record])
    assert (WorkTopic.objects.count(), undated()) == (2, 0)
    versions = (*record.versions, ParsedVersion(2, datetime(2023, 1, 1, tzinfo=UTC), "", ""))
    load_records([make_record(arxiv_id=record.arxiv_id, versions=versions, categories=["cs.LG", "math.ST"])])
    assert set(WorkTopic.objects.values_list("topic__code", "current_version_at__year")) == {
        ("cs.LG", 2023),
        ("math.ST", 2023),
    }
    assert undated() == 0


def test_whatever_else_writes_a_topic_or_a_date_keeps_them_together() -> None:
    work = make_work(categories=["cs.LG"])
    WorkTopic.objects.create(work=work, topic=Topic.objects.get(code="cs.CL"), position=2)
    assert undated() == 0
    Work.objects.update(current_version_at=datetime(2024, 5, 6, tzinfo=UTC))
    assert (WorkTopic.objects.filter(current_version_at__year=2024).count(), undated()) == (2, 0)


def test_the_newest_works_of_a_topic_are_a_range_of_its_index() -> None:
    make_work(categories=["cs.LG"])
    topic = Topic.objects.get(code="cs.LG")
    assert len(list_newest(topic, None, 10)) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        given: dict[str, Any] = {"topic": topic.pk, "at": datetime(2030, 1, 1, tzinfo=UTC), "id": 0, "limit": 10}
        cursor.execute(f"EXPLAIN {NEWEST}", given)
        plan = "\n".join(line for (line,) in cursor)
    assert "works_worktopic_newest" in plan
    assert "Sort" not in plan


def gathered() -> bool:
    """Whether every work has the ids of its topics beside its text."""
    return all(
        work.topic_ids == sorted(work.work_topics.values_list("topic", flat=True)) for work in Work.objects.all()
    )


def test_a_work_has_its_topics_beside_its_text_whoever_writes_them() -> None:
    record = make_record(categories=["stat.ML", "cs.LG"])
    load_records([record, make_record(categories=[])])
    assert gathered()
    again = ParsedVersion(2, datetime(2023, 1, 1, tzinfo=UTC), "", "")
    changed = make_record(
        arxiv_id=record.arxiv_id, versions=(*record.versions, again), categories=["cs.LG", "math.ST", "cs.CL"]
    )
    load_records([changed])
    work = Work.objects.get(arxiv_id=record.arxiv_id)
    assert (len(work.topic_ids), gathered()) == (3, True)
    WorkTopic.objects.filter(work=work, topic__code="cs.LG").delete()
    assert len(Work.objects.get(pk=work.pk).topic_ids) == 2
    WorkTopic.objects.create(work=work, topic=Topic.objects.get(code="hep-th"), position=9)
    assert gathered()
    WorkTopic.objects.all().delete()
    assert gathered()

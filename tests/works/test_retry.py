"""Rejected records are kept as they came, and tried again on request."""

import pytest
from django.test import Client

from tests.works.endpoints import serve_sample
from tests.works.oai_pages import page, raw_record
from works.arxiv.harvest import run_harvest
from works.models import ImportRun, RejectedRecord, Work
from works.retry import retry_rejected

pytestmark = pytest.mark.django_db


def harvest_page_with(*records: str) -> ImportRun:
    with serve_sample(lambda _, __: (200, page(*records))) as endpoint:
        run = ImportRun.objects.create(endpoint=endpoint.url)
        run_harvest(run.pk)
    run.refresh_from_db()
    return run


BROKEN = raw_record("2101.00002", title="")
ILL_FORMED = raw_record("2101.00004").replace("</title>", "</titel>")
# Longer than the column of a category: the parser takes it, the database does not.
REFUSED = raw_record("2101.00005", categories="x" * 30)


def test_every_rejected_record_is_kept_as_it_came() -> None:
    run = harvest_page_with(raw_record(), BROKEN, ILL_FORMED, REFUSED)
    assert (run.status, run.created, run.rejected) == ("succeeded", 1, 3)
    kept = {rejected.identifier.rpartition(":")[2]: bytes(rejected.raw) for rejected in RejectedRecord.objects.all()}
    assert sorted(kept) == ["2101.00002", "2101.00004", "2101.00005"]
    assert b"</titel>" in kept["2101.00004"]
    assert b"x" * 30 in kept["2101.00005"]
    assert all(raw.lstrip().startswith(b"<record") for raw in kept.values())


def test_what_is_still_wrong_stays_rejected_with_its_reason() -> None:
    harvest_page_with(BROKEN, ILL_FORMED, REFUSED)
    before = dict(RejectedRecord.objects.values_list("pk", "reason"))
    assert [retry_rejected(pk) for pk in before] == [False, False, False]
    for rejected in RejectedRecord.objects.all():
        assert rejected.resolved_at is None
        assert rejected.reason
    assert Work.objects.count() == 0


@pytest.mark.parametrize(
    ("arxiv_id", "was", "becomes"),
    [("2101.00002", b"<abstract>", b"<title>T</title><abstract>"), ("2101.00005", b"x" * 30, b"x" * 20)],
)
def test_what_can_be_loaded_now_is_marked_not_deleted(arxiv_id: str, was: bytes, becomes: bytes) -> None:
    harvest_page_with(BROKEN, REFUSED)
    rejected = RejectedRecord.objects.get(identifier__endswith="5" if was.startswith(b"x") else "2")
    healed = (
        bytes(rejected.raw).replace(was, becomes).replace(b"<abstract>", b"<title>T</title><abstract>", was[:1] == b"<")
    )
    RejectedRecord.objects.filter(pk=rejected.pk).update(raw=healed)
    assert retry_rejected(rejected.pk)
    assert retry_rejected(rejected.pk)  # again, to no effect
    rejected.refresh_from_db()
    assert rejected.resolved_at is not None
    assert Work.objects.count() == 1


def test_bytes_that_are_no_record_are_an_answer_not_an_error() -> None:
    run = ImportRun.objects.create(endpoint="http://127.0.0.1:1/")
    for raw in (b"", b"ParsedRecord(arxiv_id='x')", b"<?xml version='1.0'?><record/>", b"\xff\x00<"):
        rejected = RejectedRecord.objects.create(import_run=run, reason="before", raw=raw)
        assert not retry_rejected(rejected.pk)


def test_a_curator_tries_again_in_the_admin(as_curator: Client, as_member: Client) -> None:
    harvest_page_with(REFUSED, BROKEN)
    rejected = RejectedRecord.objects.get(identifier="2101.00005")
    RejectedRecord.objects.filter(pk=rejected.pk).update(raw=bytes(rejected.raw).replace(b"x" * 30, b"cs.LG"))
    pks = list(RejectedRecord.objects.values_list("pk", flat=True))
    sent = {"action": "try_again", "_selected_action": pks}
    assert as_member.post("/admin/works/rejectedrecord/", sent).status_code == 302
    assert not Work.objects.exists()
    answer = as_curator.post("/admin/works/rejectedrecord/", sent, follow=True)
    assert "1 of 2 are loaded now." in answer.content.decode()
    assert RejectedRecord.objects.filter(resolved_at=None).count() == 1
    assert as_curator.get(f"/admin/works/rejectedrecord/{rejected.pk}/change/").status_code == 200

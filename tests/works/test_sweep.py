"""A sweep marks what has vanished, in whole lists only, and deletes nothing."""

import pytest
from django.db import connection
from django.test import Client

from tests.works.endpoints import SampleEndpoint, oai_error, serve_sample
from tests.works.oai_pages import DELETED_RECORD, answer, page, raw_record
from works import runs
from works.arxiv.errors import MalformedResponse
from works.arxiv.harvest import run_harvest
from works.arxiv.parse import parse_list_identifiers
from works.models import ImportRun, SweptId, VanishedWork, Work

pytestmark = pytest.mark.django_db


def run_at(endpoint: SampleEndpoint, kind: str, **fields: object) -> ImportRun:
    run = ImportRun.objects.create(endpoint=endpoint.url, kind=kind, **fields)
    run_harvest(run.pk)
    run.refresh_from_db()
    return run


def age(by: str = "1 day") -> None:
    """Make works older than the sweep that follows, or younger."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE works_work SET imported_at = now() - %s::interval", [by])


def vanished() -> list[tuple[str, str, bool]]:
    rows = VanishedWork.objects.order_by("work__arxiv_id").values_list("work__arxiv_id", "reason", "returned_at")
    return [(arxiv_id, reason, returned is not None) for arxiv_id, reason, returned in rows]


def test_what_a_whole_sweep_does_not_find_is_marked_and_stays(as_curator: Client) -> None:
    with serve_sample() as endpoint:
        run_at(endpoint, "harvest")
        age()
        whole = endpoint.repository.works
        endpoint.repository.works = whole[:-2]
        swept = run_at(endpoint, "sweep")
        assert (swept.status, swept.pages, swept.records, swept.created) == ("succeeded", 3, 11, 0)
        gone = sorted(work.arxiv_id for work in whole[-2:])
        assert vanished() == [(arxiv_id, "missing", False) for arxiv_id in gone]
        assert Work.objects.count() == 13
        assert not SweptId.objects.exists()
        noticed = VanishedWork.objects.values_list("noticed_at", flat=True)[0]
        run_at(endpoint, "sweep")  # still gone: noticed when it was first
        assert VanishedWork.objects.values_list("noticed_at", flat=True)[0] == noticed
        endpoint.repository.works = whole
        run_at(endpoint, "sweep")
        assert [returned for _, _, returned in vanished()] == [True, True]
    assert gone[0] in as_curator.get("/admin/works/vanishedwork/").content.decode()


def test_what_came_in_during_the_sweep_has_not_vanished() -> None:
    with serve_sample() as endpoint:
        run_at(endpoint, "harvest")
        age("-1 hour")
        endpoint.repository.works = endpoint.repository.works[:-2]
        run_at(endpoint, "sweep")
    assert vanished() == []


def test_a_list_that_misses_too_much_is_not_believed() -> None:
    with serve_sample() as endpoint:
        run_at(endpoint, "harvest")
        age()
        endpoint.repository.works = endpoint.repository.works[:2]
        run = run_at(endpoint, "sweep")
    assert run.status == "failed"
    assert "11 of 13 works" in run.error
    assert vanished() == []


def test_nothing_is_concluded_from_a_part() -> None:
    with serve_sample() as endpoint:
        run_at(endpoint, "harvest")
        age()
        assert run_at(endpoint, "sweep", set_spec="physics").status == "succeeded"
        assert run_at(endpoint, "sweep", from_date="2021-01-01").status == "succeeded"
    assert vanished() == []
    assert not SweptId.objects.exists()


def test_a_sweep_goes_on_over_a_dead_token_and_a_pause() -> None:
    with serve_sample(lambda number, _: oai_error("badResumptionToken") if number == 6 else None) as endpoint:
        run_at(endpoint, "harvest")
        age()
        endpoint.repository.works = endpoint.repository.works[:-1]
        run = run_at(endpoint, "sweep")
    assert run.status == "succeeded"
    assert len(vanished()) == 1


def test_a_sweep_does_not_move_the_next_window() -> None:
    with serve_sample() as endpoint:
        run_at(endpoint, "sweep")
        assert runs.next_from_date(endpoint.url, "arXivRaw", "") is None


def test_a_record_called_deleted_is_marked() -> None:
    with serve_sample(lambda _, __: (200, page(raw_record("2101.00009")))) as endpoint:
        run_at(endpoint, "harvest")
    with serve_sample(lambda _, __: (200, page(DELETED_RECORD))) as endpoint:
        run = run_at(endpoint, "harvest")
    assert (run.status, run.deleted) == ("succeeded", 1)
    assert vanished() == [("2101.00009", "deleted", False)]
    assert Work.objects.count() == 1


def test_identifiers_are_read_with_their_tokens() -> None:
    header = "<header{}><identifier>oai:arXiv.org:{}</identifier><datestamp>{}</datestamp></header>"
    headers = header.format("", "2101.00001", "2021-02-03") + header.format(
        ' status="deleted"', "hep-th/9901001", "2021-02-04"
    )
    token = '<resumptionToken completeListSize="4711">next</resumptionToken>'
    found = parse_list_identifiers(answer(f"<ListIdentifiers>{headers}{token}</ListIdentifiers>"))
    assert (found.present, found.deleted) == (("2101.00001",), ("hep-th/9901001",))
    assert (found.resumption_token, found.list_size) == ("next", 4711)
    broken = header.format("", "hello", "2021-02-03")
    with pytest.raises(MalformedResponse, match="hello"):
        parse_list_identifiers(answer(f"<ListIdentifiers>{broken}</ListIdentifiers>"))

"""A harvest against a real server: pages, checkpoints, dead tokens, refusals, two at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from bzpeer.sample.oai_protocol import Query
from tests.works.endpoints import SampleEndpoint, oai_error, serve_sample
from tests.works.oai_pages import page
from works.arxiv.errors import ArxivUnavailable
from works.arxiv.harvest import HARVEST_LOCK, run_harvest
from works.arxiv.parse import parse_list_records
from works.models import Authorship, ImportRun, RejectedRecord, Work
from works.signals import works_loaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded() -> Iterator[list[int]]:
    """Collect what the rooms that build on works are told, and keep it from the queue."""
    told: list[int] = []
    receivers, works_loaded.receivers = works_loaded.receivers, []
    works_loaded.sender_receivers_cache.clear()

    def note(work_ids: list[int], **_kwargs: object) -> None:
        told.extend(work_ids)

    works_loaded.connect(note)
    yield told
    works_loaded.receivers = receivers
    works_loaded.sender_receivers_cache.clear()


def harvest_from(url: str, **fields: object) -> ImportRun:
    run = ImportRun.objects.create(endpoint=url, **fields)
    run_harvest(run.pk)
    run.refresh_from_db()
    return run


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.pages, run.created, run.updated, run.unchanged, run.rejected


def test_all_pages_are_loaded_and_counted(loaded: list[int]) -> None:
    with serve_sample() as endpoint:
        run = harvest_from(endpoint.url)
    assert run.status == "succeeded"
    assert counts(run) == (3, 13, 0, 0, 0)
    assert run.finished_at is not None
    assert run.resumption_token == ""
    assert Work.objects.count() == 13
    assert sorted(loaded) == sorted(Work.objects.values_list("pk", flat=True))
    assert set(endpoint.requests[0]) == {"verb", "metadataPrefix"}
    assert set(endpoint.requests[1]) == {"verb", "resumptionToken"}


def test_the_second_harvest_changes_nothing(loaded: list[int]) -> None:
    with serve_sample() as endpoint:
        harvest_from(endpoint.url)
        before = list(Authorship.objects.order_by("pk").values())
        loaded.clear()
        run = harvest_from(endpoint.url)
    assert counts(run) == (3, 0, 0, 13, 0)
    assert list(Authorship.objects.order_by("pk").values()) == before
    assert loaded == []


def test_a_run_that_is_over_is_not_run_again() -> None:
    with serve_sample() as endpoint:
        run = harvest_from(endpoint.url)
        asked = len(endpoint.requests)
        run_harvest(run.pk)
        assert len(endpoint.requests) == asked


def test_the_window_and_the_set_are_asked_for() -> None:
    with serve_sample() as endpoint:
        run = harvest_from(endpoint.url, from_date="2021-01-01", until_date="2021-12-31", set_spec="physics")
    assert run.created == 1
    assert endpoint.requests[0]["from"] == "2021-01-01"
    assert endpoint.requests[0]["set"] == "physics"


def test_an_empty_window_is_a_success() -> None:
    with serve_sample() as endpoint:
        run = harvest_from(endpoint.url, from_date="2019-01-01", until_date="2019-01-31")
    assert (run.status, run.created) == ("succeeded", 0)


def test_a_dead_token_starts_again_at_the_last_finished_datestamp() -> None:
    with serve_sample(lambda number, _: oai_error("badResumptionToken") if number == 2 else None) as endpoint:
        run = harvest_from(endpoint.url)
    newest = max(work.datestamp for work in endpoint.repository.works[:5])
    assert endpoint.requests[2]["from"] == newest.isoformat()
    assert (run.status, run.created, run.rejected) == ("succeeded", 13, 0)
    assert run.unchanged == sum(work.datestamp >= newest for work in endpoint.repository.works[:5])


def test_a_dead_token_starts_the_window_again_where_datestamps_went_back() -> None:
    with serve_sample(lambda number, _: oai_error("badResumptionToken") if number == 2 else None) as endpoint:
        endpoint.repository.works.reverse()
        run = harvest_from(endpoint.url, from_date="2011-01-01")
    assert not run.in_order
    assert endpoint.requests[2]["from"] == "2011-01-01"
    assert (run.status, counts(run)) == ("succeeded", (4, 13, 0, 5, 0))


def all_on_one_day(endpoint: SampleEndpoint) -> None:
    works = endpoint.repository.works
    endpoint.repository.works = [replace(work, versions=works[0].versions) for work in works]


def test_a_token_that_always_dies_fails_the_run_and_keeps_what_was_loaded() -> None:
    with serve_sample(
        lambda _, asked: oai_error("badResumptionToken") if "resumptionToken" in asked else None
    ) as endpoint:
        all_on_one_day(endpoint)
        run = harvest_from(endpoint.url)
    assert run.status == "failed"
    assert "badResumptionToken" in run.error
    assert (run.restarts, Work.objects.count()) == (5, 5)


def test_a_page_that_comes_twice_is_noticed_and_asked_for_anew() -> None:
    pages: list[bytes] = []

    def repeat(number: int, asked: dict[str, str]) -> tuple[int, bytes] | None:
        if number == 3:  # the second page's token is in it, which is what was asked with
            return 200, pages[0]
        return None

    with serve_sample(repeat) as endpoint:
        pages.append(second_page(endpoint))
        run = harvest_from(endpoint.url)
    assert (run.status, run.created, Work.objects.count()) == ("succeeded", 13, 13)


def second_page(endpoint: SampleEndpoint) -> bytes:
    first = endpoint.repository.answer([("verb", "ListRecords"), ("metadataPrefix", "arXivRaw")])
    token = parse_list_records(first.encode()).resumption_token or ""
    return endpoint.repository.answer([("verb", "ListRecords"), ("resumptionToken", token)]).encode()


def test_tokens_that_go_in_a_circle_fail_the_run() -> None:
    with serve_sample(lambda _, __: (200, pages[0])) as endpoint:
        all_on_one_day(endpoint)
        pages = [second_page(endpoint)]
        run = harvest_from(endpoint.url)
    assert run.status == "failed"
    assert "comes round again" in run.error
    assert len(endpoint.requests) < 20


def test_empty_pages_are_followed_but_not_for_ever() -> None:
    token = Query("2005-09-16", "2999-01-01", "", datetime.now(UTC).date().isoformat()).token()
    with serve_sample(lambda number, _: (200, page(token=token)) if number == 1 else None) as endpoint:
        run = harvest_from(endpoint.url)
    assert (run.status, counts(run)) == ("succeeded", (4, 13, 0, 0, 0))
    with serve_sample(lambda number, _: (200, page(token=f"token {number}"))) as endpoint:
        run = harvest_from(endpoint.url)
    assert run.status == "failed"
    assert "empty pages" in run.error


@pytest.mark.parametrize("answer", [(404, b"gone"), oai_error("badArgument")])
def test_a_refusal_fails_the_run_at_once_with_the_reason(answer: tuple[int, bytes]) -> None:
    with serve_sample(lambda number, _: answer if number == 2 else None) as endpoint:
        run = harvest_from(endpoint.url)
    assert run.status == "failed"
    assert run.error
    assert (Work.objects.count(), len(endpoint.requests)) == (5, 2)


@pytest.mark.parametrize("body", [b"<html>hello", b"", b"\x00\xff\xfe"])
def test_an_answer_that_cannot_be_read_is_asked_for_again(body: bytes) -> None:
    with serve_sample(lambda number, _: (200, body) if number in {2, 3} else None) as endpoint:
        run = harvest_from(endpoint.url)
    assert (run.status, counts(run)) == ("succeeded", (3, 13, 0, 0, 0))
    with serve_sample(lambda number, _: (200, body) if number >= 2 else None) as endpoint:
        with pytest.raises(ArxivUnavailable, match="cannot be read"):
            harvest_from(endpoint.url, set_spec="cs")
        assert len(endpoint.requests) == 4
    run = ImportRun.objects.get(set_spec="cs")
    assert (run.status, run.unchanged) == ("running", 5)  # it waits, and goes on where it stood


def test_the_earliest_datestamp_is_asked_for_by_leaving_it_out() -> None:
    with serve_sample() as endpoint:
        run = harvest_from(endpoint.url, from_date="2005-09-16")
        harvest_from(endpoint.url, from_date="1999-01-01")
    assert run.created == 13
    assert [asked.get("from") for asked in endpoint.requests if "metadataPrefix" in asked] == [None, None]


def test_an_interrupted_run_goes_on_from_its_checkpoint(loaded: list[int]) -> None:
    class KilledError(Exception):
        pass

    killed: list[int] = []
    with serve_sample() as endpoint:
        run = ImportRun.objects.create(endpoint=endpoint.url)

        def die(work_ids: list[int], **_kwargs: object) -> None:
            if len(loaded) > 5 and not killed:
                killed.append(1)
                raise KilledError

        works_loaded.connect(die)
        with pytest.raises(KilledError):
            run_harvest(run.pk)
        run.refresh_from_db()
        assert (run.status, run.pages, run.created) == ("running", 2, 10)
        run_harvest(run.pk)
    run.refresh_from_db()
    assert (run.status, *counts(run)) == ("succeeded", 3, 13, 0, 0, 0)
    # The first two pages were asked for once; the third may have been on its way when the harvest was killed.
    tokens = [request.get("resumptionToken") for request in endpoint.requests]
    assert (len(set(tokens)), len(set(tokens[:2])), set(tokens[3:]) <= {tokens[2]}) == (3, 2, True)


def test_a_record_that_cannot_be_read_is_kept_with_its_reason() -> None:
    with serve_sample() as healthy:
        body = healthy.repository.answer([("verb", "ListRecords"), ("metadataPrefix", "arXivRaw")])
    broken = body.replace("<title>", "<titel>", 1).replace("</title>", "</titel>", 1).encode()
    with serve_sample(lambda number, _: (200, broken) if number == 1 else None) as endpoint:
        run = harvest_from(endpoint.url)
    assert counts(run)[1:] == (12, 0, 0, 1)
    rejected = RejectedRecord.objects.get()
    assert "title" in rejected.reason
    assert b"titel" in bytes(rejected.raw)


def test_only_one_worker_is_at_an_endpoint() -> None:
    with serve_sample() as endpoint:
        run = ImportRun.objects.create(endpoint=endpoint.url)
        settings = connection.settings_dict
        with psycopg.connect(
            host=settings["HOST"], port=settings["PORT"] or None, user=settings["USER"],
            password=settings["PASSWORD"], dbname=settings["NAME"],
        ) as other:  # fmt: skip
            other.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [HARVEST_LOCK, endpoint.url])
            run_harvest(run.pk)
            assert endpoint.requests == []
            # Explicitly: the server notices a closed connection only in its own time.
            other.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [HARVEST_LOCK, endpoint.url])
        run_harvest(run.pk)
    run.refresh_from_db()
    assert run.status == "succeeded"

"""A harvest against a real server: pages, checkpoints, dead tokens, refusals, two at once."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from tests.works.endpoints import oai_error, serve_sample
from works.arxiv.harvest import HARVEST_LOCK, run_harvest
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


def test_a_dead_token_starts_the_window_again() -> None:
    with serve_sample(lambda number, _: oai_error("badResumptionToken") if number == 2 else None) as endpoint:
        run = harvest_from(endpoint.url)
    assert run.status == "succeeded"
    assert counts(run) == (4, 13, 0, 5, 0)


def test_a_token_that_always_dies_fails_the_run_and_keeps_what_was_loaded() -> None:
    with serve_sample(
        lambda _, asked: oai_error("badResumptionToken") if "resumptionToken" in asked else None
    ) as endpoint:
        run = harvest_from(endpoint.url)
    assert run.status == "failed"
    assert "badResumptionToken" in run.error
    assert Work.objects.count() == 5


@pytest.mark.parametrize("answer", [(404, b"gone"), (200, b"<html>hello"), (200, b""), oai_error("badArgument")])
def test_an_answer_that_cannot_be_used_fails_the_run_with_the_reason(answer: tuple[int, bytes]) -> None:
    with serve_sample(lambda number, _: answer if number == 2 else None) as endpoint:
        run = harvest_from(endpoint.url)
    assert run.status == "failed"
    assert run.error
    assert Work.objects.count() == 5


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

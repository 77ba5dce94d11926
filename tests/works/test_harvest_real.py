"""arXiv's own answers harvested through a proxy that drops, cuts, repeats and refuses: the same tables in the end."""

from functools import partial
from typing import Any

import pytest
from django.db import connection

from tests.works.real_endpoint import FAULTS, FaultyProxy, RecordedEndpoint, serving
from tests.works.shared_data import needs_shared_data
from works import runs
from works.arxiv import harvest
from works.arxiv.client import FetchLimits
from works.arxiv.errors import ArxivUnavailable
from works.models import Authorship, ImportRun, PendingUpdate, RejectedRecord, Work, WorkTopic, WorkVersion

pytestmark = pytest.mark.django_db

COLUMNS = [
    "arxiv_id", "title", "abstract", "first_submitted_at", "current_version", "current_version_at", "withdrawn",
    "and_others", "submitter", "comments", "journal_ref", "doi", "report_no", "license", "datestamp",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything as it is but for the waiting between attempts."""
    monkeypatch.setattr(harvest, "FetchLimits", partial(FetchLimits, first_backoff=0.01, attempts=3))


def tables() -> dict[str, list[Any]]:
    """What was loaded, without keys and times of this machine."""
    people = ("position", "kind", "printed_name", "given_name", "particle", "family_name", "suffix", "name_key")
    return {
        "works": list(Work.objects.order_by("arxiv_id").values_list(*COLUMNS)),
        "versions": list(
            WorkVersion.objects.order_by("work__arxiv_id", "number").values_list(
                "work__arxiv_id", "number", "submitted_at", "size", "source_type"
            )
        ),
        "topics": list(
            WorkTopic.objects.order_by("work__arxiv_id", "position").values_list("work__arxiv_id", "topic__code")
        ),
        "bylines": list(
            Authorship.objects.order_by("work__arxiv_id", "position").values_list(
                "work__arxiv_id", *people, "printed_affiliation"
            )
        ),
        "outbox": sorted(
            Work.objects.filter(pk__in=PendingUpdate.objects.values("work_id")).values_list("arxiv_id", flat=True)
        ),
    }


def harvest_to_the_end(endpoint: str, prefix: str) -> ImportRun:
    """What the task does, without its waiting."""
    run = runs.begin_run(endpoint, prefix)
    while run.finished_at is None:
        try:
            harvest.run_harvest(run.pk)
        except ArxivUnavailable as error:
            runs.postpone_run(run.pk, reason=str(error))
            ImportRun.objects.filter(pk=run.pk).update(retry_at=None)
        run.refresh_from_db()
    return run


@needs_shared_data
@pytest.mark.parametrize("prefix", ["arXivRaw", "arXiv", "oai_dc"])
def test_faults_change_nothing_in_the_end(prefix: str) -> None:
    endpoint = RecordedEndpoint()
    with serving(endpoint):
        whole = harvest_to_the_end(endpoint.url, prefix)
        assert (whole.status, whole.created, whole.rejected, whole.pages) == ("succeeded", 503, 0, 5)
        expected = tables()
        faults: set[str] = set()
        for seed in range(6):
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or their pending checks forbid to truncate
                cursor.execute("TRUNCATE works_work, works_pendingupdate CASCADE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            proxy = FaultyProxy(endpoint.url, seed)
            with serving(proxy):
                run = harvest_to_the_end(proxy.url, prefix)
            assert run.status == "succeeded", (seed, run.error, proxy.done)
            assert tables() == expected, (seed, proxy.done)
            faults |= set(proxy.done)
    assert faults >= set(FAULTS)
    assert not RejectedRecord.objects.exists()

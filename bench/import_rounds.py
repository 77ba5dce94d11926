"""The rounds of the import benchmark: each does everything once, ours and the baselines' in turns."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from django.core.management import call_command
from django.db import connection

from bench.generated_papers import Paper, generate_papers, write_snapshot
from bench.oai_pages import ARXIV, RAW, make_pages, serve_pages
from bench.sickle_loader import author_pairs, list_records, load_in_bulk, load_one_by_one
from works.arxiv.client import ArxivClient
from works.arxiv.harvest import run_harvest
from works.arxiv.import_snapshot import find_or_start_run, load_snapshot
from works.arxiv.parse import parse_list_records
from works.arxiv.snapshot_file import open_snapshot
from works.models import ImportRun
from works.snapshot_models import SnapshotRun

TABLES = ("works_work", "works_workversion", "works_worktopic", "works_authorship")
BLOCK = 1 << 20


class NoPace:
    """The bench's own endpoint needs no politeness."""

    def wait(self) -> None:
        """Go at once."""


class Stage:
    """The endpoints, the snapshot and the empty database that the rounds are played on."""

    def __init__(self, folder: Path, records: int, one_by_one: int) -> None:
        self.records = records
        self.one_by_one = one_by_one
        self.folder = folder
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        call_command("migrate", verbosity=0)
        self.snapshot = self.folder / "snapshot.jsonl.gz"
        write_snapshot(self.snapshot, self.records)
        self.first_url = self._serve(generate_papers(self.records))
        self.later_url = self._serve(self._later_papers())
        self.few_url = self._serve(generate_papers(self.one_by_one))
        self.parse_url = self._serve(generate_papers(self.records), ARXIV)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _serve(self, papers: Iterator[Paper], prefix: str = RAW) -> str:
        return self._stack.enter_context(serve_pages(make_pages(papers, prefix)))

    def _later_papers(self) -> Iterator[Paper]:
        """Half of them known and changed, half of them new: what a later harvest brings."""
        known = generate_papers(self.records // 2)
        new = generate_papers(self.records - self.records // 2, first=self.records)
        for paper in known:
            yield paper | {"comments": f"{paper['comments'] or ''} Revised.", "update_date": "2026-11-20"}
        yield from new

    def play_round(self) -> dict[str, float]:
        """Return records a second by what was done."""
        rates: dict[str, float] = {}
        rates["parse"] = self._rate(lambda: parse_all(self.parse_url))
        rates["sickle_parse"] = self._rate(lambda: parse_by_sickle(self.parse_url))
        rates["first"] = self._rate(lambda: harvest(self.first_url), empty=True)
        rates["unchanged"] = self._rate(lambda: harvest(self.first_url))
        rates["later"] = self._rate(lambda: harvest(self.later_url))
        rates["sickle_first"] = self._rate(lambda: load_in_bulk(self.first_url), empty=True)
        rates["sickle_later"] = self._rate(lambda: load_in_bulk(self.later_url))
        one_by_one = self._rate(lambda: load_one_by_one(self.few_url), empty=True)
        rates["get_or_create"] = one_by_one * self.one_by_one / self.records
        rates["snapshot"] = self._rate(lambda: load_file(self.snapshot), empty=True)
        rates["copy"] = self._rate(copy_bare(self.folder))
        return rates

    def _rate(self, work: Callable[[], None], *, empty: bool = False) -> float:
        if empty:
            empty_tables()
        began = time.perf_counter()
        work()
        return self.records / (time.perf_counter() - began)


def empty_tables() -> None:
    """Take every work away, and what a run has written."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def parse_all(url: str) -> None:
    """Fetch and read every page."""
    client = ArxivClient(contact="bench@example.org", version="0", base_url=url, pace=NoPace())
    token: str | None = None
    while True:
        page = parse_list_records(client.fetch_list_records(metadata_prefix=ARXIV, resumption_token=token))
        token = page.resumption_token
        if token is None:
            return


def parse_by_sickle(url: str) -> None:
    """Fetch and read every page as dictionaries, the authors in pairs."""
    for record in list_records(url, ARXIV):
        record.metadata["authors"] = author_pairs(record)


def harvest(url: str) -> None:
    """Harvest as the worker does."""
    run = ImportRun.objects.create(endpoint=url)
    run_harvest(run.pk)
    run.refresh_from_db()
    if run.status != ImportRun.Status.SUCCEEDED or run.rejected:
        raise SystemExit(f"The harvest did not go well: {run.status}, {run.rejected} rejected, {run.error}")


def load_file(path: Path) -> None:
    """Load a snapshot as `manage.py import_snapshot` does."""
    SnapshotRun.objects.all().delete()
    with open_snapshot(str(path)) as snapshot:
        rejects = path.with_suffix(".rejected")
        run = find_or_start_run(snapshot, source=str(path), rejects_file=rejects, restart=True)
        load_snapshot(run, snapshot, workers=1, report=lambda _run: True)
    if run.rejected:
        raise SystemExit(f"{run.rejected} lines were rejected, see {rejects}")


def copy_bare(folder: Path) -> Callable[[], None]:
    """Write the rows that are there to files; what it returns copies these into logged tables without any index."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS bare_{table}")
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WITH NO DATA")  # noqa: S608 - of the TABLES above
            with (folder / table).open("wb") as file, cursor.copy(f"COPY (TABLE {table}) TO STDOUT") as rows:
                file.writelines(bytes(block) for block in rows)
    return lambda: copy_files(folder)


def copy_files(folder: Path) -> None:
    """Copy the files in, each table in one go."""
    with connection.cursor() as cursor:
        for table in TABLES:
            with (folder / table).open("rb") as file, cursor.copy(f"COPY bare_{table} FROM STDIN") as copy:
                while block := file.read(BLOCK):
                    copy.write(block)

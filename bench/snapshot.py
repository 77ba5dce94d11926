"""The real papers of ../shared/data as the records that the loader takes; the benchmarks' only input."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Any

from works.arxiv.records import ParsedRecord, ParsedVersion, PrintedLine

SNAPSHOT = Path(__file__).resolve().parents[2] / "shared/data/arxiv/snapshot-dev.jsonl.gz"


def read_snapshot(limit: int | None = None) -> Iterator[ParsedRecord]:
    """Yield the papers in the order of the file, oldest first; exit with a message where the file is absent."""
    if not SNAPSHOT.exists():
        raise SystemExit(f"This benchmark loads real papers, and {SNAPSHOT} is not here.")
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        yield from map(read_paper, islice(lines, limit))


def read_paper(line: str) -> ParsedRecord:
    """Read one line of arXiv's metadata snapshot as a record of the `arXivRaw` format."""
    paper: dict[str, Any] = json.loads(line)
    versions = tuple(read_version(version) for version in paper["versions"])
    return ParsedRecord(
        arxiv_id=paper["id"],
        datestamp=date.fromisoformat(paper["update_date"]),
        title=" ".join(paper["title"].split()),
        abstract=paper["abstract"].strip(),
        byline=PrintedLine(paper["authors"]),
        categories=tuple(paper["categories"].split()),
        versions=versions,
        current_version_at=versions[-1].submitted_at,
        submitter=paper["submitter"],
        comments=paper["comments"],
        journal_ref=paper["journal-ref"],
        doi=paper["doi"],
        report_no=paper["report-no"],
        license=paper["license"],
        withdrawn=False,
        sets=(),
    )


def read_version(version: dict[str, str]) -> ParsedVersion:
    """Read a version, which the snapshot dates as a mail does."""
    submitted_at: datetime = parsedate_to_datetime(version["created"]).astimezone(UTC)
    return ParsedVersion(int(version["version"].removeprefix("v")), submitted_at, "", "")

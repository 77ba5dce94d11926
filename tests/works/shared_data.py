"""The real data beside the repository: tests that read it carry `@needs_shared_data`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from works.arxiv.parse import parse_list_records
from works.arxiv.records import ParsedRecord

FOLDER = Path(__file__).parents[3] / "shared" / "data"
OAI_FOLDER = FOLDER / "oai"


def needs_shared_data(test):
    """Mark a test that reads the shared data, and skip it, saying so, where there is none."""
    reason = f"there is no shared data at {FOLDER}"
    return pytest.mark.shared_data(pytest.mark.skipif(not OAI_FOLDER.is_dir(), reason=reason)(test))


def oai_pages(metadata_prefix: str) -> Iterator[bytes]:
    """Yield the recorded ListRecords pages of one metadata format, in order."""
    for path in sorted(OAI_FOLDER.glob(f"list_records_{metadata_prefix}_p*.xml")):
        yield path.read_bytes()


def oai_records(metadata_prefix: str) -> dict[str, ParsedRecord]:
    """Read every recorded record of one metadata format, by arXiv id."""
    pages = map(parse_list_records, oai_pages(metadata_prefix))
    return {record.arxiv_id: record for page in pages for record in page.records}

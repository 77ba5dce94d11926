"""Harvested pages on disk: compressed, written whole or not at all, bounded in size, and loaded again on request."""

import gzip
import logging
import os
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from works.arxiv.errors import ArxivError
from works.arxiv.load import LoadResult, load_records
from works.arxiv.parse import parse_list_records
from works.models import ImportRun
from works.signals import works_loaded

logger = logging.getLogger(__name__)

SUFFIX = ".xml.gz"
MEGABYTE = 1_000_000


def keep_page(body: bytes, run: ImportRun, folder: Path) -> Path | None:
    """Write one page, then drop the oldest over the bound; a full disk stops no harvest, and None says so.

    The name sorts by run and page. A page that is fetched again after a crash takes the place of its first copy.
    """
    target = folder / f"run{run.pk:08}-page{run.pages + 1:06}{SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(target, gzip.compress(body, compresslevel=6, mtime=0))
        drop_oldest(folder, settings.ARXIV_PAGES_MEGABYTES * MEGABYTE)
    except OSError as error:
        logger.warning("Run %s: a page could not be kept: %s", run.pk, error)
        return None
    return target


def write_whole(target: Path, content: bytes) -> None:
    """Write a file that is there with all its bytes or not at all, also after a power cut."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def drop_oldest(folder: Path, limit: int) -> None:
    """Delete the pages written first until the rest holds at most so many bytes."""
    sizes = {path: path.stat().st_size for path in list_pages(folder)}
    total = sum(sizes.values())
    for path, size in sizes.items():
        if total <= limit:
            return
        path.unlink(missing_ok=True)
        total -= size


def list_pages(folder: Path) -> list[Path]:
    """Return the kept pages in the order in which they were harvested."""
    return sorted(folder.glob(f"run*-page*{SUFFIX}"))


def replay_pages(folder: Path) -> Iterator[tuple[Path, LoadResult | str]]:
    """Load every page again by the path that harvests take; yield each with what it did, or why it could not be read.

    A later page's newer record is not undone by an older one: the loader compares datestamps.
    """
    for path in list_pages(folder):
        try:
            page = parse_list_records(gzip.decompress(path.read_bytes()))
        except (ArxivError, OSError, EOFError, zlib.error) as error:
            yield path, str(error)
            continue
        with transaction.atomic():
            result = load_records(page.records)
        result.rejected += page.rejected
        concerned = {"work_ids": result.work_ids, "researcher_ids": sorted(result.detached_researcher_ids)}
        works_loaded.send(sender=ImportRun, **concerned)
        yield path, result

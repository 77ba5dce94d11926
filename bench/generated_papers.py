"""As many papers as asked for: the real ones, then made-up ones that keep the real ones' distributions.

A made-up paper takes title, abstract, categories and versions from one real paper, its byline from another, and an
arXiv id of a month that has no real papers here. Seeded: the same number gives the same papers.
"""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.snapshot import SNAPSHOT

Paper = dict[str, Any]

SEED = 20261125
_IDS_A_MONTH = 90_000
_FIRST_YEAR = 20  # the real papers end in 2019


def real_lines() -> list[bytes]:
    """Read the real papers as lines of JSON; exit with a message where they are absent."""
    if not SNAPSHOT.exists():
        raise SystemExit(f"This benchmark loads real papers, and {SNAPSHOT} is not here.")
    with gzip.open(SNAPSHOT, "rb") as lines:
        return lines.readlines()


def generate_papers(count: int, *, first: int = 0) -> Iterator[Paper]:
    """Yield papers number `first` up to `first + count`; those of the real ones in random order, then made-up ones."""
    lines = real_lines()
    random.Random(SEED).shuffle(lines)
    for number in range(first, first + count):
        yield json.loads(lines[number]) if number < len(lines) else made_up(lines, number)


def made_up(lines: list[bytes], number: int) -> Paper:
    """Return the paper of that number, always the same."""
    chosen = random.Random(SEED + number)
    paper: Paper = json.loads(chosen.choice(lines))
    byline: Paper = json.loads(chosen.choice(lines))
    month, serial = divmod(number, _IDS_A_MONTH)
    paper["id"] = f"{_FIRST_YEAR + month // 12:02}{month % 12 + 1:02}.{serial:05}"
    paper["authors"], paper["authors_parsed"] = byline["authors"], byline["authors_parsed"]
    return paper


def write_snapshot(path: Path, count: int) -> None:
    """Write so many papers as a snapshot, compressed."""
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as lines:
        for paper in generate_papers(count):
            lines.write(json.dumps(paper) + "\n")

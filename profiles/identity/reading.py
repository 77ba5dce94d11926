"""Titles and abstracts read in a process of its own, beside the one that holds the mentions."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from scipy import sparse

from profiles.identity.corpus import WordCounter, Wording, WordingReader, read_at_once

# All at once, the texts would be held in both processes, and a third time on their way.
_WORKS_SENT = 2_000
_TITLES, _TEXTS = "titles.npz", "texts.npz"


@contextmanager
def reading_beside(cores: int) -> Iterator[WordingReader]:
    """Have the texts read in another process where there is a core for it."""
    if cores < 2:
        yield read_at_once
        return
    # Not forked: a fork would hold a copy of all mentions, as soon as it looked at them.
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        TemporaryDirectory(prefix="wording-") as folder,
    ):
        yield lambda titles, abstracts: _read_in(pool, Path(folder), titles, abstracts)


def _read_in(
    pool: ProcessPoolExecutor, folder: Path, titles: Sequence[str], abstracts: Sequence[str]
) -> Callable[[], Wording]:
    parts = [slice(start, start + _WORKS_SENT) for start in range(0, len(titles), _WORKS_SENT)]
    sent = [pool.submit(_add, titles[part], abstracts[part]) for part in parts]
    finished: Future[list[str]] = pool.submit(_finish, folder)

    @cache
    def wait() -> Wording:
        for each in sent:
            each.result()
        return Wording(finished.result(), sparse.load_npz(folder / _TITLES), sparse.load_npz(folder / _TEXTS))

    return wait


@cache
def _counter() -> WordCounter:
    """What the reading process has counted so far; it reads for one clustering and ends."""
    return WordCounter()


def _add(titles: Sequence[str], abstracts: Sequence[str]) -> None:
    _counter().add(titles, abstracts)


def _finish(folder: Path) -> list[str]:
    """Write the matrices where the other process reads them: sent, each would be held twice on both sides."""
    wording = _counter().finish()
    sparse.save_npz(folder / _TITLES, wording.titles, compressed=False)
    sparse.save_npz(folder / _TEXTS, wording.texts, compressed=False)
    return wording.terms

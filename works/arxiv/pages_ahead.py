"""Fetching and reading the next page while the database stores this one."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

from works.arxiv.prepare import IncomingRecord
from works.arxiv.records import HeaderPage, ParsedPage

Page = TypeVar("Page", ParsedPage, HeaderPage)


@dataclass(frozen=True, slots=True)
class ReadPage(Generic[Page]):
    """A page as it came, what it says, and its records to be loaded."""

    body: bytes
    page: Page
    incoming: Sequence[IncomingRecord]


class PagesAhead(Generic[Page]):
    """Reads pages one after the other in a thread of its own, at most one ahead of what was asked for.

    `read` is called with a resumption token, empty for the first page, and never twice at the same time; it must not
    use the database. What it raises is raised where that page is asked for.
    """

    def __init__(self, read: Callable[[str], ReadPage[Page]]) -> None:
        self._read: Callable[[str], ReadPage[Page]] = read
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pages-ahead")
        self._ahead: tuple[str, Future[ReadPage[Page]]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def read(self, token: str) -> ReadPage[Page]:
        """Return the page of that token, and begin with the one after it."""
        ahead, self._ahead = self._ahead, None
        known = ahead is not None and ahead[0] == token
        read = (ahead[1] if ahead and known else self._thread.submit(self._read, token)).result()
        following = read.page.resumption_token
        if following:
            self._ahead = following, self._thread.submit(self._read, following)
        return read

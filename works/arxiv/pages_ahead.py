"""Fetching and reading the next page while the database stores this one."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from works.arxiv.parse import parse_list_records
from works.arxiv.prepare import PreparedRecord, prepare
from works.arxiv.records import ParsedPage


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page, and its records as rows."""

    page: ParsedPage
    prepared: list[PreparedRecord]


class PagesAhead:
    """Reads pages one after the other in a thread of its own, at most one ahead of what was asked for.

    `fetch` is called with a resumption token, None for the first page, and never twice at the same time; it must not
    use the database. What it raises is raised where that page is asked for.
    """

    def __init__(self, fetch: Callable[[str | None], bytes]) -> None:
        self._fetch = fetch
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pages-ahead")
        self._ahead: tuple[str, Future[ReadPage]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def read(self, token: str | None) -> ReadPage:
        """Return the page of that token, and begin with the one after it."""
        ahead, self._ahead = self._ahead, None
        known = ahead is not None and ahead[0] == token
        read = (ahead[1] if ahead and known else self._thread.submit(self._read, token)).result()
        following = read.page.resumption_token
        if following:
            self._ahead = following, self._thread.submit(self._read, following)
        return read

    def _read(self, token: str | None) -> ReadPage:
        page = parse_list_records(self._fetch(token))
        return ReadPage(page, [prepare(record) for record in page.records])

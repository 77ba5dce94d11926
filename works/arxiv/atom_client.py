"""Asking arXiv's Atom API and its author feeds: bytes out, by the same rules as all that is asked of arXiv."""

import re
from collections.abc import Sequence

from works.arxiv.client import ArxivClient
from works.arxiv.errors import ArxivRefused, ArxivUnavailable

# https://info.arxiv.org/help/api/user-manual.html
MOST_PER_PAGE = 2_000
MOST_IN_ALL = 30_000
MOST_IDS = 200  # keeps the address under what servers take
AUTHOR_ID = re.compile(r"[a-z]+(?:_[a-z])?_[0-9]{1,4}|\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)

_FEED_END = b"</feed>"
_TOTAL = re.compile(rb"<opensearch:totalResults[^>]*>\s*(\d{1,9})\s*<")
_START = re.compile(rb"<opensearch:startIndex[^>]*>\s*(\d{1,9})\s*<")


class AtomClient:
    """Fetches feeds through an ArxivClient, which waits, retries and refuses as ever; its errors are the same."""

    def __init__(self, client: ArxivClient, *, api_url: str, feed_url: str) -> None:
        self._client = client
        self.api_url = api_url
        self.feed_url = feed_url.rstrip("/")

    def fetch_papers(self, arxiv_ids: Sequence[str]) -> bytes:
        """The feed of some papers by their ids, at most MOST_IDS; one that arXiv does not know is left out there."""
        if not 0 < len(arxiv_ids) <= MOST_IDS:
            raise ArxivRefused(f"{len(arxiv_ids)} papers were asked for, of at most {MOST_IDS}")
        return self._fetch(self.api_url, {"id_list": ",".join(arxiv_ids), "max_results": str(len(arxiv_ids))})

    def fetch_search(self, query: str, *, start: int, size: int) -> bytes:
        """One page of a search, such as `au:"Yang, Greg"`; arXiv refuses more than its limits, and so does this."""
        if size > MOST_PER_PAGE or start + size > MOST_IN_ALL:
            raise ArxivRefused(f"{size} papers from {start} on: more than arXiv gives")
        arguments = {"search_query": query, "start": str(start), "max_results": str(size)}
        return self._fetch(self.api_url, {**arguments, "sortBy": "submittedDate", "sortOrder": "ascending"})

    def fetch_author_feed(self, author_id: str) -> bytes:
        """The papers that the owner of an arXiv author id or ORCID iD has claimed there."""
        if AUTHOR_ID.fullmatch(author_id) is None:
            raise ArxivRefused(f"{author_id[:40]!r} is neither an arXiv author id nor an ORCID iD")
        return self._fetch(f"{self.feed_url}/{author_id}.atom2", {})

    def _fetch(self, url: str, arguments: dict[str, str]) -> bytes:
        return self._client.fetch(url, arguments, check=check_feed)


def check_feed(body: bytes) -> None:
    """Raise ArxivUnavailable for a feed that is cut off, and for the empty page that arXiv now and then gives."""
    if b"<feed" in body[:2048] and _FEED_END not in body[-64:]:
        raise ArxivUnavailable("the feed is truncated: its end tag is missing")
    total, start = _TOTAL.search(body), _START.search(body)
    if total and start and int(total[1]) > int(start[1]) and b"<entry>" not in body:
        raise ArxivUnavailable("the page is empty though there is more to come")

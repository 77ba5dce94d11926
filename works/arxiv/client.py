"""Fetching from arXiv: bytes out, polite, bounded, with retries. One call fetches one page.

Nothing is parsed here, so that a caller can write down where it stands between two pages.
"""

import contextlib
import ipaddress
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests

from works.arxiv.errors import ArxivRefused, ArxivUnavailable
from works.arxiv.politeness import LocalPace, Pace

OAI_BASE_URL = "https://oaipmh.arxiv.org/oai"

_CHUNK_BYTES = 64 * 1024
_MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOO_MANY_REQUESTS = 429
_OAI_END = b"</OAI-PMH>"
_WRONG_REQUESTS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds of one fetch, in seconds and bytes; a page of 2,500 records has about 10 MB."""

    connect_timeout: float = 10.0
    read_timeout: float = 120.0
    total_timeout: float = 600.0
    body_bytes: int = 64 * 1024 * 1024
    attempts: int = 5
    first_backoff: float = 3.0
    longest_backoff: float = 120.0
    longest_retry_after: float = 900.0
    pace_loopback: bool = False


class ArxivClient:
    """Fetches from one OAI-PMH repository; `contact` is a mail or web address that arXiv's staff can turn to.

    Raises ArxivUnavailable when every attempt failed in a way that may pass, or when `Retry-After` asks for more
    than the limits allow (it is then on the error, for whoever schedules the next run); ArxivRefused otherwise.
    The pace is arXiv's: an endpoint on this machine is asked as fast as it answers, unless the limits
    say `pace_loopback`.
    """

    def __init__(
        self,
        *,
        contact: str,
        version: str,
        base_url: str = OAI_BASE_URL,
        pace: Pace | None = None,
        limits: FetchLimits | None = None,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base_url = base_url
        self._pace = pace or LocalPace()
        self._limits = limits or FetchLimits()
        self._session = session or requests.Session()
        self._session.headers["User-Agent"] = f"BZPEER/{version} ({contact})"
        self._sleep = sleep
        self._clock = clock

    def fetch_list_records(
        self,
        *,
        metadata_prefix: str,
        from_date: date | None = None,
        until_date: date | None = None,
        set_spec: str | None = None,
        resumption_token: str | None = None,
        headers_only: bool = False,
    ) -> bytes:
        """One page of ListRecords, or of ListIdentifiers; with a token the protocol allows no other argument."""
        verb = "ListIdentifiers" if headers_only else "ListRecords"
        if resumption_token is not None:
            return self._fetch_oai({"verb": verb, "resumptionToken": resumption_token})
        arguments = {
            "verb": verb,
            "metadataPrefix": metadata_prefix,
            "from": from_date.isoformat() if from_date else None,
            "until": until_date.isoformat() if until_date else None,
            "set": set_spec,
        }
        return self._fetch_oai({name: value for name, value in arguments.items() if value is not None})

    def fetch_record(self, arxiv_id: str, *, metadata_prefix: str) -> bytes:
        """The GetRecord answer for one paper."""
        identifier = f"oai:arXiv.org:{arxiv_id}"
        return self._fetch_oai({"verb": "GetRecord", "identifier": identifier, "metadataPrefix": metadata_prefix})

    def fetch_identify(self) -> bytes:
        return self._fetch_oai({"verb": "Identify"})

    def _fetch_oai(self, arguments: Mapping[str, str]) -> bytes:
        return self.fetch(self._base_url, arguments, check=_check_complete)

    def fetch(self, url: str, arguments: Mapping[str, str], *, check: Callable[[bytes], None]) -> bytes:
        """The body at an address; `check` raises ArxivUnavailable for one that shall be asked for again."""
        attempt = 1
        while True:
            try:
                body = self._fetch_following(url, arguments)
                check(body)
            except ArxivUnavailable as error:
                pause = self._pause_before_retry(error, attempt)
                if pause is None:
                    raise
                self._sleep(pause)
                attempt += 1
            else:
                return body

    def _pause_before_retry(self, error: ArxivUnavailable, attempt: int) -> float | None:
        """Seconds to wait before the next attempt, None when there shall be none."""
        if attempt >= self._limits.attempts:
            return None
        backoff = min(self._limits.first_backoff * 2.0 ** (attempt - 1), self._limits.longest_backoff)
        if error.retry_after is None:
            return backoff
        return max(error.retry_after, 0.0) if error.retry_after <= self._limits.longest_retry_after else None

    def _fetch_following(self, url: str, arguments: Mapping[str, str] | None) -> bytes:
        for _ in range(_MAX_REDIRECTS + 1):
            if self._limits.pace_loopback or not _is_loopback(url):
                self._pace.wait()
            with _as_arxiv_errors(), self._get(url, arguments) as response:
                if response.status_code not in _REDIRECTS:
                    return self._body(response)
                url, arguments = _redirect_target(response), None
        raise ArxivRefused(f"more than {_MAX_REDIRECTS} redirects")

    def _get(self, url: str, arguments: Mapping[str, str] | None) -> requests.Response:
        return self._session.get(
            url,
            params=arguments,
            stream=True,
            allow_redirects=False,
            timeout=(self._limits.connect_timeout, self._limits.read_timeout),
        )

    def _body(self, response: requests.Response) -> bytes:
        _check_status(response)
        deadline = self._clock() + self._limits.total_timeout
        chunks: list[bytes] = []
        size = 0
        # urllib3 itself notices a body shorter than its Content-Length, and a chunked one without its end.
        for chunk in response.iter_content(_CHUNK_BYTES):
            size += len(chunk)
            if size > self._limits.body_bytes:
                raise ArxivRefused(f"the body is larger than {self._limits.body_bytes} bytes")
            if self._clock() > deadline:
                raise ArxivUnavailable(f"the body took more than {self._limits.total_timeout:g} seconds")
            chunks.append(chunk)
        return b"".join(chunks)


@contextlib.contextmanager
def _as_arxiv_errors() -> Iterator[None]:
    try:
        yield
    except _WRONG_REQUESTS as error:
        raise ArxivRefused(f"the request cannot be made: {error}") from error
    except requests.RequestException as error:
        raise ArxivUnavailable(f"the connection failed: {error}") from error
    except ValueError as error:  # urllib's, and requests lets it pass: a redirect to "http://[::1"
        raise ArxivRefused(f"an address is ill-formed: {error}") from error


def _check_status(response: requests.Response) -> None:
    status = response.status_code
    if status == requests.codes.ok:
        return
    message = f"HTTP {status} {response.reason}"
    if status == _TOO_MANY_REQUESTS or status >= requests.codes.server_error:
        raise ArxivUnavailable(message, retry_after=_retry_after(response.headers.get("Retry-After")))
    raise ArxivRefused(message, status=status)


def _check_complete(body: bytes) -> None:
    """A body without a length, cut off, looks whole to HTTP; the end tag tells."""
    if b"<OAI-PMH" in body[:2048] and _OAI_END not in body[-256:]:
        raise ArxivUnavailable("the body is truncated: its end tag is missing")


def _retry_after(value: str | None) -> float | None:
    """Seconds asked for by a Retry-After header, given as seconds or as a date."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def _redirect_target(response: requests.Response) -> str:
    """Where a redirect leads, when that is the same host and no step down from https."""
    target = urljoin(response.url, response.headers.get("Location", ""))
    here, there = urlsplit(response.url), urlsplit(target)
    is_downgrade = here.scheme == "https" and there.scheme != "https"
    if here.hostname != there.hostname or is_downgrade or there.scheme not in {"http", "https"}:
        raise ArxivRefused(f"redirected to another place: {target[:200]}", status=response.status_code)
    return target


def _is_loopback(url: str) -> bool:
    with contextlib.suppress(ValueError):  # a name, or no address at all
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    return False

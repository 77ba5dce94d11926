"""Fetching from servers that behave, stall, lie about lengths, refuse, and send elsewhere."""

import gzip
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.works.oai_pages import RAW_RECORD, page
from tests.works.scripted_server import Answer, ScriptedServer, serve
from works.arxiv.client import ArxivClient, FetchLimits
from works.arxiv.errors import ArxivRefused, ArxivUnavailable

OK = Answer(body=page(RAW_RECORD))
ONCE = FetchLimits(attempts=1, connect_timeout=5, read_timeout=5)


class CountingPace:
    """A pace that lets everything pass and counts."""

    def __init__(self) -> None:
        self.waits = 0

    def wait(self) -> None:
        self.waits += 1


class Caller:
    """A client whose sleep is written down instead of slept."""

    def __init__(self, url: str, limits: FetchLimits | None = None, **options: object) -> None:
        self.slept: list[float] = []
        self.pace = CountingPace()
        self.client = ArxivClient(
            contact="mailto:staff@example.org",
            version="1.2",
            base_url=url,
            pace=self.pace,
            limits=limits,
            sleep=self.slept.append,
            **options,  # type: ignore[arg-type]
        )

    def fetch(self) -> bytes:
        return self.client.fetch_identify()


class RecordedSession(requests.Session):
    """A session without network: it answers from a list and keeps the addresses it was asked for."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked: list[str] = []

    def get(self, url: str, **_options: object) -> requests.Response:  # type: ignore[override]
        self.asked.append(url)
        status, headers = self.answers.pop(0)
        response = requests.Response()
        response.status_code, response.url, response.raw = status, url, io.BytesIO(b"<ok/>")
        response.headers.update(headers)
        return response


def arguments(server: ScriptedServer) -> dict[str, list[str]]:
    return parse_qs(urlsplit(server.paths[-1]).query)


def test_it_says_who_asks_and_how_to_reach_them() -> None:
    with serve(OK) as server:
        assert Caller(server.url).fetch() == OK.body
    assert server.headers[0]["User-Agent"] == "BZPEER/1.2 (mailto:staff@example.org)"


def test_the_arguments_of_a_list() -> None:
    with serve(OK) as server:
        client = Caller(server.url).client
        client.fetch_list_records(metadata_prefix="arXivRaw")
        assert arguments(server) == {"verb": ["ListRecords"], "metadataPrefix": ["arXivRaw"]}
        client.fetch_list_records(
            metadata_prefix="arXiv",
            from_date=date(2020, 1, 2),
            until_date=date(2020, 2, 3),
            set_spec="cs:cs:LG",
        )
        assert arguments(server) == {
            "verb": ["ListRecords"],
            "metadataPrefix": ["arXiv"],
            "from": ["2020-01-02"],
            "until": ["2020-02-03"],
            "set": ["cs:cs:LG"],
        }


def test_a_token_goes_alone_and_whole() -> None:
    with serve(OK) as server:
        Caller(server.url).client.fetch_list_records(
            metadata_prefix="arXivRaw", from_date=date(2020, 1, 2), resumption_token="a b&c=/+ü"
        )
    assert arguments(server) == {"verb": ["ListRecords"], "resumptionToken": ["a b&c=/+ü"]}


def test_one_record_is_asked_for_by_its_identifier() -> None:
    with serve(OK) as server:
        Caller(server.url).client.fetch_record("hep-th/9901001", metadata_prefix="arXivRaw")
    assert arguments(server)["identifier"] == ["oai:arXiv.org:hep-th/9901001"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_with_growing_pauses(status: int) -> None:
    with serve(Answer(status), Answer(status), Answer(status), OK) as server:
        caller = Caller(server.url)
        assert caller.fetch() == OK.body
    assert caller.slept == [3.0, 6.0, 12.0]


def test_the_attempts_and_the_pauses_are_bounded() -> None:
    with serve(Answer(503)) as server:
        caller = Caller(server.url, FetchLimits(attempts=8, longest_backoff=50))
        with pytest.raises(ArxivUnavailable, match="HTTP 503") as raised:
            caller.fetch()
    assert len(server.paths) == 8
    assert caller.slept == [3.0, 6.0, 12.0, 24.0, 48.0, 50.0, 50.0]
    assert raised.value.retry_after is None


@pytest.mark.parametrize(("header", "pause"), [("7", 7.0), (" 0 ", 0.0), ("900", 900.0)])
def test_retry_after_in_seconds_is_kept_to(header: str, pause: float) -> None:
    with serve(Answer(503, headers={"Retry-After": header}), OK) as server:
        caller = Caller(server.url)
        assert caller.fetch() == OK.body
    assert caller.slept == [pause]


@pytest.mark.parametrize(("ahead", "at_most"), [(timedelta(minutes=10), 600), (timedelta(minutes=-10), 0)])
def test_retry_after_as_a_date_is_kept_to(ahead: timedelta, at_most: int) -> None:
    moment = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    with serve(Answer(429, headers={"Retry-After": moment}), OK) as server:
        caller = Caller(server.url)
        assert caller.fetch() == OK.body
    (slept,) = caller.slept
    assert at_most - 300 < slept <= at_most


@pytest.mark.parametrize("header", ["soon", "-5", "1.5", "9" * 30, "", "Wed, 99 Foo 2026 00:00:00 GMT"])
def test_a_retry_after_that_cannot_be_read_is_as_none(header: str) -> None:
    with serve(Answer(503, headers={"Retry-After": header}), OK) as server:
        caller = Caller(server.url)
        assert caller.fetch() == OK.body
    assert caller.slept == [3.0]


def test_a_retry_after_beyond_the_limit_ends_it_and_is_handed_on() -> None:
    with serve(Answer(503, headers={"Retry-After": "3600"})) as server:
        caller = Caller(server.url)
        with pytest.raises(ArxivUnavailable) as raised:
            caller.fetch()
    assert raised.value.retry_after == 3600
    assert caller.slept == []
    assert len(server.paths) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    with serve(Answer(status, body=b"")) as server:
        with pytest.raises(ArxivRefused, match=f"HTTP {status}") as raised:
            Caller(server.url).fetch()
        assert len(server.paths) == 1
    assert raised.value.status == status


@pytest.mark.parametrize(
    "truncated",
    [
        Answer(body=OK.body[:300], length=len(OK.body)),
        Answer(body=OK.body[:300], length=None),
        Answer(body=OK.body[:300]),
        Answer(body=gzip.compress(OK.body)[:-20], headers={"Content-Encoding": "gzip"}),
    ],
    ids=[
        "shorter than its length",
        "no length and no end tag",
        "honest length but no end tag",
        "half a gzip",
    ],
)
def test_a_truncated_body_is_fetched_again(truncated: Answer) -> None:
    with serve(truncated, OK) as server:
        caller = Caller(server.url)
        assert caller.fetch() == OK.body
    assert caller.slept == [3.0]


def test_a_body_without_a_length_is_taken_when_its_end_is_there() -> None:
    with serve(Answer(body=OK.body, length=None)) as server:
        assert Caller(server.url, ONCE).fetch() == OK.body


def test_a_server_that_says_nothing_is_given_up() -> None:
    with serve(Answer(silent=True)) as server, pytest.raises(ArxivUnavailable, match="the connection failed"):
        Caller(server.url, FetchLimits(attempts=1, read_timeout=0.2)).fetch()


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with serve(OK) as server:
        url = server.url
    with pytest.raises(ArxivUnavailable, match="the connection failed"):
        Caller(url, ONCE).fetch()


def test_a_body_that_takes_too_long_is_given_up() -> None:
    ticks = count(step=400)
    with serve(OK) as server:
        limits = FetchLimits(attempts=1, total_timeout=300)
        caller = Caller(server.url, limits, clock=lambda: float(next(ticks)))
        with pytest.raises(ArxivUnavailable, match="took more than 300 seconds"):
            caller.fetch()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"x" * 20_000),
        Answer(body=b"x" * 20_000, length=None),
        Answer(body=gzip.compress(b"x" * 5_000_000), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["with a length", "without a length", "compressed"],
)
def test_a_body_that_is_too_large_is_refused(answer: Answer) -> None:
    with serve(answer) as server:
        with pytest.raises(ArxivRefused, match="larger than 10000 bytes"):
            Caller(server.url, FetchLimits(body_bytes=10_000)).fetch()
        assert len(server.paths) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed(status: int) -> None:
    with serve(Answer(status, headers={"Location": "/moved?verb=Identify"}), OK) as server:
        assert Caller(server.url).fetch() == OK.body
    assert server.paths == ["/oai?verb=Identify", "/moved?verb=Identify"]


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost/oai",
        "https://example.org/oai",
        "//example.org/oai",
        "file:///etc/passwd",
        "ftp://127.0.0.1/oai",
        "http://127.0.0.1@example.org/",
    ],
)
def test_a_redirect_elsewhere_is_refused_and_not_followed(location: str) -> None:
    with serve(Answer(302, headers={"Location": location})) as server:
        with pytest.raises(ArxivRefused, match="redirected to another place"):
            Caller(server.url).fetch()
        assert len(server.paths) == 1


def test_a_redirect_to_what_is_no_address_is_refused() -> None:
    redirect = Answer(302, headers={"Location": "http://[::1"})
    with serve(redirect) as server, pytest.raises(ArxivRefused, match="an address is ill-formed"):
        Caller(server.url).fetch()


def test_a_redirect_down_from_https_is_refused() -> None:
    session = RecordedSession((302, {"Location": "http://oaipmh.arxiv.org/oai"}))
    with pytest.raises(ArxivRefused, match="redirected to another place"):
        Caller("https://oaipmh.arxiv.org/oai", session=session).fetch()
    assert session.asked == ["https://oaipmh.arxiv.org/oai"]


@pytest.mark.parametrize("location", ["/oai", ""])
def test_redirects_in_a_circle_end(location: str) -> None:
    with serve(Answer(302, headers={"Location": location})) as server:
        with pytest.raises(ArxivRefused, match="more than 3 redirects"):
            Caller(server.url).fetch()
        assert len(server.paths) == 4


@pytest.mark.parametrize("url", ["hello", "nonsense://x", "http://", "http://[::1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ArxivRefused, match="the request cannot be made"):
        Caller(url).fetch()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_nobody_waits_for_this_machine(host: str) -> None:
    with serve(OK) as server:
        caller = Caller(server.url.replace("127.0.0.1", host))
        caller.fetch()
        caller.fetch()
    assert caller.pace.waits == 0


@pytest.mark.parametrize(
    "url", ["https://oaipmh.arxiv.org/oai", "http://10.0.0.1/oai", "http://localhost.example.org/oai"]
)
def test_every_request_to_another_machine_waits_redirects_and_retries_included(url: str) -> None:
    session = RecordedSession((503, {}), (302, {"Location": "/elsewhere"}), (200, {}))
    caller = Caller(url, session=session)
    assert caller.fetch() == b"<ok/>"
    assert len(session.asked) == 3
    assert caller.pace.waits == 3


@pytest.mark.parametrize(
    "answer_of",
    [lambda: Answer(status=503), lambda: Answer(body=b"<OAI-PMH>", length=None)],
)
def test_the_last_failure_is_the_one_that_is_raised(answer_of: Callable[[], Answer]) -> None:
    with serve(Answer(500), answer_of()) as server, pytest.raises(ArxivUnavailable) as raised:
        Caller(server.url, FetchLimits(attempts=2)).fetch()
    assert "500" not in str(raised.value)

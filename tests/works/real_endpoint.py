"""arXiv's recorded answers served on 127.0.0.1, and a proxy before them that does what networks and servers do."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from random import Random
from urllib.parse import parse_qsl, urlsplit
from urllib.request import urlopen

from tests.works.endpoints import oai_error
from tests.works.shared_data import oai_pages
from works.arxiv.parse import parse_list_records

FAULTS = "drop delay truncate cut repeat 503 429 500 html empty latin utf16".split()


class RecordedEndpoint(ThreadingHTTPServer):
    """Serves the recorded pages of each format by their tokens, and from any datestamp, with some earlier records."""

    daemon_threads = True

    def __init__(self, *, seconds: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), RecordedHandler)
        self.url = f"http://127.0.0.1:{self.server_port}/oai"
        self.seconds = seconds
        self.by_token: dict[str, bytes] = {}
        self.by_prefix: dict[str, list[tuple[str, bytes]]] = {}
        for prefix in ("arXivRaw", "arXiv", "oai_dc"):
            self.read(prefix)

    def read(self, prefix: str) -> None:
        token = None
        for body in oai_pages(prefix):
            page = parse_list_records(body)
            if token is not None:
                self.by_token[token] = body
            newest = max(record.datestamp for record in page.records)
            self.by_prefix.setdefault(prefix, []).append((newest.isoformat(), body))
            token = page.resumption_token

    def answer(self, asked: dict[str, str]) -> bytes:
        if "resumptionToken" in asked:
            return self.by_token.get(asked["resumptionToken"]) or oai_error("badResumptionToken")[1]
        start = asked.get("from", "")
        pages = [body for newest, body in self.by_prefix[asked["metadataPrefix"]] if newest >= start]
        return pages[0] if pages else oai_error("noRecordsMatch")[1]


class QuietHandler(BaseHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass

    def send(self, status: int, body: bytes, *, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class RecordedHandler(QuietHandler):
    server: RecordedEndpoint

    def do_GET(self) -> None:
        time.sleep(self.server.seconds)
        self.send(200, self.server.answer(dict(parse_qsl(urlsplit(self.path).query))))


class FaultyProxy(ThreadingHTTPServer):
    """Passes requests on, and spoils about half of the answers, in the order that a seed gives."""

    daemon_threads = True

    def __init__(self, upstream: str, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), FaultyHandler)
        self.url = f"http://127.0.0.1:{self.server_port}/oai"
        self.upstream = upstream
        self.random = Random(seed)  # noqa: S311
        # Each seed begins with others, so that a few seeds go through all of them.
        self.faults = cycle([*FAULTS[2 * seed % len(FAULTS) :], *FAULTS[: 2 * seed % len(FAULTS)]])
        self.done: list[str] = []
        self.previous: bytes | None = None

    def pick(self) -> str:
        fault = next(self.faults) if self.random.random() < 0.5 else "none"
        self.done.append(fault)
        return fault


class FaultyHandler(QuietHandler):
    server: FaultyProxy

    def do_GET(self) -> None:
        query = urlsplit(self.path).query
        with urlopen(f"{self.server.upstream}?{query}", timeout=20) as response:  # noqa: S310
            body: bytes = response.read()
        fault = self.server.pick()
        if fault in {"503", "429", "500"}:
            self.send(int(fault), b"later", Retry_After="0")
        elif fault == "drop":
            self.connection.close()
        elif fault == "truncate":
            self.send(200, body[: len(body) // 2], length=len(body))
        else:
            self.send(200, self.spoilt(fault, body, is_first="resumptionToken" not in query))
        self.server.previous = body

    def spoilt(self, fault: str, body: bytes, *, is_first: bool) -> bytes:
        if fault == "delay":
            time.sleep(0.05)
        # A first page cannot be told from the last one come again; see docs/decisions/0007-harvests.md.
        repeated = body if is_first or self.server.previous is None else self.server.previous
        return {
            "cut": body[: len(body) * 2 // 3],
            "repeat": repeated,
            "html": b"<!doctype html><title>Down for maintenance</title>",
            "empty": b"",
            "latin": body.decode().encode("cp1252", errors="xmlcharrefreplace"),
            "utf16": body.decode().encode("utf-16"),
        }.get(fault, body)


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """Answer requests for the length of a with block."""
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()

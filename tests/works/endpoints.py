"""OAI-PMH endpoints on 127.0.0.1 that behave, and that misbehave on request."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from bzpeer.sample.oai_protocol import Repository
from bzpeer.sample.records import load_works

# Called with the number of the request (from 1) and its arguments; answers (status, body), or None for the sample's.
Fault = Callable[[int, dict[str, str]], tuple[int, bytes] | None]


class SampleEndpoint(ThreadingHTTPServer):
    """Serves the sample's 13 works in pages of five; `requests` lists the arguments of what was asked."""

    daemon_threads = True

    def __init__(self, fault: Fault) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/oai"
        self.repository = Repository(load_works(), self.url)
        self.fault = fault
        self.requests: list[dict[str, str]] = []


class Handler(BaseHTTPRequestHandler):
    server: SampleEndpoint

    def do_GET(self) -> None:
        pairs = parse_qsl(urlsplit(self.path).query)
        self.server.requests.append(dict(pairs))
        answer = self.server.fault(len(self.server.requests), dict(pairs))
        status, body = answer or (200, self.server.repository.answer(pairs).encode())
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def serve_sample(fault: Fault = lambda _number, _arguments: None) -> Iterator[SampleEndpoint]:
    endpoint = SampleEndpoint(fault)
    threading.Thread(target=endpoint.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield endpoint
    finally:
        endpoint.shutdown()
        endpoint.server_close()


def oai_error(code: str) -> tuple[int, bytes]:
    """The body of an OAI-PMH error answer."""
    return 200, (
        f'<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f'<responseDate>2026-01-01T00:00:00Z</responseDate><error code="{code}">so it is</error></OAI-PMH>'
    ).encode()

"""An HTTP server for the sample's OAI-PMH answers, on 127.0.0.1 only: `python -m bzpeer.sample.oai_endpoint`."""

import argparse
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from bzpeer.sample.oai_protocol import Repository
from bzpeer.sample.records import load_works

_PATH = "/oai"
_LARGEST_REQUEST_BYTES = 10_000


class Endpoint(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}{_PATH}"
        self.repository = Repository(load_works(), self.url)


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _LARGEST_REQUEST_BYTES)
        self._answer(self.rfile.read(length).decode("utf-8", errors="replace"))

    def _answer(self, query: str) -> None:
        if urlsplit(self.path).path != _PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        document = self.server.repository.answer(parse_qsl(query, keep_blank_values=True)).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(document)))
        self.end_headers()
        self.wfile.write(document)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the supervisor's terminal belongs to the person."""


@contextmanager
def serving(preferred_port: int | None = None) -> Iterator[Endpoint]:
    """The endpoint in a thread, at the preferred port if that is free."""
    endpoint = _open(preferred_port or 0)
    threading.Thread(target=endpoint.serve_forever, name="sample-endpoint", daemon=True).start()
    try:
        yield endpoint
    finally:
        endpoint.shutdown()
        endpoint.server_close()


def _open(port: int) -> Endpoint:
    try:
        return Endpoint(port)
    except OSError:
        return Endpoint()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    with Endpoint(parser.parse_args().port) as endpoint, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{endpoint.url}\n")
        sys.stdout.flush()
        endpoint.serve_forever()


if __name__ == "__main__":
    main()

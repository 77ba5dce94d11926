"""A web server on 127.0.0.1 that gives its answers from a list, honest or not."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What to answer to one request; `length` overrides the Content-Length, None leaves the header out."""

    status: int = 200
    body: bytes = b"<ok/>"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = -1
    silent: bool = False


class ScriptedServer(ThreadingHTTPServer):
    """Gives the answers in order, the last one for ever; keeps the paths and headers it was asked with."""

    daemon_threads = True

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/oai"
        self.answers = answers
        self.paths: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.over = threading.Event()


class Handler(BaseHTTPRequestHandler):
    server: ScriptedServer

    def do_GET(self) -> None:
        number = len(self.server.paths)
        self.server.paths.append(self.path)
        self.server.headers.append(dict(self.headers))
        answer = self.server.answers[min(number, len(self.server.answers) - 1)]
        if answer.silent:
            self.server.over.wait()
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.length is not None:
            self.send_header("Content-Length", str(len(answer.body) if answer.length < 0 else answer.length))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def serve(*answers: Answer) -> Iterator[ScriptedServer]:
    """Serve these answers for the length of a with block."""
    server = ScriptedServer(answers)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()

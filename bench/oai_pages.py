"""Papers as the pages of an OAI-PMH endpoint on 127.0.0.1, which answers from a process of its own."""

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from bench.generated_papers import Paper

PAGE_RECORDS = 1000
RAW, ARXIV = "arXivRaw", "arXiv"
_OAI = "http://www.openarchives.org/OAI/2.0/"
_FIELDS = ("title", "comments", "journal-ref", "doi", "report-no", "license", "abstract")


def make_pages(papers: Iterable[Paper], prefix: str = RAW) -> list[bytes]:
    """Write ListRecords answers of PAGE_RECORDS papers each, linked by resumption tokens `1`, `2`, …"""
    write = raw_payload if prefix == RAW else arxiv_payload
    records = [record(paper, write(paper)) for paper in papers]
    starts = range(0, len(records), PAGE_RECORDS)
    return [page(records[start : start + PAGE_RECORDS], following(start, len(records))) for start in starts]


def following(start: int, total: int) -> str:
    """The token of the page after this one, empty on the last."""
    end = start + PAGE_RECORDS
    return str(end // PAGE_RECORDS) if end < total else ""


def page(records: Sequence[str], token: str) -> bytes:
    """One answer."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{_OAI}"><responseDate>2026-11-25T00:00:00Z'
        f'</responseDate><request verb="ListRecords">http://127.0.0.1/oai</request><ListRecords>\n'
        f"{''.join(records)}<resumptionToken>{token}</resumptionToken></ListRecords></OAI-PMH>"
    ).encode()


def record(paper: Paper, payload: str) -> str:
    """Header and metadata, with the sets that its categories make."""
    sets = "".join(f"<setSpec>{code.partition('.')[0]}</setSpec>" for code in paper["categories"].split())
    return (
        f"<record><header><identifier>oai:arXiv.org:{paper['id']}</identifier><datestamp>{paper['update_date']}"
        f"</datestamp>{sets}</header><metadata>{payload}</metadata></record>\n"
    )


def raw_payload(paper: Paper) -> str:
    """The `arXivRaw` element."""
    versions = "".join(
        f'<version version="{version["version"]}"><date>{version["created"]}</date><size>36kb</size></version>'
        for version in paper["versions"]
    )
    return (
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper["id"]}</id>{versions}'
        f"<authors>{escape(paper['authors'])}</authors><categories>{paper['categories']}</categories>"
        f"{fields(paper)}</arXivRaw>"
    )


def arxiv_payload(paper: Paper) -> str:
    """The `arXiv` element, whose authors come in parts."""
    authors = "".join(
        f"<author><keyname>{escape(last)}</keyname><forenames>{escape(first)}</forenames></author>"
        for last, first, *_ in paper["authors_parsed"]
    )
    return (
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper["id"]}</id><created>{paper["update_date"]}</created>'
        f"<authors>{authors}</authors><categories>{paper['categories']}</categories>{fields(paper)}</arXiv>"
    )


def fields(paper: Paper) -> str:
    """The plain fields that both formats have."""
    return "".join(f"<{name}>{escape(paper[name])}</{name}>" for name in _FIELDS if paper[name])


@contextmanager
def serve_pages(pages: Sequence[bytes]) -> Iterator[str]:
    """Serve the pages from another process; yields the address."""
    context = multiprocessing.get_context("fork")  # the pages go along without being copied
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(pages, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _serve(pages: Sequence[bytes], connection: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query).get("resumptionToken", ["0"])[0]
            body = pages[int(token)]
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    connection.send(f"http://127.0.0.1:{server.server_port}/oai")
    server.serve_forever()

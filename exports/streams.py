"""Answers that are written while they are made."""

from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

from exports.citations.records import CitedWork
from exports.formats import Format

CHUNK = 16_384  # characters; a write to the socket for each line would cost more than making the line


def in_chunks(pieces: Iterable[str]) -> Iterator[str]:
    """Join small pieces into chunks worth sending."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield "".join(held)
            held, size = [], 0
    if held:
        yield "".join(held)


def stream_works(works: Iterable[CitedWork], form: Format, filename: str) -> StreamingHttpResponse:
    """Answer with works in a format, as a file that a browser saves and no search engine lists."""
    response = StreamingHttpResponse(in_chunks(form.write(works)), content_type=f"{form.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.{form.ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response

"""Reading a snapshot as blocks of whole lines, plain or compressed, with constant memory."""

import gzip
import io
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from works.arxiv.errors import ArxivError
from works.arxiv.snapshot import LONGEST_LINE_BYTES

STANDARD_INPUT = "-"
BLOCK_BYTES = 4_000_000  # about 2,700 records: longer ones load hardly faster and take more memory
_READ_BYTES = 1024 * 1024
_DIGEST_BYTES = 16
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip"}
_DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, zstandard.ZstdError, NotImplementedError)


class SnapshotUnreadable(ArxivError):
    """The file cannot be opened, is damaged, or ends too early."""


class OtherSnapshot(ArxivError):
    """The file is not the one of which a part was loaded."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines one after the other; `end` and `digest` say where in the text the last one ends."""

    first_line: int
    lines: list[bytes]
    end: int
    digest: str


class Snapshot:
    """A snapshot that is open for reading: its text, and how far the file has been read.

    The first line is read ahead: by its digest the unfinished run of a file is found.
    """

    def __init__(self, raw: BinaryIO, text: io.BufferedReader, size: int) -> None:
        self.size = size  # of the file as it lies there, 0 when nobody knows
        self._raw = raw
        self._text = text
        self._digest = blake2b(digest_size=_DIGEST_BYTES)
        self._offset = 0
        self._first_line = text.readline(LONGEST_LINE_BYTES + 1)
        self.head_digest = blake2b(self._first_line, digest_size=_DIGEST_BYTES).hexdigest()

    @property
    def position(self) -> int:
        """How many bytes of the file have been read."""
        return self._raw.tell() if self.size else self._offset

    def skip(self, offset: int, digest: str) -> None:
        """Pass over what is loaded already; raises OtherSnapshot when it is not that."""
        if offset:
            self._take(self._first_line)
            self._first_line = b""
        with _damage_told():
            while self._offset < offset and (piece := self._text.read(min(_READ_BYTES, offset - self._offset))):
                self._take(piece)
        if self._offset != offset or (offset and self._digest.hexdigest() != digest):
            raise OtherSnapshot("its beginning is not what was loaded")

    def blocks(self, lines_before: int) -> Iterator[Block]:
        """Yield the rest in blocks; raises SnapshotUnreadable where it is damaged."""
        number = lines_before + 1
        while lines := self._read_lines():
            yield Block(number, lines, self._offset, self._digest.hexdigest())
            number += len(lines)

    def _read_lines(self) -> list[bytes]:
        lines: list[bytes] = []
        end = self._offset + BLOCK_BYTES
        with _damage_told():
            while self._offset < end and (line := self._next_line()):
                self._take(line)
                lines.append(line)
                while not line.endswith(b"\n") and (line := self._text.readline(_READ_BYTES)):
                    self._take(line)  # the rest of a line that is too long to be read
        return lines

    def _next_line(self) -> bytes:
        line, self._first_line = self._first_line, b""
        return line or self._text.readline(LONGEST_LINE_BYTES + 1)

    def _take(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._offset += len(piece)


@contextmanager
def open_snapshot(name: str) -> Iterator[Snapshot]:
    """Open a file, or standard input as `-`; plain, gzip, zstd and (files only) zip are told by their first bytes."""
    with _damage_told():
        is_input = name == STANDARD_INPUT
        raw = cast("BinaryIO", sys.stdin.buffer) if is_input else Path(name).open("rb")  # noqa: SIM115 - the caller closes it
    try:
        with _damage_told():
            size = 0 if is_input else Path(name).stat().st_size
            snapshot = Snapshot(raw, _text_of(raw), size)
        yield snapshot
    finally:
        if not is_input:
            raw.close()


def _text_of(raw: BinaryIO) -> io.BufferedReader:
    start = cast("io.BufferedReader", raw).peek(4)
    kind = next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), "plain")
    if kind == "gzip":
        return io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=raw)), _READ_BYTES)
    if kind == "zstd":
        reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
        return io.BufferedReader(cast("io.RawIOBase", reader), _READ_BYTES)
    if kind == "zip":
        return io.BufferedReader(cast("io.RawIOBase", _only_member(raw)), _READ_BYTES)
    return io.BufferedReader(cast("io.RawIOBase", raw), _READ_BYTES)


def _only_member(raw: BinaryIO) -> BinaryIO:
    archive = zipfile.ZipFile(raw)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise SnapshotUnreadable(f"the archive holds {len(members)} files instead of one")
    return cast("BinaryIO", archive.open(members[0]))


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise SnapshotUnreadable(f"{type(error).__name__}: {error}") from error

"""The registry's dump as a stream of JSON values: an array or lines, plain, gzipped or zipped, in constant memory."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

_CHUNK = 1 << 20  # characters; the largest real record has about 60,000
_LONGEST_RECORD = 16 * _CHUNK
_BETWEEN = " \t\r\n,"


class UnreadableDump(ValueError):
    """The file is not a dump of the registry, or is cut off."""


def read_dump(path: Path) -> Iterator[Any]:
    """Yield the records of FILE.json, .jsonl, either with .gz, or of the first such file in a .zip; UnreadableDump."""
    try:
        with _opened(path) as text:
            yield from read_values(text)
    except (OSError, EOFError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise UnreadableDump(f"{path} cannot be read: {error}") from error


def read_values(text: TextIO) -> Iterator[Any]:
    """Yield the elements of one array, or of values one after the other; raise UnreadableDump where JSON ends early."""
    decoder = json.JSONDecoder()
    buffer = text.read(_CHUNK).lstrip("\ufeff \t\r\n")
    is_array = buffer.startswith("[")
    start = int(is_array)
    while True:
        start = _skip(buffer, start)
        if is_array and buffer.startswith("]", start):
            return
        try:
            value, end = decoder.raw_decode(buffer, start)
        except json.JSONDecodeError as error:
            more = text.read(_CHUNK)
            if not more and not is_array and start == len(buffer):
                return
            if not more or len(buffer) - start > _LONGEST_RECORD:
                raise UnreadableDump(f"no JSON value where one must be: {buffer[start : start + 60]!r}") from error
            buffer, start = buffer[start:] + more, 0
        else:
            yield value
            start = end


def _skip(buffer: str, start: int) -> int:
    while start < len(buffer) and buffer[start] in _BETWEEN:
        start += 1
    return start


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(_member(archive)) as member:
            yield io.TextIOWrapper(member, encoding="utf-8")
    elif path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as text:
            yield text
    else:
        with path.open(encoding="utf-8") as text:
            yield text


def _member(archive: zipfile.ZipFile) -> str:
    """The schema 2 file: dumps of 2024 hold the older schema beside it."""
    names = [name for name in archive.namelist() if name.endswith((".json", ".jsonl"))]
    if not names:
        raise UnreadableDump("the archive holds no JSON file")
    return next((name for name in names if "v2" in name.rpartition("/")[2]), names[0])

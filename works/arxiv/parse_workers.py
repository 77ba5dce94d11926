"""Reading the lines of a snapshot in processes of their own, so that loading and reading go on side by side."""

import signal
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from works.arxiv.prepare import PreparedRecord, prepare
from works.arxiv.snapshot import UnreadableLine, parse_snapshot_line
from works.arxiv.snapshot_file import Block

_END_SECONDS = 10


@dataclass(frozen=True, slots=True)
class PreparedBlock:
    """The records of a block; `line_numbers` tells which line each came from, `rejected` lines and reasons."""

    records: list[PreparedRecord]
    line_numbers: dict[str, int]
    rejected: list[tuple[int, str]]


def prepare_block(first_line: int, lines: list[bytes]) -> PreparedBlock:
    """Read lines, of which empty ones count but say nothing; pure."""
    prepared = PreparedBlock([], {}, [])
    for number, line in enumerate(lines, first_line):
        if not line.strip():
            continue
        try:
            record = prepare(parse_snapshot_line(line), raw=b"")
        except UnreadableLine as error:
            prepared.rejected.append((number, str(error)))
        else:
            prepared.records.append(record)
            prepared.line_numbers[record.arxiv_id] = number
    return prepared


class ParseWorkers:
    """A few processes that prepare blocks, in order. Each has at most one block, so that neither side ever waits
    for the other to read. A worker ends when the process that started it does, however that ended."""

    def __init__(self, count: int) -> None:
        context = get_context("spawn")  # a fork would take the database connection along
        self._idle: deque[Connection] = deque()
        self._connections: list[Connection] = []
        self._processes: list[BaseProcess] = []
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._connections.append(ours)
            self._idle.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Also those of workers that still have a block: whoever waits to hand one over then ends.
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            process.join(_END_SECONDS if kind is None else 0)
            process.terminate()

    def map(self, blocks: Iterator[Block]) -> Iterator[tuple[Block, PreparedBlock]]:
        """Yield each block with what it holds, while the workers are at the following ones."""
        waiting: deque[tuple[Block, Connection]] = deque()
        while self._idle and self._give(blocks, waiting):
            pass
        while waiting:
            block, connection = waiting.popleft()
            prepared: PreparedBlock = connection.recv()
            self._idle.append(connection)
            self._give(blocks, waiting)
            yield block, prepared

    def _give(self, blocks: Iterator[Block], waiting: deque[tuple[Block, Connection]]) -> bool:
        block = next(blocks, None)
        if block is None:
            return False
        connection = self._idle.popleft()
        connection.send((block.first_line, block.lines))
        waiting.append((block, connection))
        return True


def _work(blocks: Connection) -> None:
    # Ctrl-C reaches the whole group; the process that loads decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            first_line, lines = blocks.recv()
            blocks.send(prepare_block(first_line, lines))

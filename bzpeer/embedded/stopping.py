"""How a person or the system asks us to stop: Ctrl-C, `kill`, or a terminal that goes away."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """We were asked to stop; like Ctrl-C itself it passes every `except Exception`."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the first signal that asks to stop into Stopped, and ignore the rest, so that nothing interrupts the end."""
    former = {number: signal.signal(number, _raise_stopped) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _raise_stopped(number: int, _frame: FrameType | None) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(number)

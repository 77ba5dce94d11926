"""Keeping the parts of a site alive: one that dies is started again, and one that keeps dying ends the site."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bzpeer.embedded.processes import bound_log, log_tail
from bzpeer.embedded.say import Failure, say

_POLL_SECONDS = 0.2
_BACK_OFF_SECONDS = (0, 1, 3, 8, 15)  # before the first restart, the second, …
_FORGIVEN_AFTER_SECONDS = 180  # a death longer ago than this no longer counts
_LOG_CHECK_SECONDS = 60


class Part(Protocol):
    """What is kept alive: a server or one of the site's processes."""

    name: str
    log: Path

    @property
    def alive(self) -> bool: ...

    def start(self) -> None: ...


@dataclass
class _Patient:
    part: Part
    deaths: list[float] = field(default_factory=list)
    revive_at: float | None = None


class Watch:
    """Looks after parts; `after_restart` is told which part has come back."""

    def __init__(self, after_restart: Callable[[Part], None]) -> None:
        self._after_restart = after_restart
        self._patients: list[_Patient] = []
        self._logs_checked = 0.0

    def add(self, parts: Sequence[Part]) -> None:
        """Look after these as well; what others need comes first."""
        self._patients += [_Patient(part) for part in parts]

    def until(self, over: Callable[[], bool]) -> None:
        """Look after the parts until `over()`. Raises Failure when one keeps dying."""
        while not over():
            for patient in self._patients:
                if not patient.part.alive:
                    self._treat(patient)
            self._bound_logs()
            time.sleep(_POLL_SECONDS)

    def _treat(self, patient: _Patient) -> None:
        now = time.monotonic()
        if patient.revive_at is None:
            patient.deaths = [death for death in patient.deaths if now - death < _FORGIVEN_AFTER_SECONDS] + [now]
            patient.revive_at = now + _back_off(patient)
        if now >= patient.revive_at:
            patient.revive_at = None
            patient.part.start()
            say(f"  {patient.part.name} had died and was started again; its log is {patient.part.log}")
            self._after_restart(patient.part)

    def _bound_logs(self) -> None:
        if time.monotonic() - self._logs_checked > _LOG_CHECK_SECONDS:
            self._logs_checked = time.monotonic()
            for patient in self._patients:
                bound_log(patient.part.log)


def _back_off(patient: _Patient) -> float:
    times = len(patient.deaths)
    if times > len(_BACK_OFF_SECONDS):
        log = patient.part.log
        raise Failure(f"{patient.part.name} has died {times} times in a row. The end of {log}:\n{log_tail(log)}")
    return _BACK_OFF_SECONDS[times - 1]

"""Keeping to arXiv's rule of one request every three seconds, in one process or over all machines together."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from redis import Redis

# https://info.arxiv.org/help/api/tou.html
REQUEST_INTERVAL_SECONDS = 3.0

# Reserves the next free slot and answers the milliseconds until it. One script, so that two machines can never
# take the same slot; the server's clock, so that theirs need not agree. The key outlives its slot by one interval,
# after which any request may go at once.
_RESERVE_SLOT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local interval = tonumber(ARGV[1])
local slot = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
redis.call('SET', KEYS[1], string.format('%.0f', slot + interval), 'PX', slot - now + 2 * interval)
return slot - now
"""


class Pace(Protocol):
    """Something that waits until the next request may go out."""

    def wait(self) -> None: ...


class LocalPace:
    """One request per interval in this process, over all its threads."""

    def __init__(
        self,
        interval: float = REQUEST_INTERVAL_SECONDS,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = interval
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next_slot: float | None = None

    def wait(self) -> None:
        with self._lock:
            now = self._clock()
            slot = now if self._next_slot is None else max(now, self._next_slot)
            self._next_slot = slot + self._interval
        if slot > now:
            self._sleep(slot - now)


class SharedPace:
    """One request per interval over every process that shares this Redis or Valkey and key."""

    def __init__(
        self,
        redis: Redis,
        *,
        key: str = "bzpeer:arxiv:next-request",
        interval: float = REQUEST_INTERVAL_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._reserve = redis.register_script(_RESERVE_SLOT)
        self._key = key
        self._interval_ms = round(interval * 1000)
        self._sleep = sleep

    def wait(self) -> None:
        milliseconds = int(self._reserve(keys=[self._key], args=[self._interval_ms]))
        if milliseconds > 0:
            self._sleep(milliseconds / 1000)

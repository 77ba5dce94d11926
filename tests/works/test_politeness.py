"""One request in three seconds: in one process, and over several that share a Valkey."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.conf import settings
from redis import Redis

from works.arxiv.politeness import REQUEST_INTERVAL_SECONDS, LocalPace, SharedPace

# Long enough that the time a test takes is nothing beside it.
LONG = 600.0


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> LocalPace:
    return LocalPace(clock=clock.time, sleep=clock.sleep)


def test_the_interval_is_the_one_arxiv_asks_for() -> None:
    assert REQUEST_INTERVAL_SECONDS == 3.0


def test_the_first_goes_at_once_and_the_next_wait(clock: Clock, pace: LocalPace) -> None:
    for _ in range(3):
        pace.wait()
    assert clock.slept == [3.0, 3.0]


def test_time_that_has_passed_counts(clock: Clock, pace: LocalPace) -> None:
    pace.wait()
    clock.now += 2.0
    pace.wait()
    clock.now += 50.0
    pace.wait()
    pace.wait()
    assert clock.slept == [1.0, 3.0]


def test_threads_share_one_pace() -> None:
    slept: list[float] = []
    pace = LocalPace(LONG, clock=lambda: 0.0, sleep=slept.append)
    with ThreadPoolExecutor(8) as threads:
        for _ in range(20):
            threads.submit(pace.wait)
    assert sorted(slept) == [LONG * number for number in range(1, 20)]


@pytest.fixture
def key() -> str:
    return f"test:pace:{uuid4()}"


@pytest.fixture
def connect() -> Iterator[Callable[[], Redis]]:
    """Make clients of the real Valkey, each with connections of its own."""
    clients: list[Redis] = []

    def new_client() -> Redis:
        clients.append(Redis.from_url(settings.REDIS_URL))
        return clients[-1]

    yield new_client
    for client in clients:
        client.close()


def slots(slept: list[float]) -> list[int]:
    """Which slots the sleepers were given; the one who did not sleep had slot 0."""
    return sorted(round(seconds / LONG) for seconds in slept)


def test_two_clients_never_take_the_same_slot(connect: Callable[[], Redis], key: str) -> None:
    slept: list[float] = []
    paces = [SharedPace(connect(), key=key, interval=LONG, sleep=slept.append) for _ in range(2)]
    for _ in range(3):
        for pace in paces:
            pace.wait()
    assert slots(slept) == [1, 2, 3, 4, 5]


def test_neither_do_many_at_once(connect: Callable[[], Redis], key: str) -> None:
    slept: list[float] = []
    barrier = threading.Barrier(8)

    def take_five() -> None:
        pace = SharedPace(connect(), key=key, interval=LONG, sleep=slept.append)
        barrier.wait(timeout=30)
        for _ in range(5):
            pace.wait()

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(take_five) for _ in range(8)]:
            done.result()
    assert slots(slept) == list(range(1, 40))


def test_another_key_is_another_pace(connect: Callable[[], Redis], key: str) -> None:
    slept: list[float] = []
    for name in (key, f"{key}:other"):
        SharedPace(connect(), key=name, interval=LONG, sleep=slept.append).wait()
    assert slept == []


def test_the_slot_is_forgotten_once_it_cannot_matter(connect: Callable[[], Redis], key: str) -> None:
    client = connect()
    SharedPace(client, key=key, interval=LONG, sleep=lambda _seconds: None).wait()
    assert LONG * 1000 < client.pttl(key) <= 2 * LONG * 1000


def test_a_pace_that_really_sleeps_ends(connect: Callable[[], Redis], key: str) -> None:
    client = connect()
    pace = SharedPace(client, key=key, interval=0.01)
    for _ in range(3):
        pace.wait()
    assert client.pttl(key) <= 20

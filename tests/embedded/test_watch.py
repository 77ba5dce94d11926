"""What the supervisor does about a part that dies."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bzpeer.embedded import watch
from bzpeer.embedded.say import Failure


@dataclass
class Mortal:
    """A part that dies as soon as it is started, so many times."""

    log: Path
    lives: int
    name: str = "mortal"
    starts: int = 0
    told: list[object] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        return self.starts >= self.lives

    def start(self) -> None:
        self.starts += 1


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_BACK_OFF_SECONDS", (0, 0, 0))
    monkeypatch.setattr(watch, "_POLL_SECONDS", 0)


def look_after(part: Mortal) -> None:
    keeper = watch.Watch(part.told.append)
    keeper.add([part])
    keeper.until(lambda: part.alive)


def test_a_part_that_dies_is_started_again_and_others_are_told(tmp_path: Path) -> None:
    part = Mortal(tmp_path / "log", lives=3)
    look_after(part)
    assert part.starts == 3
    assert part.told == [part, part, part]


def test_a_part_that_keeps_dying_ends_the_site_with_its_last_words(tmp_path: Path) -> None:
    part = Mortal(tmp_path / "log", lives=9)
    part.log.write_text("cannot find my glasses\n")
    with pytest.raises(Failure, match="cannot find my glasses"):
        look_after(part)
    assert part.starts == 3

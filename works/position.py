"""Where in a list of works, newest first, a page begins: behind a date and an id, so that every page is as fast."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIGITS_OF_TIME = 17  # microseconds, up to the year 5138
DIGITS_OF_ID = 18


@dataclass(frozen=True, slots=True)
class Position:
    """Behind the work with this date and id."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"


FROM_THE_NEWEST = Position(datetime(9999, 1, 1, tzinfo=UTC), 0)


def read_position(text: str) -> Position | None:
    """Read a position from an address; None when it is not one."""
    at, _dash, pk = text.partition("-")
    if not (is_number(at, DIGITS_OF_TIME) and is_number(pk, DIGITS_OF_ID)):
        return None
    return Position(EPOCH + timedelta(microseconds=int(at)), int(pk))


def is_number(text: str, longest: int) -> bool:
    """Whether a text is a number of no more digits."""
    return text.isascii() and text.isdigit() and len(text) <= longest

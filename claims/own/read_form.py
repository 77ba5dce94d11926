"""From what a form sends to the value of a field."""

from collections.abc import Callable, Mapping
from typing import Any

from claims.errors import ClaimRefused

MOST_LINES = 50


def lines(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.replace("\0", "").splitlines() if line.strip()][:MOST_LINES]


def read_names(data: Mapping[str, str]) -> dict[str, Any]:
    """Read the shown name and the hidden ones, a line each."""
    return {"display_name": data.get("display_name", ""), "hidden": lines(data.get("hidden", ""))}


def read_links(data: Mapping[str, str]) -> list[dict[str, Any]]:
    """Read links, a line each: the address, then a label if there is one."""
    pairs = (line.partition(" ") for line in lines(data.get("links", "")))
    return [{"url": url, "label": label.strip()} for url, _space, label in pairs]


def read_highlights(data: Any) -> list[int]:
    """Read the ids of the ticked works."""
    chosen = data.getlist("highlight") if hasattr(data, "getlist") else []
    if not all(each.isdecimal() and len(each) < 19 for each in chosen):
        raise ClaimRefused("Only works of this record can be highlighted.")
    return [int(each) for each in chosen]


def read_collaboration(data: Mapping[str, str]) -> dict[str, Any]:
    """Read the preference and its topics, apart by white space or commas."""
    topics = data.get("topics", "").replace(",", " ").split()
    return {"preference": data.get("preference", ""), "topics": topics}


READERS: dict[str, Callable[[Any], Any]] = {
    "summary": lambda data: data.get("summary", ""),
    "affiliation": lambda data: data.get("affiliation", ""),
    "names": read_names,
    "links": read_links,
    "highlights": read_highlights,
    "collaboration": read_collaboration,
}

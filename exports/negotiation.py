"""Which of the media types that a page has a client prefers (RFC 9110, section 12.5.1). Pure."""

from collections.abc import Iterable

HTML = ("text/html", "application/xhtml+xml")
_MOST_RANGES = 50  # an Accept of thousands is nobody's wish


def preferred_type(accept: str, offered: Iterable[str]) -> str | None:
    """Return the offered type that the client wants more than HTML, or None for HTML.

    A client that says nothing, `*/*`, or only what we have not, gets HTML; so does one that likes both equally.
    """
    wishes = read_accept(accept)
    best, best_quality = None, max(wishes.get(html, 0.0) for html in HTML)
    for media_type in offered:
        quality = wishes.get(media_type, 0.0)
        if quality > best_quality:
            best, best_quality = media_type, quality
    return best


def read_accept(accept: str) -> dict[str, float]:
    """Read an Accept header as quality by media range; parameters other than `q` are ignored."""
    wishes: dict[str, float] = {}
    for wish in accept.split(",")[:_MOST_RANGES]:
        media_range, *parameters = (part.strip().lower() for part in wish.split(";"))
        qualities = [value for name, _, value in (each.partition("=") for each in parameters) if name.strip() == "q"]
        wishes[media_range] = max(wishes.get(media_range, 0.0), _quality(qualities[0] if qualities else "1"))
    return wishes


def _quality(text: str) -> float:
    try:
        quality = float(text[:5])
    except ValueError:
        return 0.0
    return min(quality, 1.0) if quality > 0 else 0.0

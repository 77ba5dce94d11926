"""What can go wrong between arXiv and this site; each error maps to a state of the import run."""


class ArxivError(Exception):
    """Base of every error raised by the arXiv client and parsers."""


class ArxivUnavailable(ArxivError):
    """arXiv could not answer now: 429, 5xx, a time-out, a dropped connection, a truncated body."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ArxivRefused(ArxivError):
    """arXiv answered, and repeating the same request will not help: another 4xx, a redirect elsewhere."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class MalformedResponse(ArxivError):
    """The body is not the OAI-PMH answer that was asked for."""


class RepeatedPage(ArxivError):
    """The answer leads back to a page that was had already, or on and on through empty ones."""


class SweepImplausible(ArxivError):
    """A sweep misses so many works that its list is more likely cut short than they are gone."""


class OaiError(ArxivError):
    """An `<error>` of the OAI-PMH protocol; `code` is the protocol's own word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message


class BadResumptionToken(OaiError):
    """The token is invalid or expired (they die at 00:00 UTC): restart from the last finished datestamp."""


class NoRecordsMatch(OaiError):
    """Nothing changed in the window asked for; for a harvest this is a normal end."""


class BadArgument(OaiError):
    """The request itself was wrong, such as `from` before the earliest datestamp."""


class AtomError(ArxivError):
    """arXiv's Atom API answered with an error in words, such as `incorrect id format`."""

"""Which records a request wants: its arguments, read and checked, and the token that stands for them. Pure."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from exports.oai.errors import OaiProblem, bad_argument

FORMATS = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc/", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"),
    "arXiv": ("http://arxiv.org/OAI/arXiv/", "http://arxiv.org/OAI/arXiv.xsd"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SET = re.compile(r"[A-Za-z0-9.-]{1,24}")
GREATEST_ID = 2**63 - 1
LAST_YEAR = 9999  # a window that ends in it would end beyond what a datetime can say


@dataclass(frozen=True, slots=True)
class Selection:
    """A list of records, and how far it has been given: `last` is the id of the last row, `given` how many."""

    prefix: str
    from_: str = ""
    until: str = ""
    set_: str = ""
    last: int = 0
    given: int = 0

    @property
    def start(self) -> datetime | None:
        """The first moment of the window, UTC."""
        return read_day(self.from_) if self.from_ else None

    @property
    def end(self) -> datetime | None:
        """The first moment after the window, UTC; its last day belongs to it."""
        return read_day(self.until) + timedelta(days=1) if self.until else None

    def after(self, last: int, given: int) -> "Selection":
        """Return what is left of it after more rows were given."""
        return replace(self, last=last, given=self.given + given)

    def token(self) -> str:
        """Write it as a resumption token; it holds all that is needed, so that it never expires."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self), separators=(",", ":")).encode()).decode()


def read_selection(arguments: Mapping[str, str]) -> Selection:
    """Read the arguments of a list request; raise `OaiProblem`."""
    if token := arguments.get("resumptionToken"):
        if len(arguments) > len(("verb", "resumptionToken")):
            raise bad_argument("A resumptionToken excludes every other argument.")
        return read_token(token)
    prefix = arguments.get("metadataPrefix")
    if not prefix:
        raise bad_argument("There is no metadataPrefix.")
    return checked(Selection(prefix, arguments.get("from", ""), arguments.get("until", ""), arguments.get("set", "")))


def read_token(token: str) -> Selection:
    """Read a resumption token; raise `OaiProblem`."""
    try:
        selection = Selection(**json.loads(base64.urlsafe_b64decode(token)))
        counts = [selection.last, selection.given]
        texts = [selection.prefix, selection.from_, selection.until, selection.set_]
        if not all(type(each) is int and 0 <= each <= GREATEST_ID for each in counts):
            raise ValueError(token)
        if not all(isinstance(each, str) for each in texts):
            raise TypeError(token)
        return checked(selection)
    except (binascii.Error, ValueError, TypeError, RecursionError, OaiProblem) as error:
        raise OaiProblem("badResumptionToken", "The resumptionToken is not one of ours.") from error


def checked(selection: Selection) -> Selection:
    """Return a selection that makes sense; raise `OaiProblem` for one that does not."""
    check_prefix(selection.prefix)
    if selection.set_ and not _SET.fullmatch(selection.set_):
        raise OaiProblem("noRecordsMatch", "There is no such set.")
    start, end = selection.start, selection.end
    if start and end and start >= end:
        raise bad_argument("from is later than until.")
    return selection


def check_prefix(prefix: str) -> None:
    """Raise `OaiProblem` for a metadata format that is not offered."""
    if prefix not in FORMATS:
        raise OaiProblem("cannotDisseminateFormat", "The metadata format is not offered.")


def read_day(text: str) -> datetime:
    """Return the first moment of a day, UTC; raise `OaiProblem`."""
    try:
        if _DAY.fullmatch(text):
            moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
            if moment.year < LAST_YEAR:
                return moment
    except ValueError:
        pass
    raise bad_argument("A date is not YYYY-MM-DD.")

"""OAI-PMH 2.0 over the sample: the arguments of a request in, the XML of the answer out. No network here.

The layout is that of arXiv's own server, which the site's parser is written for.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from bzpeer.sample.records import GROUP_NAMES, SampleWork, all_sets

PAGE_SIZE = 5
EARLIEST = date(2005, 9, 16)
PREFIX = "arXivRaw"
_IDENTIFIER_START = "oai:arXiv.org:"
_SCHEMA = "https://oaipmh.arxiv.org/OAI/arXivRaw.xsd"
_NAMESPACE = "http://arxiv.org/OAI/arXivRaw/"

Arguments = Mapping[str, str]


class OaiError(Exception):
    """An error that the protocol has a code for."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Query:
    """What a ListRecords asks for; `day` is when it was first asked, `skip` how many records it has had."""

    from_: str
    until: str
    set_: str
    day: str
    skip: int = 0

    def token(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def from_token(cls, token: str, today: date) -> "Query":
        try:
            query = cls(**json.loads(base64.urlsafe_b64decode(token)))
        except (binascii.Error, ValueError, TypeError) as error:
            raise OaiError("badResumptionToken", "Token decoding failed or format is invalid.") from error
        if query.day != today.isoformat():
            raise OaiError("badResumptionToken", "Token has expired.")
        return query


class Repository:
    """Answers OAI-PMH requests about a fixed list of works."""

    def __init__(self, works: Sequence[SampleWork], base_url: str = "http://127.0.0.1/oai") -> None:
        self.works = list(works)
        self.base_url = base_url

    def answer(self, pairs: Sequence[tuple[str, str]], now: datetime | None = None) -> str:
        """The XML document for a request given as its name and value pairs, repeated ones included."""
        now = now or datetime.now(UTC)
        arguments = dict(pairs)
        try:
            if len(arguments) != len(pairs):
                raise OaiError("badArgument", "An argument is repeated.")
            body = self._dispatch(arguments, now.date())
        except OaiError as error:
            # The protocol wants no attributes on <request> when the arguments make no sense.
            clear = error.code in {"badVerb", "badArgument", "badResumptionToken"}
            body = f"<error code='{error.code}'>{escape(error.reason)}</error>"
            return self._document(body, {} if clear else arguments, now)
        return self._document(body, arguments, now)

    def _dispatch(self, arguments: Arguments, today: date) -> str:
        verbs: dict[str, tuple[Callable[[Arguments, date], str], set[str], set[str]]] = {
            "Identify": (self._identify, set(), set()),
            "ListMetadataFormats": (self._list_formats, set(), {"identifier"}),
            "ListSets": (self._list_sets, set(), {"resumptionToken"}),
            "GetRecord": (self._get_record, {"identifier", "metadataPrefix"}, set()),
            "ListRecords": (self._list_records, {"metadataPrefix"}, {"from", "until", "set"}),
            "ListIdentifiers": (self._list_identifiers, {"metadataPrefix"}, {"from", "until", "set"}),
        }
        if arguments.get("verb") not in verbs:
            raise OaiError("badVerb", "Invalid verb provided")
        answer, required, optional = verbs[arguments["verb"]]
        given = set(arguments) - {"verb"}
        if answer in (self._list_records, self._list_identifiers) and "resumptionToken" in given:
            required, optional = {"resumptionToken"}, set()  # it stands alone
        if not required <= given <= required | optional:
            raise OaiError("badArgument", "Missing or illegal arguments.")
        return answer(arguments, today)

    def _identify(self, _arguments: Arguments, _today: date) -> str:
        return f"""<Identify>
        <repositoryName>BZPEER sample of arXiv records</repositoryName>
        <baseURL>{escape(self.base_url)}</baseURL>
        <protocolVersion>2.0</protocolVersion>
        <adminEmail>nobody@localhost</adminEmail>
        <earliestDatestamp>{EARLIEST}</earliestDatestamp>
        <deletedRecord>persistent</deletedRecord>
        <granularity>YYYY-MM-DD</granularity>
    </Identify>"""

    def _list_formats(self, arguments: Arguments, _today: date) -> str:
        if "identifier" in arguments:
            self._find(arguments["identifier"])
        return f"""<ListMetadataFormats>
        <metadataFormat>
    <metadataPrefix>{PREFIX}</metadataPrefix>
    <schema>{_SCHEMA}</schema>
    <metadataNamespace>{_NAMESPACE}</metadataNamespace>
</metadataFormat>
    </ListMetadataFormats>"""

    def _list_sets(self, arguments: Arguments, _today: date) -> str:
        if "resumptionToken" in arguments:
            raise OaiError("badResumptionToken", "The list of sets has one page.")
        sets = "".join(
            f"<set>\n        <setSpec>{name}</setSpec>\n        "
            f"<setName>{escape(GROUP_NAMES.get(name, name.rpartition(':')[2]))}</setName>\n    </set>\n"
            for name in all_sets(self.works)
        )
        return f"<ListSets>\n{sets}</ListSets>"

    def _get_record(self, arguments: Arguments, _today: date) -> str:
        _require_format(arguments)
        return f"<GetRecord>\n{_record(self._find(arguments['identifier']))}</GetRecord>"

    def _list_records(self, arguments: Arguments, today: date) -> str:
        return self._list("ListRecords", _record, arguments, today)

    def _list_identifiers(self, arguments: Arguments, today: date) -> str:
        return self._list("ListIdentifiers", _header, arguments, today)

    def _list(self, verb: str, show: Callable[[SampleWork], str], arguments: Arguments, today: date) -> str:
        token = arguments.get("resumptionToken")
        query = Query.from_token(token, today) if token else _first_query(arguments, today)
        found = [work for work in self.works if _matches(work, query)]
        page = found[query.skip : query.skip + PAGE_SIZE]
        if not page:
            raise OaiError("noRecordsMatch", "No records match the criteria.")
        records = "".join(map(show, page))
        return f"<{verb}>\n{records}{_next_token(query, len(found), today)}\n    </{verb}>"

    def _find(self, identifier: str) -> SampleWork:
        for work in self.works:
            if identifier == f"{_IDENTIFIER_START}{work.arxiv_id}":
                return work
        raise OaiError("idDoesNotExist", "Nothing here has this identifier.")

    def _document(self, body: str, arguments: Arguments, now: datetime) -> str:
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in arguments.items())
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
    <responseDate>{now:%Y-%m-%dT%H:%M:%SZ}</responseDate>
    <request{attributes}>{escape(self.base_url)}</request>
    {body}
</OAI-PMH>
"""


def _require_format(arguments: Arguments) -> None:
    if arguments["metadataPrefix"] != PREFIX:
        raise OaiError("cannotDisseminateFormat", "Did not recognize requested format")


def _first_query(arguments: Arguments, today: date) -> Query:
    _require_format(arguments)
    from_ = _day(arguments.get("from", EARLIEST.isoformat()))
    until = _day(arguments.get("until", today.isoformat()))
    if from_ < EARLIEST:
        raise OaiError("badArgument", "start date too early")
    if until < from_:
        raise OaiError("badArgument", "until date must be greater than or equal to from date")
    return Query(from_.isoformat(), until.isoformat(), arguments.get("set", ""), today.isoformat())


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise OaiError("badArgument", "dates are YYYY-MM-DD") from error


def _matches(work: SampleWork, query: Query) -> bool:
    in_time = query.from_ <= work.datestamp.isoformat() <= query.until
    return in_time and (not query.set_ or work.is_in(query.set_))


def _next_token(query: Query, total: int, today: date) -> str:
    skip = query.skip + PAGE_SIZE
    if skip < total:
        expires = today + timedelta(days=1)
        token = replace(query, skip=skip).token()
        return f"<resumptionToken expirationDate='{expires}T00:00:00Z'>{token}</resumptionToken>"
    # The last page of several closes with an empty token; a list of one page has none.
    return "<resumptionToken/>" if query.skip else ""


def _comments(work: SampleWork) -> str:
    """Own up to what the sample does not know; a page shows it among the facts of the work."""
    if len(work.versions) == 1:
        return ""
    return "        <comments>Sample record: of its current version only the year is known.</comments>\n"


def _header(work: SampleWork) -> str:
    sets = "".join(f"<setSpec>{name}</setSpec>\n" for name in work.sets)
    return f"""<header>
        <identifier>{_IDENTIFIER_START}{work.arxiv_id}</identifier>
        <datestamp>{work.datestamp}</datestamp>
{sets}</header>
"""


def _record(work: SampleWork) -> str:
    versions = "".join(
        f'<version version="v{number}">\n<date>{format_datetime(submitted, usegmt=True)}</date>\n</version>\n'
        for number, submitted in enumerate(work.versions, start=1)
    )
    return f"""<record>
{_header(work)}<metadata>
    <arXivRaw xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
              xsi:schemaLocation="{_NAMESPACE} {_SCHEMA}">
        <id>{work.arxiv_id}</id>
{versions}        <title>{escape(work.title)}</title>
        <authors>{escape(", ".join(work.authors))}</authors>
        <categories>{" ".join(work.categories)}</categories>
{_comments(work)}        <abstract>{escape(work.abstract)}</abstract>
    </arXivRaw>
</metadata>
</record>
"""

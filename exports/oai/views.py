"""An OAI-PMH 2.0 provider over the works: one address, six verbs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from lxml import etree
from lxml.etree import _Element as Element

from exports.addresses import absolute
from exports.citations.records import one_line
from exports.oai.elements import OAI, XSI, add, add_header, add_record, in_days, in_seconds
from exports.oai.errors import OaiProblem, bad_argument
from exports.oai.queries import get_item, list_items
from exports.oai.selection import FORMATS, Selection, check_prefix, read_selection
from works.models import Topic, Work

LIST_ARGUMENTS = {"resumptionToken", "metadataPrefix", "from", "until", "set"}
# What was asked is repeated in the answer, but not what no answer could be given to (section 3.2 of the protocol).
NOT_UNDERSTOOD = {"badVerb", "badArgument"}
Arguments = dict[str, str]
# Any, because lxml-stubs do not know that None stands for the namespace without a prefix.
NAMESPACES: dict[Any, str] = {None: OAI, "xsi": XSI}


@csrf_exempt  # the protocol wants POST as well, and nothing here writes
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Answer an OAI-PMH request; what is wrong with one is said in the answer, as the protocol has it."""
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap=NAMESPACES)
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    add(root, "responseDate", in_seconds(datetime.now(UTC)))
    echo = add(root, "request", absolute(reverse("exports:oai")))
    arguments: Arguments = {}
    try:
        arguments = read_arguments(request.POST if request.method == "POST" else request.GET)
        root.append(VERBS[arguments["verb"]][0](arguments))
    except OaiProblem as problem:
        add(root, "error", problem.reason).set("code", problem.code)
        if problem.code in NOT_UNDERSTOOD:
            arguments = {}
    for name, value in arguments.items():
        echo.set(name, one_line(value))
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return HttpResponse(content, content_type="text/xml; charset=utf-8")


def read_arguments(query: QueryDict) -> Arguments:
    """Return the arguments; raise `OaiProblem` for an unknown verb and for arguments that it does not take."""
    if any(len(values) > 1 for _, values in query.lists()):
        raise bad_argument("An argument is repeated.")
    arguments = query.dict()
    verb = str(arguments.get("verb", ""))
    if verb not in VERBS:
        raise OaiProblem("badVerb", "The verb is missing or unknown.")
    if unknown := set(arguments) - VERBS[verb][1] - {"verb"}:
        raise bad_argument(f"{verb} takes no such argument ({len(unknown)}).")
    return {name: str(value) for name, value in arguments.items()}


def identify(arguments: Arguments) -> Element:
    """Say who this is."""
    oldest = Work.objects.aggregate(oldest=Min("changed_at"))["oldest"] or datetime.now(UTC)
    body = new("Identify")
    add(body, "repositoryName", "BZPEER")
    add(body, "baseURL", absolute(reverse("exports:oai")))
    add(body, "protocolVersion", "2.0")
    add(body, "adminEmail", settings.CONTACT_EMAIL)
    add(body, "earliestDatestamp", in_days(oldest))
    add(body, "deletedRecord", "transient")  # a curator may show again what was hidden
    add(body, "granularity", "YYYY-MM-DD")
    return body


def list_metadata_formats(arguments: Arguments) -> Element:
    """List the formats, which every record has."""
    if "identifier" in arguments:
        get_item(arguments["identifier"])
    body = new("ListMetadataFormats")
    for prefix, (namespace, schema) in FORMATS.items():
        each = add(body, "metadataFormat")
        add(each, "metadataPrefix", prefix)
        add(each, "schema", schema)
        add(each, "metadataNamespace", namespace)
    return body


def list_sets(arguments: Arguments) -> Element:
    """List the topics, all on one page."""
    if "resumptionToken" in arguments:
        raise OaiProblem("badResumptionToken", "The list of sets is given whole.")
    body = new("ListSets")
    for topic in Topic.objects.order_by("code"):
        each = add(body, "set")
        add(each, "setSpec", topic.code)
        add(each, "setName", topic.name)
    return body


def get_record(arguments: Arguments) -> Element:
    """Give one record."""
    if not {"identifier", "metadataPrefix"} <= set(arguments):
        raise bad_argument("GetRecord wants an identifier and a metadataPrefix.")
    check_prefix(arguments["metadataPrefix"])
    body = new("GetRecord")
    add_record(body, get_item(arguments["identifier"]), arguments["metadataPrefix"])
    return body


def list_records(arguments: Arguments) -> Element:
    """Give a page of records."""
    selection, body = read_selection(arguments), new("ListRecords")
    items, left = list_items(selection)
    for item in items:
        add_record(body, item, selection.prefix)
    add_token(body, selection, left)
    return body


def list_identifiers(arguments: Arguments) -> Element:
    """Give a page of headers."""
    selection, body = read_selection(arguments), new("ListIdentifiers")
    items, left = list_items(selection)
    for item in items:
        add_header(body, item)
    add_token(body, selection, left)
    return body


def add_token(body: Element, selection: Selection, left: Selection | None) -> None:
    """Say how to go on; the last page of several ends with an empty token, a single page with none."""
    if left or selection.given:
        add(body, "resumptionToken", left.token() if left else "").set("cursor", str(selection.given))


def new(verb: str) -> Element:
    """Begin the answer to a verb."""
    return etree.Element(f"{{{OAI}}}{verb}")


VERBS: dict[str, tuple[Callable[[Arguments], Element], set[str]]] = {
    "Identify": (identify, set()),
    "ListMetadataFormats": (list_metadata_formats, {"identifier"}),
    "ListSets": (list_sets, {"resumptionToken"}),
    "GetRecord": (get_record, {"identifier", "metadataPrefix"}),
    "ListRecords": (list_records, LIST_ARGUMENTS),
    "ListIdentifiers": (list_identifiers, LIST_ARGUMENTS),
}

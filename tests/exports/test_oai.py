"""Our own OAI-PMH provider, harvested over HTTP by sickle and read by our own parser."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from pytest_django.live_server_helper import LiveServer
from sickle import Sickle
from sickle.oaiexceptions import NoRecordsMatch

from exports.oai import queries
from tests.factories import authors_of, import_records, make_author, make_record, make_work
from works.arxiv.parse import parse_identify, parse_list_records
from works.curate import set_hidden
from works.models import Work

OAI = {"o": "http://www.openarchives.org/OAI/2.0/"}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)


def find_all(content: bytes, path: str) -> list[Any]:
    found: Any = etree.fromstring(content).xpath(path, namespaces=OAI)
    return list(found)


def errors_of(client: Client, query: str) -> list[str]:
    response = client.get(f"/oai/?{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "text/xml; charset=utf-8")
    return find_all(response.content, "o:error/@code")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("small_pages")
def test_sickle_harvests_every_work(live_server: LiveServer) -> None:
    import_records(
        make_record(
            title="On $\\alpha$ & <b>", authors=["Ada van der Berg", make_author("LHCb", kind="collaboration")]
        ),
        *(make_record(categories=["hep-th"]) for _ in range(7)),
    )
    sickle = Sickle(f"{live_server.url}/oai/")
    records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
    found = [record.header.identifier for record in records]
    assert found == [f"oai:arXiv.org:{each}" for each in Work.objects.order_by("pk").values_list("arxiv_id", flat=True)]
    assert records[0].metadata["title"] == ["On α & <b>"]
    assert records[0].metadata["creator"] == ["van der Berg, Ada", "LHCb"]
    assert len(list(sickle.ListIdentifiers(metadataPrefix="oai_dc", set="hep-th"))) == 7
    assert sickle.GetRecord(identifier=found[0], metadataPrefix="arXiv").header.identifier == found[0]
    assert sickle.Identify().repositoryName == "BZPEER"
    assert {each.metadataPrefix for each in sickle.ListMetadataFormats()} == {"oai_dc", "arXiv"}
    assert "cs.LG" in {each.setSpec for each in sickle.ListSets()}
    with pytest.raises(NoRecordsMatch):
        sickle.ListRecords(metadataPrefix="oai_dc", until="2001-01-01")


@pytest.mark.django_db
@pytest.mark.usefixtures("small_pages")
def test_our_own_parser_reads_it(client: Client) -> None:
    sent = [
        make_record(
            title="On $x<y$", authors=["Ada van der Berg", "Kurt Gödel Jr."], doi="10.1/a", journal_ref="J. 1",
            abstract="Two\nlines & more.", license="http://creativecommons.org/licenses/by/4.0/",
        ),
        *(make_record() for _ in range(4)),
    ]  # fmt: skip
    import_records(*sent)
    read: list[Any] = []
    query = "metadataPrefix=arXiv"
    while query:
        page = parse_list_records(client.get(f"/oai/?verb=ListRecords&{query}").content)
        assert page.rejected == ()
        read += page.records
        query = f"resumptionToken={page.resumption_token}" if page.resumption_token else ""
    assert [record.arxiv_id for record in read] == [record.arxiv_id for record in sent]
    first = read[0]
    assert (first.title, first.doi, first.journal_ref, first.license) == (
        sent[0].title, sent[0].doi, sent[0].journal_ref, sent[0].license,
    )  # fmt: skip
    assert [(each.given, each.particle, each.family, each.suffix) for each in authors_of(first)] == [
        (each.given, each.particle, each.family, each.suffix) for each in authors_of(sent[0])
    ]
    assert parse_identify(client.get("/oai/?verb=Identify").content).name == "BZPEER"


@pytest.mark.django_db
def test_a_window_is_inclusive_at_both_ends(client: Client) -> None:
    works = [make_work() for _ in range(3)]
    for day, work in enumerate(works, 1):
        Work.objects.filter(pk=work.pk).update(changed_at=datetime(2020, 1, day, 12, tzinfo=UTC))

    def found(window: str) -> int:
        content = client.get(f"/oai/?verb=ListIdentifiers&metadataPrefix=oai_dc&{window}").content
        return len(find_all(content, "//o:header"))

    assert found("from=2020-01-02&until=2020-01-02") == 1
    assert found("from=2020-01-01&until=2020-01-02") == 2
    assert found("from=2020-01-02") == 2
    assert found("from=2020-01-04") == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"), ("verb=Nothing", "badVerb"), ("verb=Identify&verb=Identify", "badArgument"),
        ("verb=Identify&x=1", "badArgument"), ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-13-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2021-01-01&until=2020-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=9999-12-31", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=nothing", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=%00", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=abc", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=eyJwcmVmaXgiOjF9", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:arXiv.org:2001.99999", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%00", "idDoesNotExist"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ],
)  # fmt: skip
def test_errors_are_those_of_the_protocol(client: Client, query: str, code: str) -> None:
    assert errors_of(client, query) == [code]


@pytest.mark.django_db
def test_what_was_asked_is_repeated_unless_it_was_not_understood(client: Client) -> None:
    make_work()
    for query in (
        "verb=ListRecords&metadataPrefix=oai_dc",
        "verb=ListRecords&metadataPrefix=oai_dc&set=nothing",
        "verb=ListRecords&resumptionToken=abc",
    ):
        (request,) = find_all(client.get(f"/oai/?{query}").content, "o:request")
        assert dict(request.attrib) == dict(parse_qsl(query))
    for query in ("verb=Nothing", "verb=Identify&x=1", "verb=ListRecords"):
        (request,) = find_all(client.get(f"/oai/?{query}").content, "o:request")
        assert not request.attrib


@pytest.mark.django_db
def test_submitters_are_not_told(client: Client) -> None:
    make_work(submitter="Ada ada@example.org")
    for prefix in ("oai_dc", "arXiv"):
        assert b"ada@example.org" not in client.get(f"/oai/?verb=ListRecords&metadataPrefix={prefix}").content


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["oai_dc", "arXiv"])
def test_of_a_hidden_work_is_told_that_it_is_gone_and_no_more(client: Client, prefix: str) -> None:
    shown, hidden = make_work(title="Shown"), make_work(title="Secret", authors=["Hidden Person"])
    Work.objects.update(changed_at=datetime(2020, 1, 1, tzinfo=UTC))
    set_hidden(Work.objects.get(pk=hidden.pk), hidden=True)
    today = datetime.now(UTC).date().isoformat()
    gone = f"oai:arXiv.org:{hidden.arxiv_id}"
    for query in (
        f"verb=GetRecord&metadataPrefix={prefix}&identifier={gone}",
        f"verb=ListRecords&metadataPrefix={prefix}&from={today}",
        f"verb=ListIdentifiers&metadataPrefix={prefix}&from={today}&set=cs.LG",
    ):
        content = client.get(f"/oai/?{query}").content
        assert find_all(content, "//o:header[@status='deleted']/o:identifier/text()") == [gone]
        assert find_all(content, "//o:header/o:datestamp/text()") == [today]
        assert not find_all(content, "//o:metadata")
        assert b"Secret" not in content
        assert b"Hidden" not in content
    records = parse_list_records(client.get(f"/oai/?verb=ListRecords&metadataPrefix={prefix}").content)
    assert shown.arxiv_id in str(records)
    assert b"<deletedRecord>transient<" in client.get("/oai/?verb=Identify").content


@pytest.mark.django_db
def test_post_asks_as_get_does() -> None:
    client = Client(enforce_csrf_checks=True)
    assert b"<Identify>" in client.post("/oai/", {"verb": "Identify"}).content
    assert client.put("/oai/").status_code == 405


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def queries_of() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/oai/?verb=ListRecords&metadataPrefix=oai_dc")
        return len(captured)

    import_records(*(make_record() for _ in range(2)))
    few = queries_of()
    import_records(*(make_record(authors=[f"Given{n} Fam", "Ben Bo"]) for n in range(90)))
    assert queries_of() == few == 3

"""Each proof, checked as the site checks it, against servers on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import settings as site

from accounts.models import User
from claims.check import check, confirm_institution
from claims.errors import ClaimRefused
from claims.evidence import offer_proof
from claims.models import Claim, OutgoingMail
from claims.proofs.author_feed import FeedUnavailable, list_author_feed, read_feed
from claims.proofs.back_link import links_back
from claims.proofs.named_pages import find_addresses, token_of
from claims.proofs.orcid import is_orcid
from claims.submit import submit_claim
from profiles.models import Researcher
from tests.claims.cast import ORCID, connect_orcid
from tests.factories import (
    get_person,
    import_records,
    make_author,
    make_record,
    make_researcher,
    make_user,
    make_work,
)
from works.institutions.resolve import match_printed_affiliations
from works.models import Authorship, Institution, InstitutionName, Work

pytestmark = pytest.mark.django_db

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/a/x</id>{entries}</feed>"""


@contextmanager
def pages(**bodies: tuple[str, str]) -> Iterator[str]:
    """Serve pages by name, each with its content type."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = bodies.get(self.path.strip("/") or "index", ("", ""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _fetch_from_this_machine(settings: Any) -> None:
    settings.FETCH_PRIVATE_HOSTS = frozenset({"127.0.0.1"})


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=3)


def prove(user: User, claim: Claim, kind: str, address: str = "") -> Claim:
    evidence = offer_proof(user, claim, kind, address)
    check(evidence)
    claim.refresh_from_db()
    return claim


def test_a_link_back_gives_the_record(member: User, ada: Researcher) -> None:
    link = f'<p><a rel="noopener me" href="{site.SITE_URL}{ada.get_absolute_url()}">BZPEER</a>'
    with pages(index=("text/html; charset=utf-8", link)) as url:
        claim = prove(member, submit_claim(member, ada, {}), "back_link", url)
    assert (claim.state, claim.level) == ("approved", 2)


def test_a_page_without_the_link_says_so_and_can_be_tried_again(member: User, ada: Researcher) -> None:
    claim = submit_claim(member, ada, {})
    with pages(index=("text/html", "<p>Nothing here.")) as url:
        prove(member, claim, "back_link", url)
        assert claim.state == "submitted"
        evidence = claim.evidence.get()
        assert (evidence.status, evidence.note) == ("failed", 'The page has no rel="me" link to this record.')
        assert offer_proof(member, claim, "back_link", url).status == "checking"


@pytest.mark.parametrize(
    ("html", "holds"),
    [
        ('<link rel="me" href="{url}">', True),
        ('<a rel="ME" href=" {url} ">x</a>', True),
        ('<base href="{site}/authors/x/"><a rel="me" href="../{handle}/">x</a>', True),
        ('<a rel="me" href="{site}/authors/{id}/">x</a>', True),
        ('<a href="{url}">x</a>', False),
        ('<a rel="home" href="{url}">x</a>', False),
        ('<a rel="me" href="https://evil.example/authors/{handle}/">x</a>', False),
        ('<a rel="me" href="{site}/authors/{handle}/trust/">x</a>', False),
        ('<a rel="me" href="{site}/authors/somebody-else-0000000/">x</a>', False),
        ('<a rel="me" href="http://[broken">x</a>', False),
        ('<!-- <a rel="me" href="{url}">x</a> -->', False),
    ],
)
def test_what_counts_as_a_link_back(ada: Researcher, html: str, holds: bool) -> None:
    base = "https://bzpeer.example.org"
    values = {"url": base + ada.get_absolute_url(), "site": base, "handle": ada.handle, "id": ada.public_id}
    assert links_back(html.format(**values), "https://home.example/", base, ada.pk) is holds


def test_a_token_counts_only_where_an_abstract_points(member: User) -> None:
    with pages(index=("text/plain", "")) as url:
        make_work(authors=["Mary Somerville"], abstract=f"Code is at {url}/code.")
        mary = get_person("Mary Somerville")
        claim = submit_claim(member, mary, {})
        with pytest.raises(ClaimRefused, match="None of the abstracts"):
            offer_proof(member, claim, "token", f"{url}/elsewhere")
    other = submit_claim(make_user("other@example.org"), make_researcher("Ada Lovelace"), {})
    assert token_of(other) != token_of(claim)
    with pages(code=("text/html", f"<p>{token_of(claim)}")) as here:
        Work.objects.update(abstract=f"See {here}/code.")
        assert prove(member, claim, "token", f"{here}/code").state == "approved"


def test_another_claims_token_does_not_count(member: User) -> None:
    rival = submit_claim(make_user("rival@example.org"), make_researcher("Charles Babbage"), {})
    with pages(code=("text/html", token_of(rival))) as here:
        make_work(authors=["Mary Somerville"], abstract=f"See {here}/code.")
        claim = prove(member, submit_claim(member, get_person("Mary Somerville"), {}), "token", f"{here}/code")
    assert claim.state == "submitted"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Code: github.com/edwardjhu/TP4.", ["https://github.com/edwardjhu/TP4"]),
        ("(https://a.example/x), and https://a.example/x", ["https://a.example/x"]),
        ("See www.a.example; no more.", ["https://www.a.example"]),
        ("Nothing to see.", []),
    ],
)
def test_addresses_in_abstracts(text: str, addresses: list[str]) -> None:
    assert find_addresses(text) == addresses


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("0000-0002-1825-0097", True),
        ("0000-0001-5109-3700", True),
        ("0000-0002-1694-233X", True),
        ("0000-0002-1825-0098", False),
        ("0000-0002-1694-2330", False),
        ("0000-0002-1825-009x", False),
        ("٠000-0002-1825-0097", False),
        ("0000000218250097", False),
        ("0000-0002-1825-0097 ", False),
        ("", False),
    ],
)
def test_the_check_digit_of_an_orcid_id(text: str, good: bool) -> None:
    assert is_orcid(text) is good


def test_an_orcid_sign_in_of_the_same_name_decides_another_name_waits(member: User, ada: Researcher) -> None:
    connect_orcid(member)
    assert prove(member, submit_claim(member, ada, {}), "orcid").level == 2
    stranger = make_user("stranger@example.org")
    connect_orcid(stranger, "0000-0001-5109-3700", "Somebody", "Else")
    claim = prove(stranger, submit_claim(stranger, make_researcher("Charles Babbage"), {}), "orcid")
    assert (claim.state, claim.evidence.get().status) == ("submitted", "verified")


def test_without_a_sign_in_or_with_a_wrong_check_digit_orcid_proves_nothing(member: User, ada: Researcher) -> None:
    claim = submit_claim(member, ada, {})
    for kind in ("orcid", "author_feed"):
        with pytest.raises(ClaimRefused, match="Sign in with ORCID"):
            offer_proof(member, claim, kind, ORCID)
    connect_orcid(member, "0000-0002-1825-0098")
    with pytest.raises(ClaimRefused, match="Sign in with ORCID"):
        offer_proof(member, claim, "orcid", "")


def feed_of(ids: list[str]) -> tuple[str, str]:
    entries = "".join(f"<entry><id>http://arxiv.org/abs/{arxiv_id}v2</id></entry>" for arxiv_id in ids)
    return "application/atom+xml", FEED.format(entries=entries)


@pytest.mark.parametrize(("number", "level"), [(3, 3), (2, 3), (1, 0)])
def test_an_author_feed_that_lists_two_works_is_paper_level(
    member: User, ada: Researcher, settings: Any, number: int, level: int
) -> None:
    connect_orcid(member)
    ids = list(Authorship.objects.filter(researcher=ada).values_list("work__arxiv_id", flat=True))
    with pages(**{f"{ORCID}.atom2": feed_of(ids[:number])}) as url:
        settings.ARXIV_FEED_URL = url
        claim = prove(member, submit_claim(member, ada, {}), "author_feed")
    assert claim.level == level
    assert claim.evidence.get().note == f"The feed lists {number} of the 3 works."


def test_the_only_work_suffices_where_there_is_but_one(member: User, settings: Any) -> None:
    connect_orcid(member)
    mary = make_researcher("Mary Somerville")
    arxiv_id = Work.objects.get().arxiv_id
    with pages(**{f"{ORCID}.atom2": feed_of([arxiv_id])}) as url:
        settings.ARXIV_FEED_URL = url
        assert prove(member, submit_claim(member, mary, {}), "author_feed").level == 3


def test_a_feed_that_cannot_be_had_is_not_a_refusal(settings: Any) -> None:
    with pages(**{f"{ORCID}.atom2": ("text/html", "<p>Busy.")}) as url:
        settings.ARXIV_FEED_URL = url
        with pytest.raises(FeedUnavailable):
            list_author_feed(ORCID)
        assert list_author_feed("0000-0001-5109-3700") == set(), "no feed is an answer"


def test_old_and_new_ids_are_read_from_a_feed_and_entities_are_not() -> None:
    body = feed_of(["hep-th/9901001", "2011.14522"])[1].encode()
    assert read_feed(body) == {"hep-th/9901001", "2011.14522"}
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "http://arxiv.org/abs/2011.14522">]>'
        + FEED.format(entries="<entry><id>&a;</id></entry>").encode().partition(b"?>")[2].strip()
    )
    assert read_feed(bomb) == set()


def link_of(mail: OutgoingMail) -> str:
    return str(mail.context["url"]).rstrip("/").rpartition("/")[2]


def test_an_institutional_address_is_confirmed_once_by_its_claimant_only(member: User, ada: Researcher) -> None:
    claim = submit_claim(member, ada, {})
    evidence = offer_proof(member, claim, "institutional_email", "Ada@Unknown.example")
    mail = OutgoingMail.objects.get(template="confirm_institution")
    assert mail.recipient == "ada@unknown.example"
    token = link_of(mail)
    assert token not in str(evidence.token_hash)
    for user, number, text in [
        (make_user("thief@example.org"), evidence.pk, token),
        (member, evidence.pk, token.swapcase()),
        (member, evidence.pk + 1, token),
        (member, evidence.pk, ""),
    ]:
        with pytest.raises(ClaimRefused, match="expired or was used"):
            confirm_institution(user, number, text)
    settled = confirm_institution(member, evidence.pk, token)
    assert (settled.status, settled.decisive) == ("verified", False), "nobody knows the domain, so a curator looks"
    with pytest.raises(ClaimRefused, match="expired or was used"):
        confirm_institution(member, evidence.pk, token)


@pytest.mark.parametrize(
    ("printed", "decisive"), [("Analytical University, Turin", True), ("Elsewhere College", False)]
)
def test_an_address_of_an_institution_on_the_works_decides(member: User, printed: str, decisive: bool) -> None:
    university = Institution.objects.create(
        ror_id="012345678",
        name="Analytical University",
        country_code="IT",
        city="Turin",
        domains=["analytical.example"],
    )
    InstitutionName.objects.create(institution=university, kind="name", value=university.name)
    import_records(make_record(authors=[make_author("Ada Lovelace", printed)]))
    match_printed_affiliations()
    claim = submit_claim(member, get_person("Ada Lovelace"), {})
    evidence = offer_proof(member, claim, "institutional_email", "ada@maths.analytical.example")
    settled = confirm_institution(
        member, evidence.pk, link_of(OutgoingMail.objects.get(template="confirm_institution"))
    )
    assert (settled.status, settled.decisive) == ("verified", decisive)
    claim.refresh_from_db()
    assert (claim.state == "approved") == decisive


def test_a_second_link_voids_the_first(member: User, ada: Researcher) -> None:
    claim = submit_claim(member, ada, {})
    for _ in range(2):
        evidence = offer_proof(member, claim, "institutional_email", "ada@unknown.example")
    first, second = map(link_of, OutgoingMail.objects.filter(template="confirm_institution"))
    with pytest.raises(ClaimRefused):
        confirm_institution(member, evidence.pk, first)
    confirm_institution(member, evidence.pk, second)


def test_a_strangers_claim_takes_no_proofs_of_mine(member: User, ada: Researcher) -> None:
    claim = submit_claim(make_user("other@example.org"), ada, {})
    with pytest.raises(ClaimRefused, match="not your claim"):
        offer_proof(member, claim, "back_link", "https://example.org/")

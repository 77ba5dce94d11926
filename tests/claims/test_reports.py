"""Reports without an account: confirmed by mail, decided by curators; a removal hides a person for good."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from claims.errors import ClaimRefused
from claims.models import OutgoingMail, Report, Suppression
from claims.reports.decide import decide_report
from claims.reports.suppress import lift_suppression
from profiles.models import Follow, Researcher
from tests.claims.cast import claim_by_proof, own
from tests.factories import get_person, import_records, make_record, make_researcher
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=2, coauthors=["Charles Babbage"])


def send(client: Client, researcher: Researcher, kind: str = "removal", **more: Any) -> str:
    """Send a report and return the path of the link that confirms it."""
    form = {"kind": kind, "email": "Reader@Example.org", **more}
    assert client.post(f"{researcher.get_absolute_url()}report/", form).status_code == 200
    url = str(OutgoingMail.objects.filter(template="confirm_report").latest("pk").context["url"])
    return "/reports/" + url.partition("/reports/")[2]


def test_a_report_counts_once_its_address_is_confirmed(client: Client, ada: Researcher) -> None:
    link = send(client, ada, "wrong_work", what="2001.00001", message="<script>alert(1)</script>")
    report = Report.objects.get()
    assert (report.state, report.email) == ("unconfirmed", "reader@example.org")
    assert client.get(link).status_code == 200
    assert Report.objects.get().state == "unconfirmed", "opening the link is not confirming"
    assert client.post(link).status_code == 302
    assert Report.objects.get().state == "open"
    assert client.post(link).status_code == 410
    assert client.get("/reports/confirm/nonsense/").status_code == 410


def test_a_report_that_is_sent_twice_is_one_and_one_message(client: Client, ada: Researcher) -> None:
    links = {send(client, ada, "wrong_work", what="2001.00001") for _ in range(2)}
    assert Report.objects.count() == len(links) == OutgoingMail.objects.count() == 1
    send(client, ada, "wrong_work", what="2001.00002")
    assert Report.objects.count() == 2


@pytest.mark.parametrize("form", [{}, {"kind": "nonsense", "email": "a@b.org"}, {"kind": "removal", "email": "no"}])
def test_a_form_that_says_nothing_is_shown_again(client: Client, ada: Researcher, form: dict[str, str]) -> None:
    page = client.post(f"{ada.get_absolute_url()}report/", {"x": "y", **form}).content.decode()
    assert 'role="alert"' in page
    assert not Report.objects.exists()


def test_reports_are_limited_in_rate(client: Client, ada: Researcher) -> None:
    form = {"kind": "removal", "email": "reader@example.org"}
    answers = [client.post(f"{ada.get_absolute_url()}report/", form).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def grant(client: Client, curator: User, researcher: Researcher) -> Report:
    client.post(send(client, researcher))
    report = Report.objects.get()
    decide_report(curator, report, "Their own wish.", granted=True)
    return report


def is_found(client: Client, researcher: Researcher) -> bool:
    found = client.get("/search/", {"q": researcher.display_name}).content.decode()
    return researcher.get_absolute_url() in found


def test_a_granted_removal_hides_the_person_everywhere_and_the_works_stay(
    client: Client, as_member: Client, member: User, curator: User, ada: Researcher
) -> None:
    charles = get_person("Charles Babbage")
    Follow.objects.create(follower=member, researcher=ada)
    assert charles.trust.facts["close_collaborators"] == 1
    grant(client, curator, ada)
    for address in (
        "",
        "trust/",
        "trust.json",
        "topics/",
        "collaborators/",
        "followers/",
        "report/",
        "claim/",
        "viewer/",
        "feed/",
        "json-ld/",
        "export/bibtex/",
        "identity/",
    ):
        assert as_member.get(f"{ada.get_absolute_url()}{address}").status_code == 404, address
    assert client.get(f"/graph/slice/{ada.handle}/").status_code == 404
    assert not is_found(client, ada)
    assert list(as_member.get("/following/").context["followed"]) == []
    link = ada.get_absolute_url()
    for address in (
        charles.get_absolute_url(), f"{charles.get_absolute_url()}collaborators/", f"/graph/slice/{charles.handle}/",
        "/", "/topics/cs.LG/", Work.objects.all()[0].get_absolute_url(), "/authors/", "/works/", "/topics/cs.LG/feed/",
        "/api/v1/authors", "/api/v1/works", f"{Work.objects.all()[0].get_absolute_url()}json-ld/",
        f"/graph/?focus=work:{Work.objects.all()[0].arxiv_id}", "/graph/?focus=topic:cs.LG",
        "/search/suggestions/?q=love",
    ):  # fmt: skip
        assert link not in client.get(address).content.decode(), address
    for address in (f"{charles.get_absolute_url()}collaborators/", f"/graph/slice/{charles.handle}/"):
        assert "Lovelace" not in client.get(address).content.decode(), address
    assert Researcher.objects.get(pk=charles.pk).trust.facts["close_collaborators"] == 0
    assert client.get(Work.objects.all()[0].get_absolute_url()).status_code == 200
    told = OutgoingMail.objects.get(template="report_decided")
    assert (told.recipient, told.context["granted"]) == ("reader@example.org", True)


def test_a_removal_survives_later_imports(client: Client, curator: User, ada: Researcher) -> None:
    grant(client, curator, ada)
    import_records(make_record(authors=["Ada Lovelace", "Mary Somerville"]))
    assert Researcher.objects.filter(display_name="Ada Lovelace").count() == 1
    assert Authorship.objects.filter(researcher=ada).count() == 3
    assert client.get(ada.get_absolute_url()).status_code == 404
    assert not is_found(client, ada)


def test_a_removal_that_was_printed_anew_survives_too(client: Client, curator: User, ada: Researcher) -> None:
    work = Work.objects.all()[0]
    grant(client, curator, ada)
    import_records(
        make_record(arxiv_id=work.arxiv_id, authors=["Charles Babbage", "Ada Lovelace"], title="A new title")
    )
    assert Authorship.objects.get(work=work, printed_name="Ada Lovelace").researcher == ada


def test_a_removal_can_be_lifted(client: Client, curator: User, ada: Researcher) -> None:
    grant(client, curator, ada)
    lift_suppression(curator, Suppression.objects.get(), "She changed her mind.")
    assert client.get(ada.get_absolute_url()).status_code == 200


def test_a_claimed_record_is_not_removed_by_a_report(
    client: Client, member: User, curator: User, ada: Researcher
) -> None:
    own(member, ada, curator)
    client.post(send(client, ada))
    with pytest.raises(ClaimRefused, match="has an owner"):
        decide_report(curator, Report.objects.get(), "Their wish.", granted=True)
    assert Report.objects.get().state == "open"


def test_a_report_is_decided_once_by_a_curator_with_a_reason(
    client: Client, member: User, curator: User, ada: Researcher
) -> None:
    client.post(send(client, ada, "duplicate"))
    report = Report.objects.get()
    with pytest.raises(ClaimRefused, match="Only a curator"):
        decide_report(member, report, "Yes.", granted=True)
    with pytest.raises(ClaimRefused, match="says why"):
        decide_report(curator, report, "", granted=True)
    decide_report(curator, report, "Not the same person.", granted=False)
    with pytest.raises(ClaimRefused, match="not open"):
        decide_report(curator, report, "After all.", granted=True)


def test_an_unconfirmed_report_is_not_decided(client: Client, curator: User, ada: Researcher) -> None:
    send(client, ada)
    with pytest.raises(ClaimRefused, match="not open"):
        decide_report(curator, Report.objects.get(), "Yes.", granted=True)


def test_an_objection_within_the_window_suspends_the_claim(client: Client, member: User, ada: Researcher) -> None:
    claim = claim_by_proof(member, ada)
    link = send(client, ada, "objection", message="That is not she.")
    claim.refresh_from_db()
    assert claim.state == "approved", "an unconfirmed address suspends nobody"
    client.post(link)
    claim.refresh_from_db()
    assert claim.state == "objected"
    assert Report.objects.get().claim == claim
    assert "reader@example.org" not in client.get(ada.get_absolute_url()).content.decode()

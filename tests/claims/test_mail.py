"""Mail as it really goes out: over SMTP to a server on this machine, in text and HTML."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from claims.decide import approve_claim, ask_for_evidence, reject_claim, revoke_claim
from claims.expire import let_time_pass
from claims.mail import send_waiting, write_mail
from claims.models import Claim, OutgoingMail, Report
from claims.object import decide_objection, object_to_claim
from claims.reports.decide import decide_report
from claims.second_record import propose_merge, refuse_proposal
from claims.submit import appeal, submit_claim, withdraw_claim
from profiles.models import Researcher
from tests.claims.cast import claim_by_proof, client_of, make_curator, own
from tests.claims.test_reports import send as confirmation_of
from tests.factories import make_researcher, make_user
from tests.mailbox import Mailbox, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada O'Lovelace & Sons")


def test_every_step_is_told_in_plain_words_in_text_and_html(
    mailbox: Mailbox, member: User, ada: Researcher, curator: User
) -> None:
    claim = claim_by_proof(member, ada)
    object_to_claim(claim, "That is not she.")
    revoke_claim(curator, claim, "It was not.")
    second = make_user("second@example.org")
    other = submit_claim(second, ada, {})
    ask_for_evidence(curator, other, "Please show a page.")
    reject_claim(curator, other, "Nothing came.")
    appeal(second, other, "Look again.")
    approve_claim(make_curator(), other, "The page is hers.")
    submit_claim(make_user("third@example.org"), ada, {})
    withdraw_claim(second, other)
    waiting = OutgoingMail.objects.count()
    assert send_waiting() == waiting == len(mailbox.messages)
    subjects = {str(message["Subject"]).partition(":")[0] for message in mailbox.messages}
    assert subjects >= {
        "We have received your claim", "Your claim is approved", "Somebody objected to your claim",
        "Your claim was revoked", "Your claim needs more evidence", "Your claim was rejected",
        "We have received your appeal", "Somebody else claims the same record", "You have withdrawn your claim",
        "Somebody holds the record that you claim",
    }  # fmt: skip
    for message in mailbox.messages:
        both = texts(message)
        assert set(both) == {"text/plain", "text/html"}
        assert "Ada O'Lovelace & Sons" in both["text/plain"]
        assert "Ada O&#x27;Lovelace &amp; Sons" in both["text/html"]
        assert re.search(r"http://\S+/authors/\S+/claim/", both["text/plain"])
        assert "\n" not in str(message["Subject"])
    assert not any("second@" in str(texts(message)) for message in mailbox.messages), "neither side learns of the other"


def test_the_link_that_arrives_confirms_an_address(mailbox: Mailbox, member: User, ada: Researcher) -> None:
    client = client_of(member)
    url = f"{ada.get_absolute_url()}claim/"
    client.post(url)
    client.post(f"{url}proof/", {"kind": "institutional_email", "address": "ada@unknown.example"})
    send_waiting()
    message = next(each for each in mailbox.messages if each["To"] == "ada@unknown.example")
    link = re.search(r"http://[^/]+(/claims/confirm/\S+)", texts(message)["text/plain"])
    assert link is not None
    assert client.post(link[1]).status_code == 302
    assert member.claims.get().evidence.get().status == "verified"


def test_the_link_of_a_report_arrives_and_so_does_the_answer(
    mailbox: Mailbox, client: Client, ada: Researcher, curator: User
) -> None:
    client.post(f"{ada.get_absolute_url()}report/", {"kind": "removal", "email": "reader@example.org"})
    send_waiting()
    link = re.search(r"http://[^/]+(/reports/confirm/\S+)", texts(mailbox.messages[0])["text/plain"])
    assert link is not None
    client.post(link[1])
    decide_report(curator, Report.objects.get(), "Your wish.", granted=True)
    send_waiting()
    assert "Your wish." in texts(mailbox.messages[-1])["text/plain"]
    assert mailbox.messages[-1]["To"] == "reader@example.org"


def test_what_the_server_refuses_is_sent_again_and_nothing_twice(mailbox: Mailbox) -> None:
    write_mail("reader@example.org", "missing_work", arxiv_id="2001.00001", name="x", outcome="y", url="z")
    mailbox.refusal = "451 Try again later"
    assert send_waiting() == 0
    assert OutgoingMail.objects.get().attempts == 1
    mailbox.refusal = ""
    assert send_waiting() == 1
    assert send_waiting() == 0
    assert len(mailbox.messages) == 1
    assert OutgoingMail.objects.get().context == {}, "a link's secret is not kept once it is out"


def test_a_name_with_a_line_break_makes_no_header(mailbox: Mailbox) -> None:
    write_mail(
        "reader@example.org", "report_decided", what="x", name="a\nBcc: evil@example.org", granted=True, reason="y"
    )
    send_waiting()
    assert mailbox.messages[0]["Bcc"] is None


def test_a_curators_approval_is_told(mailbox: Mailbox, member: User, ada: Researcher, curator: User) -> None:
    own(member, ada, curator)
    send_waiting()
    assert "Checked the papers." in texts(mailbox.messages[-1])["text/plain"]


def arrived(mailbox: Mailbox) -> list[tuple[str, str]]:
    """Send what waits; return subject and text of each message that came."""
    mailbox.messages.clear()
    send_waiting()
    return [(str(message["Subject"]), texts(message)["text/plain"]) for message in mailbox.messages]


def test_proposals_of_a_second_record_are_told(mailbox: Mailbox, member: User, curator: User, ada: Researcher) -> None:
    own(member, ada, curator)
    second = make_researcher("Augusta King")
    arrived(mailbox)
    proposal = propose_merge(member, ada, second, "I signed so once.")
    ((subject, text),) = arrived(mailbox)
    assert subject.startswith("We have received your proposal")
    assert second.get_absolute_url() in text
    refuse_proposal(make_curator(), proposal, "They are mother & daughter.")
    ((subject, text),) = arrived(mailbox)
    assert subject.startswith("Your records are not merged")
    assert "They are mother & daughter." in text
    assert "They are mother &amp; daughter." in texts(mailbox.messages[0])["text/html"]


def test_a_renewal_that_is_due_is_told_once(mailbox: Mailbox, member: User, curator: User, ada: Researcher) -> None:
    claim = own(member, ada, curator)
    Claim.objects.filter(pk=claim.pk).update(level=4, renew_by=timezone.now() + timedelta(days=59))
    arrived(mailbox)
    let_time_pass()
    let_time_pass()
    ((subject, text),) = arrived(mailbox)
    assert subject.startswith("Please confirm your record")
    assert "Level 4 lapses on" in text


def test_whoever_objected_is_answered(
    mailbox: Mailbox, client: Client, member: User, curator: User, ada: Researcher
) -> None:
    claim = claim_by_proof(member, ada)
    client.post(confirmation_of(client, ada, "objection", message="That is not she."))
    arrived(mailbox)
    decide_objection(curator, claim, "The department was asked.", upheld=True)
    arrived(mailbox)
    told = {str(message["To"]): texts(message)["text/plain"] for message in mailbox.messages}
    assert set(told) == {"reader@example.org", member.email}
    assert all("The department was asked." in text for text in told.values())


@pytest.mark.parametrize("end", ["withdrawn", "revoked"])
def test_a_challenger_is_told_when_the_other_claim_ends(mailbox: Mailbox, curator: User, end: str) -> None:
    ada, holder, rival = make_researcher(), make_user("holder@example.org"), make_user("rival@example.org")
    claim = own(holder, ada, curator)
    submit_claim(rival, ada, {})
    if end == "withdrawn":
        withdraw_claim(holder, claim)
    else:
        revoke_claim(make_curator(), claim, "An impostor.")
    send_waiting()
    (message,) = [each for each in mailbox.messages if str(each["Subject"]).startswith("Nobody else holds")]
    assert message["To"] == "rival@example.org"
    assert all("Yours goes on" in text for text in texts(message).values())
    assert "holder@example.org" not in str(texts(message))

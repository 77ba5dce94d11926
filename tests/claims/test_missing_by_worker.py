"""A missing work by its arXiv id: asked for on the page, fetched by a real worker, added, and told by mail."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from claims.models import OutgoingMail, RecordChange
from profiles.models import IdentityOperation, Researcher
from tests.claims.cast import client_of, make_curator, own
from tests.factories import get_person, make_researcher, make_user
from tests.test_worker import _empty_broker, running_worker, wait_until  # noqa: F401 - a fixture that is used by itself
from tests.works.endpoints import serve_sample
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

KNOWN, UNKNOWN = "2111.09570", "2199.00001"


def ask_for(client: Client, researcher: Researcher, arxiv_id: str) -> str:
    answer = client.post(f"{researcher.get_absolute_url()}edit/missing/", {"arxiv_id": arxiv_id}, follow=True)
    return answer.content.decode()


def outcomes() -> dict[str, str]:
    told = OutgoingMail.objects.filter(template="missing_work").order_by("pk")
    return {mail.context["arxiv_id"]: mail.context["outcome"] for mail in told if mail.context}


def owner_of_gregory() -> tuple[User, Researcher]:
    """Somebody whose record is not found by the name that the work prints."""
    user, gregory = make_user("gregory@example.org"), make_researcher("Gregory Yang")
    own(user, gregory, make_curator())
    return user, gregory


@pytest.fixture
def _mail_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no server take the mail, so that it can be read here."""
    monkeypatch.setenv("EMAIL_URL", "smtp://127.0.0.1:9")
    monkeypatch.delenv("BZPEER_MAIL_DIR", raising=False)


@pytest.mark.usefixtures("_mail_stays")
def test_a_worker_fetches_what_is_missing_and_tells_the_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    user, gregory = owner_of_gregory()
    client = client_of(user)
    with serve_sample() as endpoint:
        monkeypatch.setenv("BZPEER_ARXIV_OAI_URL", endpoint.url)
        with running_worker():
            assert "We are fetching it from arXiv" in ask_for(client, gregory, KNOWN)
            ask_for(client, gregory, UNKNOWN)
            wait_until(lambda: set(outcomes()) == {KNOWN, UNKNOWN})
        assert {each["identifier"] for each in endpoint.requests} == {
            f"oai:arXiv.org:{KNOWN}",
            f"oai:arXiv.org:{UNKNOWN}",
        }
    assert outcomes() == {KNOWN: "It is on your page now.", UNKNOWN: "arXiv knows no such work."}
    row = Authorship.objects.get(work__arxiv_id=KNOWN, researcher=gregory)
    assert (row.printed_name, row.attribution) == ("Greg Yang", "confirmed")
    assert RecordChange.objects.get(field="work").operation == IdentityOperation.objects.get(
        source=get_person("Greg Yang")
    )
    assert not Work.objects.filter(arxiv_id=UNKNOWN).exists()


@pytest.mark.usefixtures("_mail_stays")
def test_a_byline_without_the_name_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    user, ada = make_user("ada@example.org"), make_researcher("Ada Lovelace")
    own(user, ada, make_curator())
    with serve_sample() as endpoint:
        monkeypatch.setenv("BZPEER_ARXIV_OAI_URL", endpoint.url)
        with running_worker():
            ask_for(client_of(user), ada, KNOWN)
            wait_until(lambda: KNOWN in outcomes())
    assert "does not name you in exactly one place" in outcomes()[KNOWN]
    assert Work.objects.filter(arxiv_id=KNOWN).exists(), "it is ours now, under those whom it names"
    assert not Authorship.objects.filter(work__arxiv_id=KNOWN, researcher=ada).exists()


@pytest.mark.usefixtures("_mail_stays")
def test_an_answer_that_is_none_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(number: int, _arguments: dict[str, str]) -> Any:
        return (503, b"busy") if number == 1 else None

    user, gregory = owner_of_gregory()
    with serve_sample(busy) as endpoint:
        monkeypatch.setenv("BZPEER_ARXIV_OAI_URL", endpoint.url)
        with running_worker():
            ask_for(client_of(user), gregory, KNOWN)
            wait_until(lambda: KNOWN in outcomes())
        assert len(endpoint.requests) == 2
    assert outcomes() == {KNOWN: "It is on your page now."}

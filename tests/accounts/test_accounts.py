"""Accounts: log-in by e-mail address, confirmation by message, nothing told to those who probe."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from profiles.models import Follow
from tests.factories import make_researcher, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def sign_up(client: Client, email: str, following: str = "") -> str:
    """Sign up; return the address of the page that comes next."""
    form = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "next": following}
    return client.post("/accounts/signup/", form).get("Location", "")


def confirmation_link() -> str:
    link = re.search(r"http\S+/accounts/confirm-email/\S+", str(mail.outbox[-1].body))
    assert link is not None
    return link[0]


def test_a_newcomer_confirms_by_mail_before_logging_in(client: Client) -> None:
    assert sign_up(client, "New@Example.org") == "/accounts/confirm-email/"
    assert mail.outbox[0].to == ["new@example.org"]
    assert client.get("/following/").status_code == 302
    link = confirmation_link()
    assert client.get(link).status_code == 200
    assert client.get("/following/").status_code == 302, "reading the mail is not confirming"
    client.post(link)
    assert client.get("/following/").status_code == 200


def test_an_unconfirmed_address_cannot_log_in(client: Client) -> None:
    sign_up(client, "new@example.org")
    response = Client().post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD})
    assert response["Location"] == "/accounts/confirm-email/"


def test_a_link_works_once_and_a_wrong_one_says_so(client: Client) -> None:
    sign_up(client, "new@example.org")
    link = confirmation_link()
    client.post(link)
    assert b"expired or was used before" in Client().get(link).content
    assert b"expired or was used before" in client.get("/accounts/confirm-email/nonsense/").content


def test_signing_up_with_a_known_address_tells_nothing_to_the_prober(client: Client) -> None:
    make_user("known@example.org", PASSWORD)
    assert sign_up(client, "known@example.org") == sign_up(Client(), "unknown@example.org")
    assert [message.to for message in mail.outbox] == [["known@example.org"], ["unknown@example.org"]]
    assert User.objects.filter(email="known@example.org").count() == 1


def test_a_password_reset_tells_nothing_to_the_prober(client: Client) -> None:
    make_user("known@example.org", PASSWORD)
    answers = {
        client.post("/accounts/password/reset/", {"email": f"{name}@example.org"}).get("Location")
        for name in ("known", "nobody")
    }
    assert len(answers) == 1


def test_a_wrong_password_is_said_in_words_and_what_was_typed_is_kept(client: Client) -> None:
    make_user("known@example.org", PASSWORD)
    content = client.post("/accounts/login/", {"login": "known@example.org", "password": "wrong"}).content.decode()
    assert 'role="alert"' in content
    assert 'value="known@example.org"' in content


def test_guessing_is_slowed_down(client: Client) -> None:
    make_user("known@example.org", PASSWORD)
    for _ in range(12):
        client.post("/accounts/login/", {"login": "known@example.org", "password": "wrong"})
    client.post("/accounts/login/", {"login": "known@example.org", "password": PASSWORD})
    assert client.get("/following/").status_code == 302


def test_log_in_leads_back_and_nowhere_else(client: Client) -> None:
    make_user("known@example.org", PASSWORD)
    form = {"login": "KNOWN@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", {**form, "next": "/about/trust/"})["Location"] == "/about/trust/"
    assert Client().post("/accounts/login/", {**form, "next": "https://evil.example/"})["Location"] == "/"


def test_logging_out_needs_the_form(as_member: Client) -> None:
    as_member.get("/accounts/logout/")
    assert as_member.get("/following/").status_code == 200
    as_member.post("/accounts/logout/")
    assert as_member.get("/following/").status_code == 302


def test_the_own_page_lists_whom_one_follows_and_only_them(as_member: Client, member: User) -> None:
    ada, charles = make_researcher("Ada Lovelace", works=2), make_researcher("Charles Babbage")
    Follow.objects.create(follower=member, researcher=ada)
    Follow.objects.create(follower=make_user("other@example.org"), researcher=charles)
    response = as_member.get("/following/")
    assert [(person.display_name, person.number_of_works) for person in response.context["followed"]] == [
        ("Ada Lovelace", 2)
    ]
    assert "private" in response["Cache-Control"]


def test_one_address_is_one_account_however_it_is_capitalised() -> None:
    make_user("ada@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Ada@example.org")
    assert User.objects.get_by_natural_key(" ADA@example.org") == User.objects.get()


@pytest.mark.parametrize(
    "lookalike", ["mıke@example.org", "mi\u212ae@example.org", "mike@examplе.org", "ｍike@example.org"]
)
def test_an_address_that_looks_like_another_leads_into_no_account_but_its_own(client: Client, lookalike: str) -> None:
    """The Kelvin sign, a dotless i, a Cyrillic e and a wide m: each is of the same appearance, or folds to the same."""
    user = make_user("mike@example.org", PASSWORD)
    client.post("/accounts/password/reset/", {"email": lookalike})
    keys = [message.to for message in mail.outbox if "/password/reset/key/" in str(message.body)]
    is_the_same = lookalike.lower() == user.email  # the Kelvin sign is a K
    assert keys == [["mike@example.org"]] * is_the_same, "a key goes to the account's own address only"
    client.post("/accounts/login/", {"login": lookalike, "password": PASSWORD})
    assert (client.get("/following/").status_code == 200) is is_the_same
    client.post("/accounts/logout/")
    sign_up(client, lookalike)
    assert User.objects.get(pk=user.pk).email == "mike@example.org"
    assert {message.to[0] for message in mail.outbox} <= {lookalike, lookalike.lower(), "mike@example.org"}

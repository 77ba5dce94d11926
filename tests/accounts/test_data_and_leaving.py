"""A member's data and their leaving: only one's own, only after logging in afresh, and really gone."""

import io
import json
import zipfile

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.export import build_export
from accounts.leave import delete_account
from accounts.models import AccountExport, User
from claims.models import Claim, Evidence
from claims.own.change import change_record
from profiles.models import Follow, Researcher
from tests.claims.cast import own, show_proof
from tests.factories import make_researcher, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def ada_user(db: None) -> User:
    return make_user("ada@example.org", PASSWORD)


@pytest.fixture
def as_ada(ada_user: User) -> Client:
    return logged_in(ada_user)


def logged_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_an_export_holds_what_the_site_holds(as_ada: Client, ada_user: User, curator: User) -> None:
    ada = make_researcher()
    claim = own(ada_user, ada, curator)
    show_proof(claim, "back_link", "https://ada.example.org/")
    change_record(ada_user, ada, "summary", "Mine")
    Follow.objects.create(follower=ada_user, researcher=ada)
    assert as_ada.post("/accounts/data/export/").status_code == 302
    as_ada.post("/accounts/data/export/")
    export = AccountExport.objects.get()
    assert as_ada.get(f"/accounts/data/export/{export.pk}/").status_code == 404, "not ready"
    build_export(export.pk)
    response = as_ada.get(f"/accounts/data/export/{export.pk}/")
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    files = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert files["account.json"]["email"] == "ada@example.org"
    assert files["claims.json"][0]["evidence"][0]["address"] == "https://ada.example.org/"
    assert [change["field"] for change in files["changes.json"]] == ["summary"]
    assert files["follows.json"][0]["record"] == Researcher.objects.get(pk=ada.pk).get_absolute_url()
    assert "password" not in str(files)


def test_another_members_export_is_not_found(as_ada: Client, ada_user: User) -> None:
    as_ada.post("/accounts/data/export/")
    export = AccountExport.objects.get()
    build_export(export.pk)
    other = logged_in(make_user("other@example.org", PASSWORD))
    assert other.get(f"/accounts/data/export/{export.pk}/").status_code == 404
    assert Client().get(f"/accounts/data/export/{export.pk}/").status_code == 302


def test_exports_are_limited_in_rate(as_ada: Client) -> None:
    assert [as_ada.post("/accounts/data/export/").status_code for _ in range(4)] == [302, 302, 302, 429]


def test_a_session_that_did_not_log_in_afresh_must(ada_user: User) -> None:
    client = Client()
    client.force_login(ada_user)
    for path in ("/accounts/data/", "/accounts/delete/"):
        assert client.get(path)["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/delete/", {"email": ada_user.email})
    ada_user.refresh_from_db()
    assert ada_user.is_active


def test_leaving_shuts_at_once_and_then_deletes(as_ada: Client, ada_user: User, curator: User) -> None:
    ada = make_researcher()
    claim = own(ada_user, ada, curator)
    show_proof(claim, "back_link", "https://ada.example.org/")
    change_record(ada_user, ada, "summary", "Mine")
    other_device = logged_in(ada_user)
    assert as_ada.post("/accounts/delete/", {"email": "somebody@example.org"}).status_code == 302
    assert other_device.get("/following/").status_code == 200
    assert "deleted" in as_ada.post("/accounts/delete/", {"email": "ADA@example.org"}).content.decode()
    for client in (as_ada, other_device, logged_in(ada_user)):
        assert client.get("/following/").status_code == 302
    delete_account(ada_user.pk)
    delete_account(ada_user.pk)
    assert not User.objects.filter(email="ada@example.org").exists()
    ada.refresh_from_db()
    left = Claim.objects.get()
    assert (left.state, left.claimant, ada.owner, ada.state, ada.summary) == ("withdrawn", None, None, "unclaimed", "")
    assert "ada.example.org" not in str(list(Evidence.objects.values_list("address", "note")))
    assert {event.actor for event in left.events.all()} == {None, curator}


def test_an_account_that_did_not_ask_is_not_deleted(ada_user: User) -> None:
    delete_account(ada_user.pk)
    assert User.objects.filter(pk=ada_user.pk).exists()


def test_sessions_are_listed_and_the_others_can_be_ended(as_ada: Client, ada_user: User) -> None:
    other_device = logged_in(ada_user)
    assert UserSession.objects.filter(user=ada_user).count() == 2
    page = as_ada.get("/accounts/sessions/").content.decode()
    assert page.count("An unnamed browser") == 2
    assert page.count("this one") == 1
    as_ada.post("/accounts/sessions/")
    assert as_ada.get("/following/").status_code == 200
    assert other_device.get("/following/").status_code == 302


def test_two_factor_log_in(as_ada: Client, ada_user: User) -> None:
    page = as_ada.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    as_ada.post("/accounts/2fa/totp/activate/", {"code": code})
    assert set(Authenticator.objects.values_list("type", flat=True)) >= {"totp"}
    fresh = logged_in(ada_user)
    assert fresh.get("/following/").status_code == 302, "a password alone is not enough now"
    fresh.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert fresh.get("/following/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/2fa/webauthn/add/", "/accounts/3rdparty/", "/accounts/sessions/"]
)
def test_the_pages_of_the_account_work(as_ada: Client, path: str) -> None:
    assert as_ada.get(path).status_code == 200


def test_probing_for_accounts_tells_nothing(ada_user: User) -> None:
    """Whether an address has an account shows neither at log-in, nor at sign-up, nor at a reset."""
    answers = []
    for email in ("ada@example.org", "nobody@example.org"):
        client = Client()
        login = client.post("/accounts/login/", {"login": email, "password": "wrong"})
        reset = client.post("/accounts/password/reset/", {"email": email})
        form = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
        signup = client.post("/accounts/signup/", form)
        text = login.content.decode().replace(email, "")
        strip = text.partition("</head>")[2].replace(client.cookies[next(iter(client.cookies))].value, "")
        answers.append((login.status_code, "are not correct" in strip, reset["Location"], signup["Location"]))
    assert answers[0] == answers[1]

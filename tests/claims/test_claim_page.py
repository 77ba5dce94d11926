"""The claim page: as a visitor, a claimant, a stranger; sign-in at an OpenID provider; nothing of others to see."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from claims.models import Claim, Evidence, OutgoingMail
from claims.tasks import check_evidence
from profiles.models import Researcher
from tests.claims.cast import ORCID, claim_by_proof, client_of, own
from tests.claims.openid_provider import Provider, serve_openid
from tests.factories import make_researcher, make_user
from works.models import Authorship

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=2, coauthors=["Charles Babbage"])


@pytest.fixture
def url(ada: Researcher) -> str:
    return f"{ada.get_absolute_url()}claim/"


def test_a_visitor_logs_in_and_comes_back(client: Client, url: str) -> None:
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


def test_works_come_sorted_and_what_is_sent_is_kept(as_member: Client, member: User, ada: Researcher, url: str) -> None:
    page = as_member.get(url).content.decode()
    assert page.count('value="mine" checked') == 2
    first, second = Authorship.objects.filter(researcher=ada).values_list("work", flat=True).order_by("work")
    response = as_member.post(url, {f"work-{first}": "mine", f"work-{second}": "no such word", "statement": "<b>I"})
    assert (response.status_code, response["Location"]) == (302, url)
    claim = Claim.objects.get()
    assert (claim.claimant, claim.marks) == (member, {str(first): "mine", str(second): "unsure"})
    as_member.post(url, {})
    assert Claim.objects.count() == 1
    status = as_member.get(url).content.decode()
    assert "Waiting for a decision" in status
    assert "<b>I" not in status


def test_the_proof_is_chosen_on_the_same_screen(as_member: Client, url: str) -> None:
    page = as_member.get(url).content.decode()
    assert page.count('name="proof"') == 4, "ORCID is not set up"
    assert "What happens next" in page
    work = Authorship.objects.filter(researcher__display_name="Ada Lovelace")[0].work_id
    form = {"proof": "institutional_email", f"work-{work}": "not_mine"}
    bad = as_member.post(url, {**form, "address": "ada@exаmple.org"})
    assert (bad.status_code, Claim.objects.count()) == (200, 0)
    assert f'name="work-{work}" value="not_mine" checked' in bad.content.decode(), "what was ticked is kept"
    assert "plain letters" in bad.content.decode()
    answer = as_member.post(url, {"proof": "institutional_email", "address": "Ada@unknown.example"})
    assert answer["Location"] == f"{url}?proof=institutional_email#proofs"
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.address, evidence.status) == (
        "institutional_email",
        "ada@unknown.example",
        "pending",
    )
    assert OutgoingMail.objects.filter(template="confirm_institution").count() == 1
    status = as_member.get(answer["Location"]).content.decode()
    assert "We have sent a message to that address." in status
    assert '<details class="proof" open>\n    <summary>An address at your institution' in status


def test_a_page_that_is_refused_is_said_and_the_claim_stands(as_member: Client, url: str) -> None:
    page = as_member.post(
        url, {"proof": "back_link", "address": "ftp://ada.example.org/"}, follow=True
    ).content.decode()
    assert "must begin with http" in page
    assert (Claim.objects.count(), Evidence.objects.count()) == (1, 0)


def test_the_number_of_queries_is_the_same_at_2_and_at_25_works(as_member: Client) -> None:
    people = [make_researcher(name, works=number) for name, number in (("Few Works", 2), ("Many Works", 25))]
    numbers = []
    as_member.get("/claims/")  # the session is noted once
    for person in people:
        with CaptureQueriesContext(connection) as queries:
            as_member.get(f"{person.get_absolute_url()}claim/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_wrong_methods_and_forged_forms(member: User, url: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    assert client.post(url).status_code == 403
    assert client.get(f"{url}proof/").status_code == 405
    assert client.get(f"{url}withdraw/").status_code == 405
    assert client_of(member).delete(url).status_code == 405


def test_nobody_sees_another_members_claim(as_member: Client, member: User, ada: Researcher, url: str) -> None:
    as_member.post(url, {"statement": "my private words"})
    as_member.post(f"{url}proof/", {"kind": "institutional_email", "address": "ada@private.example"})
    stranger = client_of(make_user("stranger@example.org"))
    for address in (url, "/claims/", ada.get_absolute_url(), f"{ada.get_absolute_url()}changes/"):
        page = stranger.get(address).content.decode()
        assert "private" not in page
        assert member.email not in page
    assert "Claim this record" in stranger.get(url).content.decode()
    stranger.post(f"{url}withdraw/")
    stranger.post(f"{url}proof/", {"kind": "back_link", "address": "https://evil.example/"})
    assert Claim.objects.get().state == "submitted"
    assert not Evidence.objects.filter(address__contains="evil").exists()


def test_an_address_is_confirmed_by_the_link_and_its_button(as_member: Client, url: str) -> None:
    as_member.post(url)
    as_member.post(f"{url}proof/", {"kind": "institutional_email", "address": "ada@unknown.example"})
    link = OutgoingMail.objects.get(template="confirm_institution").context["url"].partition("/claims/")[2]
    path = f"/claims/{link}"
    assert client_of(make_user("thief@example.org")).post(path).status_code == 410
    assert as_member.get(path).status_code == 200
    assert Evidence.objects.get().status == "pending", "opening the link is not confirming"
    assert as_member.post(path)["Location"] == url
    assert Evidence.objects.get().status == "verified"
    assert as_member.post(path).status_code == 410, "a link works once"


@pytest.mark.parametrize("address", ["not an address", "", "ada@xn--", "аda@example.org", "ada@exаmple.org"])
def test_addresses_that_are_none_or_look_like_another(as_member: Client, url: str, address: str) -> None:
    as_member.post(url)
    as_member.post(f"{url}proof/", {"kind": "institutional_email", "address": address})
    assert not Evidence.objects.exists()
    assert not OutgoingMail.objects.filter(template="confirm_institution").exists()


def test_proofs_are_limited_in_rate(as_member: Client, url: str) -> None:
    as_member.post(url)
    answers = [
        as_member.post(f"{url}proof/", {"kind": "institutional_email", "address": f"a{n}@u.example"}).status_code
        for n in range(11)
    ]
    assert answers == [302] * 10 + [429]


def test_a_suppressed_record_cannot_be_claimed(as_member: Client, ada: Researcher, url: str) -> None:
    Researcher.objects.filter(pk=ada.pk).update(state="suppressed")
    assert as_member.get(url).status_code == 404
    assert as_member.post(url).status_code == 404


def test_withdrawing_and_appealing(as_member: Client, member: User, ada: Researcher, url: str) -> None:
    claim = claim_by_proof(member, ada)
    assert "Edit your page" in as_member.get(url).content.decode()
    as_member.post(f"{url}withdraw/")
    as_member.post(f"{url}withdraw/")
    claim.refresh_from_db()
    ada.refresh_from_db()
    assert (claim.state, ada.state) == ("withdrawn", "unclaimed")
    as_member.post(f"{url}appeal/", {"reason": "I changed my mind."})
    claim.refresh_from_db()
    assert claim.state == "withdrawn"


def test_a_claimed_page_says_so_and_shows_the_level(
    client: Client, member: User, ada: Researcher, curator: User
) -> None:
    own(member, ada, curator)
    page = client.get(ada.get_absolute_url()).content.decode()
    assert "Claimed by its owner" in page
    assert "Verification L3" in page
    assert member.email not in page


def test_orcid_is_offered_where_it_is_set_up(as_member: Client, url: str, settings: Any) -> None:
    with serve_openid(sub=ORCID) as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        assert as_member.get(url).content.decode().count('name="proof"') == 5
        assert "Continue with ORCID" in Client().get("/accounts/login/").content.decode()
        as_member.post(url, {"proof": "orcid"})
        assert "Sign in with ORCID" in as_member.get(url).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "ORCID" not in Client().get("/accounts/login/").content.decode()


def sign_in(client: Client, provider: Provider, query: str) -> Any:
    """Walk through the sign-in as a browser does: our form, the provider, our callback."""
    there = client.post(f"/accounts/oidc/orcid/login/?{query}")["Location"]
    assert there.startswith(f"{provider.url}/authorization?")
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_claim_by_orcid_to_level_3(as_member: Client, member: User, ada: Researcher, url: str, settings: Any) -> None:
    as_member.post(url)
    with serve_openid(sub=ORCID, given_name="Ada", family_name="Lovelace") as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        response = sign_in(as_member, provider, f"process=connect&next={url}")
        assert response["Location"] == url
        assert provider.refused == []
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid) == (member, "orcid", ORCID)
    as_member.post(f"{url}proof/", {"kind": "orcid"})
    check_evidence.apply(args=(Evidence.objects.get().pk,)).get()
    claim = Claim.objects.get()
    assert (claim.state, claim.level) == ("approved", 2)


def test_an_orcid_of_a_known_address_does_not_lead_into_that_account(client: Client, settings: Any) -> None:
    victim = make_user("victim@example.org")
    with serve_openid(sub=ORCID, email=victim.email, email_verified=True) as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        sign_in(client, provider, "process=login")
    assert client.get("/following/").status_code == 302
    assert not SocialAccount.objects.filter(user=victim).exists()


def test_one_orcid_is_of_one_account(as_member: Client, member: User, settings: Any) -> None:
    other = make_user("other@example.org")
    SocialAccount.objects.create(user=other, provider="orcid", uid=ORCID)
    with serve_openid(sub=ORCID) as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        sign_in(as_member, provider, "process=connect")
    assert SocialAccount.objects.get().user == other

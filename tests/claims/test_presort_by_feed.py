"""The claim page goes by the author feed of the ORCID iD that a member signed in with; a worker fetches it."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import User
from claims.check import check
from claims.evidence import offer_proof
from claims.models import AuthorFeed
from claims.proofs.author_feed import fetch_feed_of, list_fed_works
from claims.submit import submit_claim
from claims.tasks import fetch_author_feed
from profiles.models import Researcher
from tests.claims.cast import ORCID, client_of, connect_orcid
from tests.claims.test_proofs import feed_of, pages
from tests.factories import get_person, make_researcher, make_user, make_work
from tests.test_worker import _empty_broker, running_worker, wait_until  # noqa: F401 - a fixture that is used by itself

WHY = "your arXiv author feed lists it"


def make_record_with_stray() -> tuple[Researcher, str]:
    """A record of works with one co-author, and one that has nothing in common with them."""
    make_researcher("Ada Lovelace", works=3, coauthors=["Charles Babbage"])
    stray = make_work(authors=["Ada Lovelace"], categories=["hep-th"])
    ada = get_person("Ada Lovelace")
    stray.authorships.update(researcher=ada)
    return ada, stray.arxiv_id


def groups_of(client: Client, researcher: Researcher) -> dict[str, list[str]]:
    """The arXiv ids under each heading of the claim page, as a member sees it."""
    context = client.get(f"{researcher.get_absolute_url()}claim/").context
    return {mark: [work.work.arxiv_id for work in works] for mark, _title, works in context["groups"]}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_sign_in_lets_a_worker_fetch_the_feed_and_the_page_goes_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user("ada@example.org")
    ada, stray = make_record_with_stray()
    assert groups_of(client_of(user), ada)["unsure"] == [stray]
    with pages(**{f"{ORCID}.atom2": feed_of([stray])}) as url:
        monkeypatch.setenv("BZPEER_ARXIV_FEED_URL", url)
        with running_worker():
            connect_orcid(user)
            wait_until(AuthorFeed.objects.exists)
    # The server that had the feed is gone: no request of the page's asks for it.
    groups = groups_of(client_of(user), ada)
    assert (len(groups["mine"]), groups["unsure"]) == (4, [])
    page = client_of(user).get(f"{ada.get_absolute_url()}claim/").content.decode()
    assert page.count(WHY) == 1
    assert "the arXiv author feed of your ORCID iD, co-authors and field" in page


@pytest.mark.django_db
def test_the_feed_of_one_member_sorts_nothing_for_another(member: User, settings: Any) -> None:
    ada, stray = make_record_with_stray()
    with pages(**{f"{ORCID}.atom2": feed_of([stray])}) as url:
        settings.ARXIV_FEED_URL = url
        fetch_feed_of(connect_orcid(member))
    other = make_user("other@example.org")
    assert groups_of(client_of(other), ada)["unsure"] == [stray]
    connect_orcid(other, "0000-0001-5109-3700")
    assert groups_of(client_of(other), ada)["unsure"] == [stray]
    assert groups_of(client_of(member), ada)["unsure"] == []


@pytest.mark.django_db
def test_a_proof_by_the_feed_keeps_it_and_a_fresh_one_is_not_fetched_again(member: User, settings: Any) -> None:
    ada, stray = make_record_with_stray()
    account = connect_orcid(member)
    with pages(**{f"{ORCID}.atom2": feed_of([stray])}) as url:
        settings.ARXIV_FEED_URL = url
        check(offer_proof(member, submit_claim(member, ada, {}), "author_feed", ""))
        assert list_fed_works(member) == {stray}
    fetch_author_feed(account.pk)  # nobody serves it any more
    assert list_fed_works(member) == {stray}


@pytest.mark.django_db
def test_an_id_with_a_wrong_check_digit_is_not_asked_for(member: User, settings: Any) -> None:
    wrong = "0000-0002-1825-0098"
    with pages(**{f"{wrong}.atom2": feed_of(["2001.00001"])}) as url:
        settings.ARXIV_FEED_URL = url
        fetch_author_feed(connect_orcid(member, wrong).pk)
    assert not AuthorFeed.objects.exists()


@pytest.mark.django_db
def test_the_feed_goes_with_the_sign_in(member: User, settings: Any) -> None:
    with pages(**{f"{ORCID}.atom2": feed_of(["2001.00001"])}) as url:
        settings.ARXIV_FEED_URL = url
        account = connect_orcid(member)
        fetch_feed_of(account)
        AuthorFeed.objects.update(fetched_at="2020-01-01T00:00:00Z")
        SocialAccount.objects.filter(pk=account.pk).delete()
        assert not AuthorFeed.objects.exists()
        fetch_feed_of(account)  # disconnected while a worker was asking arXiv
    assert not AuthorFeed.objects.exists()

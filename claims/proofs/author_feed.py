"""The arXiv author feed of an ORCID iD: the papers that the owner of that arXiv account has claimed there."""

import re
from datetime import timedelta

import requests
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone
from lxml import etree

from accounts.models import User
from claims.models import AuthorFeed
from claims.proofs.orcid import get_orcid_account
from works.arxiv.errors import ArxivRefused, ArxivUnavailable
from works.arxiv.fetch import make_client

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV_ID = re.compile(r"/abs/((?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5}))(?:v\d+)?$", re.ASCII)

FRESH = timedelta(days=1)


class FeedUnavailable(Exception):
    """arXiv did not answer, or not with a feed; it may be asked again later."""


def list_author_feed(orcid: str) -> set[str]:
    """Return the arXiv ids, without versions, that the feed lists; empty where the author has no feed.

    Waits for its turn among all requests to arXiv. Raise `FeedUnavailable` when it may be tried again.
    """
    try:
        return read_feed(make_client().fetch_author_feed(orcid))
    except ArxivRefused as error:
        if error.status == requests.codes.not_found:
            return set()
        raise FeedUnavailable(str(error)) from error
    except ArxivUnavailable as error:
        raise FeedUnavailable(str(error)) from error


def read_feed(body: bytes) -> set[str]:
    """Return the arXiv ids of the entries of an Atom feed; raise `FeedUnavailable` for anything else.

    Ids only, unlike `works.arxiv.atom`: an entry counts also where what it says of the paper cannot be read.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise FeedUnavailable("arXiv's answer is not a feed.") from error
    if root.tag != f"{ATOM}feed":
        raise FeedUnavailable("arXiv's answer is not a feed.")
    found = (ARXIV_ID.search((each.text or "").strip()) for each in root.iterfind(f"{ATOM}entry/{ATOM}id"))
    return {match[1] for match in found if match}


def store_feed(account: SocialAccount, arxiv_ids: set[str]) -> None:
    """Keep what the feed of a member's ORCID iD lists, for the next claim of theirs; goes with the account."""
    with transaction.atomic():
        if SocialAccount.objects.select_for_update().filter(pk=account.pk).exists():  # else disconnected meanwhile
            AuthorFeed.objects.update_or_create(
                account=account, defaults={"arxiv_ids": sorted(arxiv_ids), "fetched_at": timezone.now()}
            )


def fetch_feed_of(account: SocialAccount) -> None:
    """Fetch and keep the feed of a member's ORCID iD, unless that was done today; raise `FeedUnavailable`."""
    if not AuthorFeed.objects.filter(account=account, fetched_at__gt=timezone.now() - FRESH).exists():
        store_feed(account, list_author_feed(account.uid))


def list_fed_works(user: User) -> set[str]:
    """Return the arXiv ids that the feed of a member's ORCID iD listed when it was last fetched."""
    account = get_orcid_account(user)
    feed = AuthorFeed.objects.filter(account=account).first() if account else None
    return set(feed.arxiv_ids) if feed else set()

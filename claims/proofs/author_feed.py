"""The arXiv author feed of an ORCID iD: the papers that the owner of that arXiv account has claimed there."""

import re
from functools import cache

import requests
from django.conf import settings
from lxml import etree
from redis import Redis

from bzpeer import __version__
from works.arxiv.politeness import SharedPace

MOST_BYTES = 5_000_000
ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV_ID = re.compile(r"/abs/((?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5}))(?:v\d+)?$", re.ASCII)


class FeedUnavailable(Exception):
    """arXiv did not answer, or not with a feed; it may be asked again later."""


def list_author_feed(orcid: str) -> set[str]:
    """Return the arXiv ids, without versions, that the feed lists; empty where the author has no feed.

    Waits for its turn among all requests to arXiv. Raise `FeedUnavailable` when it may be tried again.
    """
    shared_pace().wait()
    url = f"{settings.ARXIV_FEED_URL}/{orcid}.atom2"
    headers = {"User-Agent": f"BZPEER/{__version__} ({settings.CONTACT_EMAIL})"}
    try:
        with requests.get(url, headers=headers, timeout=(10, 30), stream=True, allow_redirects=False) as answer:
            if answer.status_code == requests.codes.not_found:
                return set()
            answer.raise_for_status()
            if answer.status_code != requests.codes.ok:
                raise FeedUnavailable(f"arXiv answered {answer.status_code}.")
            return read_feed(answer.raw.read(MOST_BYTES, decode_content=True))
    except requests.RequestException as error:
        raise FeedUnavailable(str(error)) from error


@cache
def shared_pace() -> SharedPace:
    """The pace that all processes keep together towards arXiv."""
    return SharedPace(Redis.from_url(settings.REDIS_URL))


def read_feed(body: bytes) -> set[str]:
    """Return the arXiv ids of the entries of an Atom feed; raise `FeedUnavailable` for anything else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise FeedUnavailable("arXiv's answer is not a feed.") from error
    if root.tag != f"{ATOM}feed":
        raise FeedUnavailable("arXiv's answer is not a feed.")
    found = (ARXIV_ID.search((each.text or "").strip()) for each in root.iterfind(f"{ATOM}entry/{ATOM}id"))
    return {match[1] for match in found if match}

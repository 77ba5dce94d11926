"""Pages and repositories that abstracts name, and the token that a claimant puts there."""

import re
from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from claims.models import Claim
from profiles.models import Researcher
from works.models import Authorship

ADDRESS = re.compile(
    r"https?://[^\s<>{}\\^`|\"]+|\b(?:www\.|github\.com/|gitlab\.com/|bitbucket\.org/|[\w-]+\.github\.io)[^\s<>{}\\^`|\"]*"
)
TRAILING = ".,;:!?)]}'\"*"
PREFIX = "bzpeer-proof-"


def token_of(claim: Claim) -> str:
    """Return the token of a claim: the same whenever it is shown, and nobody else's."""
    return PREFIX + salted_hmac("claims.token", str(claim.pk), algorithm="sha256").hexdigest()[:32]


def find_addresses(text: str) -> list[str]:
    """Return the web addresses that a text names, each with its scheme, in their order."""
    found = []
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(TRAILING)
        found.append(address if "://" in address else f"https://{address}")
    return list(dict.fromkeys(found))


def list_named_pages(researcher: Researcher) -> list[str]:
    """Return what the abstracts and comments of a record's undisputed, visible works name."""
    held = Authorship.objects.filter(researcher=researcher, work__hidden=False)
    rows = held.exclude(attribution=Authorship.Attribution.DISPUTED).order_by("work__arxiv_id")
    return collect(rows.values_list("work__abstract", "work__comments"))


def collect(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Return the distinct addresses of many abstracts and comments."""
    return list(dict.fromkeys(address for pair in texts for text in pair for address in find_addresses(text)))

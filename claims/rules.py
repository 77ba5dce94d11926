"""Which level the rules grant for what was shown. Pure."""

from collections.abc import Collection
from datetime import timedelta

OBJECTION_WINDOW = timedelta(days=7)
WAITING_FOR_EVIDENCE = timedelta(days=30)
RENEWAL = timedelta(days=365)
RENEW_FROM = timedelta(days=60)  # before level 4 lapses
ENOUGH_FEED_WORKS = 2

# Proofs of one class could all be had through one broken account, so level 4 wants two classes.
PROOF_CLASS = {
    "institutional_email": "institution",
    "orcid": "orcid",
    "author_feed": "orcid",
    "back_link": "web",
    "token": "web",
    "curator_check": "curator",
}
LEVEL_OF_PROOF = {
    "institutional_email": 2,
    "orcid": 2,
    "back_link": 2,
    "token": 2,
    "author_feed": 3,
    "curator_check": 3,
}


def level_for(decisive_kinds: Collection[str]) -> int:
    """Return the level (0, 2 or 3) that proofs which hold are worth; statements alone are for a curator."""
    return max((LEVEL_OF_PROOF.get(kind, 0) for kind in decisive_kinds), default=0)


def independent_classes(decisive_kinds: Collection[str]) -> set[str]:
    """Return the classes of proof among the kinds."""
    return {PROOF_CLASS[kind] for kind in decisive_kinds if kind in PROOF_CLASS}


def feed_is_enough(listed: int, works: int) -> bool:
    """Whether an author feed lists enough of the works: at least 2, or all if there are fewer."""
    return works > 0 and listed >= min(ENOUGH_FEED_WORKS, works)

"""Mentions for tests of identity resolution."""

from dataclasses import replace
from itertools import count
from typing import Any

from profiles.identity.clusters import Clustering
from profiles.identity.mentions import AuthorMention

_numbers = count(1)


def make_mention(name: str, *coauthors: str, **said: Any) -> AuthorMention:
    """Make a mention on a work of its own, unless `work` or `id` say otherwise."""
    number = next(_numbers)
    mention = AuthorMention(id=f"m{number:05}", work=f"w{number}", name=name, coauthors=coauthors)
    return replace(mention, **said)


def groups(clustering: Clustering) -> set[frozenset[str]]:
    """Return the clusters as sets of mention ids."""
    found: dict[str, set[str]] = {}
    for place in clustering.places():
        found.setdefault(place.cluster, set()).add(place.id)
    return {frozenset(ids) for ids in found.values()}


def are_together(clustering: Clustering, *mentions: AuthorMention) -> bool:
    clusters = {place.id: place.cluster for place in clustering.places()}
    return len({clusters[mention.id] for mention in mentions}) == 1

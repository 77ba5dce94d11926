"""Who wrote what, from mentions and decisions alone: no database, no settings, nothing but what is passed in.

    clustering = cluster_mentions(mentions, Constraints(must=…, cannot=…))
    for place in clustering.places():
        place.id, place.cluster, place.confidence, place.is_confirmed, place.alternative
    clustering.explain(mention_id)   # in words: joint co-authors, shared terms, how the name agrees

`must` and `cannot` are pairs of mention ids. Must-links are contracted before anything is compared and are exempt from
vetoes of names and bylines; cannot-links are never broken, also not through third mentions. The outcome depends on the
set of mentions and decisions, not on their order. A cluster is called after the first of its mention ids; keeping
public ids from run to run is the caller's.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from profiles.identity.bindings import Bound, Constraints, bind
from profiles.identity.blocks import Pairs, pair_mentions
from profiles.identity.clustering import cluster_groups
from profiles.identity.confidence import CONFIRMED, Standing, weigh_places
from profiles.identity.corpus import Corpus, Floats, Indices, read_corpus
from profiles.identity.evidence import CHUNK, Background, crowding, measure, read_background
from profiles.identity.explanation import Explanation, explain
from profiles.identity.links import Links, link_groups
from profiles.identity.memory import give_back_freed
from profiles.identity.mentions import AuthorMention
from profiles.identity.reading import reading_beside
from profiles.identity.scoring import Model, read_model

NO_CONSTRAINTS = Constraints()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mention belongs. `alternative` is the next best cluster, None if there is none, with its chance."""

    id: str
    cluster: str
    confidence: float
    alternative: str | None
    alternative_chance: float

    @property
    def is_confirmed(self) -> bool:
        return self.confidence >= CONFIRMED


@dataclass(frozen=True, slots=True)
class Clustering:
    """The outcome: for each mention of the corpus its cluster, a number, and how sure that is."""

    corpus: Corpus
    bound: Bound
    links: Links
    cluster: Indices
    standing: Standing

    def places(self) -> Iterator[Place]:
        """Yield the place of every mention, in the order of ids."""
        names = self._names()
        alternatives = self.standing.alternative[self.bound.group]
        columns = zip(
            self.corpus.ids,
            self.cluster.tolist(),
            self.standing.confidence[self.bound.group].round(4).tolist(),
            alternatives.tolist(),
            self.standing.alternative_chance[self.bound.group].round(4).tolist(),
            strict=True,
        )
        for mention_id, cluster, confidence, alternative, chance in columns:
            yield Place(mention_id, names[cluster], confidence, names.get(alternative), chance)

    def explain(self, mention_id: str) -> Explanation:
        """Say why a mention is in its cluster, against its other mentions; KeyError for an id that is not there."""
        mention = dict(zip(self.corpus.ids, range(len(self.corpus)), strict=True))[mention_id]
        others = np.flatnonzero(self.cluster == self.cluster[mention])
        return explain(self.corpus, mention, others[others != mention])

    def _names(self) -> dict[int, str]:
        """The name of each cluster by its number; ids are in order, so that its first mention has the first id."""
        numbers, first = np.unique(self.cluster, return_index=True)
        return {int(number): self.corpus.ids[mention] for number, mention in zip(numbers, first, strict=True)}


def cluster_mentions(
    mentions: Iterable[AuthorMention],
    constraints: Constraints = NO_CONSTRAINTS,
    model: Model | None = None,
    *,
    cores: int = 1,
) -> Clustering:
    """Cluster mentions by the person who is meant.

    With several `cores` a process of its own reads the texts and threads score the pairs; the outcome is the same.
    Raises ContradictoryDecisions where cannot-links lie within what must-links hold together.
    """
    with reading_beside(cores) as read_texts:
        corpus = read_corpus(mentions, read_texts)
        bound = bind(constraints, corpus)
        model = model or read_model()
        background = read_background(corpus)
        pairs = pair_mentions(corpus)
        corpus.wording()
    give_back_freed()
    chance = score_pairs(corpus, background, pairs, model, cores)
    links = link_groups(corpus, bound, pairs, chance)
    least = thresholds(corpus, background, bound, links, model)
    del background, pairs, chance  # of a million mentions a sixth of all memory, and the rest takes as much
    give_back_freed()
    return cluster_links(corpus, bound, links, least, model)


def score_pairs(corpus: Corpus, background: Background, pairs: Pairs, model: Model, cores: int = 1) -> Floats:
    """The chance of each pair to be one person; evidence is measured and forgotten some thousand pairs at a time."""
    chance = np.empty(len(pairs), np.float32)

    def score(start: int) -> None:
        part = slice(start, start + CHUNK)
        chance[part] = model.probabilities(measure(corpus, background, pairs.part(part)))

    starts = range(0, len(pairs), CHUNK)
    if cores == 1 or len(starts) < 2:  # a pool of threads costs more than scoring what one paper brings
        for start in starts:
            score(start)
    else:
        with ThreadPoolExecutor(cores) as threads:  # numpy lets go of the interpreter while it computes
            list(threads.map(score, starts))
    return chance


def cluster_links(corpus: Corpus, bound: Bound, links: Links, least: Floats, model: Model) -> Clustering:
    """Cluster what the links hold together, each at the chance that is the `least` to merge at."""
    sizes = np.bincount(bound.group, minlength=bound.size)
    group_cluster = cluster_groups(links, sizes, least)
    standing = weigh_places(links, sizes, group_cluster, model.threshold)
    return Clustering(corpus, bound, links, group_cluster[bound.group], standing)


def thresholds(corpus: Corpus, background: Background, bound: Bound, links: Links, model: Model) -> Floats:
    """The chance at which each link merges: higher the more people bear the names of its sides, lower for initials.

    Initials make every single pair doubtful; that many of them are about equally doubtful says more.
    """
    first = np.unique(bound.group, return_index=True)[1]
    left, right = corpus.form[first][links.left], corpus.form[first][links.right]
    crowded = np.maximum(crowding(background, left), crowding(background, right))
    full = model.threshold + (model.threshold_crowded - model.threshold) * crowded
    are_full = background.is_full[left] & background.is_full[right]
    return np.where(are_full, full, model.threshold_initials).astype(np.float32)

"""Share mentions out among people: the clustering, under what people decided and what is settled. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from profiles.identity.bindings import Bound
from profiles.identity.block_background import read_block_background
from profiles.identity.blocks import Pairs, pair_mentions
from profiles.identity.clustering import cluster_groups
from profiles.identity.clusters import score_pairs, thresholds
from profiles.identity.confidence import CONFIRMED, Standing, weigh_places
from profiles.identity.constraints import Node
from profiles.identity.corpus import Corpus, Floats, Indices, read_corpus
from profiles.identity.evidence import Background
from profiles.identity.links import Links
from profiles.identity.mentions import AuthorMention
from profiles.identity.nodes import Known, Nodes
from profiles.identity.people import Mention, Person
from profiles.identity.scoring import read_model
from profiles.identity.term_counts import read_term_counts

# A doubtful work stays with a namesake who has at least as many others; fewer are no record to stand out from.
SMALLEST_CORE = 3
# How sure a place with a namesake must be for a work to stay there in doubt: this where hardly anybody bears the name.
ENOUGH = 0.25
Marks = NDArray[np.bool_]


def resolve(
    loose: Sequence[Mention], standing: Sequence[Mention], described: Iterable[AuthorMention], known: Known
) -> list[Person]:
    """Give every loose mention a person; standing ones stay with their researchers, who never become one.

    `described` says what each mention of both prints, by `mention_id`. Every decision is kept; nobody
    holds two positions of one byline, unless people decided so; a name that contradicts one of a researcher's keeps
    a mention off, unless people decided what that one is. The order of the mentions makes no difference.
    """
    if not loose:
        return []
    nodes = Nodes(loose, standing, known)
    mentions = {mention_id(each.authorship_id): each for each in [*standing, *loose]}
    corpus = read_corpus(described, counts=read_term_counts())
    return Sharing([mentions[each] for each in corpus.ids], corpus, nodes, loose).share()


def mention_id(authorship_id: int) -> str:
    """Name a mention so that the order of names is that of authorship ids."""
    return f"{authorship_id:020d}"


def doubt_of(confidence: float) -> float | None:
    """How sure a place is where that is too little to go by, with two decimals; else None."""
    return int(confidence * 100) / 100 if confidence < CONFIRMED else None


class Sharing:
    """One run: mentions in the order of the corpus, their nodes by number, and who they come out to be."""

    def __init__(self, mentions: list[Mention], corpus: Corpus, nodes: Nodes, loose: Sequence[Mention]) -> None:
        self.mentions, self.corpus, self.nodes, self.loose = mentions, corpus, nodes, loose
        self.row = {mention.authorship_id: row for row, mention in enumerate(mentions)}
        numbers: dict[Node, int] = {}
        of = [numbers.setdefault(nodes.of[mention.authorship_id], len(numbers)) for mention in mentions]
        self.group: Indices = np.array(of, np.int64)
        self.number = numbers
        self.listed = list(numbers)
        self.sizes: Indices = np.bincount(self.group, minlength=len(numbers))
        self.is_known: Marks = np.array([node.kind == "researcher" for node in numbers], bool)

    def share(self) -> list[Person]:
        """Cluster, and say of each outcome how sure it is."""
        model, background = read_model(), read_block_background(self.corpus, read_term_counts())
        pairs = self.list_pairs()
        links = self.link(pairs, score_pairs(self.corpus, background, pairs, model))
        bound = Bound(self.group, frozenset())
        cluster = cluster_groups(links, self.sizes, thresholds(self.corpus, background, bound, links, model))
        standing = weigh_places(links, self.sizes, cluster, model.threshold)
        rivals = weigh_rivals(links, cluster, standing, self.crowding(background))
        return Outcome(self, cluster, standing, rivals).list_people()

    def crowding(self, background: Background) -> Floats:
        """How crowded the name of each node's first mention is, from 0 to 1; an initial counts as crowded."""
        form = self.corpus.form[np.unique(self.group, return_index=True)[1]]
        is_full = np.array([each.is_full for each in self.corpus.forms], bool)
        return np.where(is_full[form], background.crowding[form], 1).astype(np.float32)

    def list_pairs(self) -> Pairs:
        """The pairs that may change anything: of two nodes, at least one of them loose, and not two researchers."""
        pairs = pair_mentions(self.corpus)
        left, right = self.group[pairs.left], self.group[pairs.right]
        keep = (left != right) & ~(self.is_known[left] & self.is_known[right])
        return Pairs(pairs.left[keep], pairs.right[keep], pairs.first[keep], pairs.middle[keep])

    def link(self, pairs: Pairs, chance: Floats) -> Links:
        """Average the chances between each two nodes that may meet."""
        left, right = self.group[pairs.left], self.group[pairs.right]
        size = len(self.sizes)
        keys, place = np.unique(np.minimum(left, right) * size + np.maximum(left, right), return_inverse=True)
        counted = np.bincount(place, minlength=len(keys))
        mean = np.bincount(place, chance, minlength=len(keys)) / np.maximum(1, counted)
        allowed = self.have_agreeing_names(pairs, keys, place)
        allowed &= ~np.isin(keys, self.list_vetoed(keys[allowed]))
        return Links(keys[allowed] // size, keys[allowed] % size, mean[allowed].astype(np.float32))

    def have_agreeing_names(self, pairs: Pairs, keys: Indices, place: Indices) -> Marks:
        """Whether all mentions of two nodes agree in their names, leaving out those that people decided about."""
        known = self.nodes.known
        plain = np.array([not known.is_decided(mention) for mention in self.mentions], bool)
        plain_of = np.bincount(self.group, plain, minlength=len(self.sizes)).astype(np.int64)
        agreeing = np.bincount(place, plain[pairs.left] & plain[pairs.right], minlength=len(keys)).astype(np.int64)
        allowed: Marks = agreeing == plain_of[keys // len(self.sizes)] * plain_of[keys % len(self.sizes)]
        return allowed

    def list_vetoed(self, keys: Indices) -> Indices:
        """The keys of pairs of nodes that decisions or a common byline keep apart."""
        size = len(self.sizes)
        vetoes = [
            (self.number[one], self.number[other])
            for one, other in self.nodes.vetoes(self.loose)
            if one in self.number and other in self.number
        ]
        decided = [min(pair) * size + max(pair) for pair in vetoes]
        # Single mentions of one work were never paired.
        is_more = self.is_known | (self.sizes > 1)
        several = keys[is_more[keys // size] | is_more[keys % size]].tolist()
        works = [self.nodes.works[node] for node in self.listed]
        on_one = [key for key in several if not works[key // size].isdisjoint(works[key % size])]
        return np.array(decided + on_one, np.int64)


@dataclass(frozen=True, slots=True)
class Rivals:
    """For each node: how sure it would be in its next best place, and whether that is enough to stay there in doubt."""

    confidence: Floats
    is_enough: Marks


def weigh_rivals(links: Links, cluster: Indices, standing: Standing, crowding: Floats) -> Rivals:
    """Weigh the next best places as `weigh_places` does places in company: half the average chance, half the best."""
    group = np.concatenate([links.left, links.right])
    other = np.concatenate([links.right, links.left])
    there = cluster[other] == standing.alternative[group]
    best = np.zeros(len(cluster), np.float32)
    np.maximum.at(best, group[there], np.concatenate([links.chance, links.chance])[there])
    confidence = ((standing.alternative_chance + best) / 2).astype(np.float32)
    return Rivals(confidence, confidence >= ENOUGH + (CONFIRMED - ENOUGH) * crowding)


@dataclass(slots=True)
class Held:
    """One cluster: the person with their loose mentions, and works, names and number of all, standing ones included."""

    person: Person
    works: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    size: int = 0


class Outcome:
    """Clusters as people, and what is doubtful."""

    def __init__(self, sharing: Sharing, cluster: Indices, standing: Standing, rivals: Rivals) -> None:
        self.sharing, self.cluster, self.standing, self.rivals = sharing, cluster, standing, rivals
        self.held: dict[int, Held] = defaultdict(lambda: Held(Person(None, [])))

    def list_people(self) -> list[Person]:
        """Put mentions with their clusters; one that stands alone in doubt stays with a namesake, unconfirmed."""
        for mention, group in zip(self.sharing.mentions, self.sharing.group.tolist(), strict=True):
            self.hold(mention, group)
        for mention in self.sharing.loose:
            self.held_with(mention).person.mentions.append(mention)
        judged = [mention for mention in self.sharing.loose if self.is_judged(mention)]
        for mention in judged:
            self.judge(mention)
        lonely = [mention for mention in judged if self.rivals.is_enough[self.group_of(mention)]]
        for mention in sorted(lonely, key=lambda each: (-self.confidence_there(each), each.authorship_id)):
            self.stay_with_namesake(mention)
        return [held.person for held in self.held.values() if held.person.mentions]

    def hold(self, mention: Mention, group: int) -> None:
        """Count a mention in."""
        node, held = self.sharing.listed[group], self.held[int(self.cluster[group])]
        if node.kind == "researcher":
            held.person.researcher_id = node.key
        held.works |= self.sharing.nodes.works[node]
        held.names.add(mention.name_key)
        held.size += 1

    def group_of(self, mention: Mention) -> int:
        """The number of its node."""
        return int(self.sharing.group[self.sharing.row[mention.authorship_id]])

    def held_with(self, mention: Mention) -> Held:
        """The cluster that it came out in."""
        return self.held[int(self.cluster[self.group_of(mention)])]

    def confidence_there(self, mention: Mention) -> float:
        """How sure it would be in its next best place."""
        return float(self.rivals.confidence[self.group_of(mention)])

    def is_judged(self, mention: Mention) -> bool:
        """Whether the clustering alone decided where it is."""
        known = self.sharing.is_known[self.group_of(mention)]
        return not known and not self.sharing.nodes.known.is_decided(mention)

    def judge(self, mention: Mention) -> None:
        """Note how sure its place is; of a record of one work there is nothing to doubt."""
        held = self.held_with(mention)
        confidence = float(self.standing.confidence[self.group_of(mention)])
        held.person.doubts[mention.authorship_id] = doubt_of(confidence) if held.size > 1 else None

    def stay_with_namesake(self, mention: Mention) -> None:
        """Leave one that came out alone with the likest person of that very name, if nothing stands against it."""
        rival = int(self.standing.alternative[self.group_of(mention)])
        own, target = self.held_with(mention), self.held.get(rival)
        if target is None or own.size > 1 or target.size < SMALLEST_CORE or not self.is_namesake(mention, target):
            return
        if mention.work_id in target.works or self.is_kept_off(mention, target.person):
            return
        own.person.mentions, own.person.doubts = [], {}
        target.person.mentions.append(mention)
        target.works.add(mention.work_id)
        target.person.doubts[mention.authorship_id] = doubt_of(self.confidence_there(mention))

    def is_namesake(self, mention: Mention, held: Held) -> bool:
        """Whether somebody of the cluster bears the same full name."""
        form = self.sharing.corpus.forms[self.sharing.corpus.form[self.sharing.row[mention.authorship_id]]]
        return form.is_full and mention.name_key in held.names

    def is_kept_off(self, mention: Mention, person: Person) -> bool:
        """Whether a decision parts it from another that stays with the person in doubt."""
        constraints = self.sharing.nodes.known.constraints
        return any(constraints.are_apart(mention.authorship_id, each.authorship_id) for each in person.mentions)

"""The first, conservative rule: the same full name is the same person, unless something or somebody contradicts it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from profiles.identity.constraints import Constraints, Node


@dataclass(frozen=True, slots=True)
class Mention:
    """One authorship to resolve; `is_full` where a given name is written out, not only initials.

    `researcher_id` is whom it is attributed to now, if anybody: the rule asks only where people decided something.
    """

    authorship_id: int
    work_id: int
    printed_name: str
    name_key: str
    is_full: bool = True
    researcher_id: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A researcher whom a mention may mean."""

    researcher_id: int
    name_key: str


@dataclass(slots=True)
class Person:
    """Somebody who has mentions: a known researcher, or a new one while `researcher_id` is None."""

    researcher_id: int | None
    mentions: list[Mention]
    work_ids: set[int] = field(default_factory=set)
    # Roots of the groups of mentions that are theirs, for "different people".
    groups: set[Node] = field(default_factory=set)

    def take(self, mentions: Iterable[Mention], group: Node) -> None:
        """Give the person the mentions of one group."""
        for mention in mentions:
            self.mentions.append(mention)
            self.work_ids.add(mention.work_id)
        self.groups.add(group)


def assign(
    mentions: Sequence[Mention],
    candidates: Iterable[Candidate],
    taken: Iterable[tuple[int, int]] = (),
    constraints: Constraints | None = None,
    settled: Iterable[tuple[int, int]] = (),
) -> list[Person]:
    """Share the mentions out among known and new people, keeping every decision.

    A full name goes to the first person who bears it and is not on that work already: nobody
    holds two positions of one byline. Initials fit too many people, so they stay by themselves.
    What was decided to belong together goes together: to the researcher it was decided to belong to, else to
    whom most of it is attributed now. Decisions are exempt from the rule about bylines.
    `taken` holds (researcher id, work id) and `settled` (researcher id, authorship id) of authorships that stay
    where they are. The order of the mentions decides only who is first among namesakes of one work.
    """
    return Assignment(candidates, taken, constraints or Constraints(), settled).run(mentions)


class Assignment:
    """One run of the rule: the people so far, found by id and by name."""

    def __init__(
        self,
        candidates: Iterable[Candidate],
        taken: Iterable[tuple[int, int]],
        constraints: Constraints,
        settled: Iterable[tuple[int, int]],
    ) -> None:
        self.constraints = constraints
        self.known: dict[int, Person] = {}
        self.by_key: dict[str, list[Person]] = defaultdict(list)
        self.strangers: list[Person] = []
        for candidate in candidates:
            self.by_key[candidate.name_key].append(self.person(candidate.researcher_id))
        for researcher_id, work_id in taken:
            self.person(researcher_id).work_ids.add(work_id)
        for researcher_id, authorship_id in settled:
            self.person(researcher_id).groups.add(constraints.group_of(authorship_id))

    def person(self, researcher_id: int) -> Person:
        """The person who is this researcher."""
        return self.known.setdefault(researcher_id, Person(researcher_id, []))

    def run(self, mentions: Sequence[Mention]) -> list[Person]:
        """Place group after group: those with a home first, then those of several mentions, then single ones."""
        groups: dict[Node, list[Mention]] = defaultdict(list)
        for mention in mentions:
            groups[self.constraints.group_of(mention.authorship_id)].append(mention)
        for root, group in sorted(groups.items(), key=lambda item: self.rank(item[1])):
            self.choose(group).take(group, root)
        return [person for person in [*self.known.values(), *self.strangers] if person.mentions]

    def rank(self, group: Sequence[Mention]) -> int:
        """What is decided is placed before what is not: the undecided must make way."""
        first = group[0].authorship_id
        if self.constraints.home_of(first) is not None:
            return 0
        return 1 if len(self.constraints.mentions_with(first)) > 1 else 2

    def choose(self, group: Sequence[Mention]) -> Person:
        """Pick whom a group goes to; somebody new when nobody known may have it."""
        home = self.constraints.home_of(group[0].authorship_id)
        if home is not None:
            return self.person(home)
        for person in self.list_options(group):
            if self.may_have(person, group):
                return person
        stranger = Person(None, [])
        self.strangers.append(stranger)
        for name_key in {mention.name_key for mention in group if mention.is_full}:
            self.by_key[name_key].append(stranger)
        return stranger

    def list_options(self, group: Sequence[Mention]) -> list[Person]:
        """Whom a group may mean: of a decided one whom it is attributed to now, most of it first; then namesakes."""
        options = []
        if len(group) > 1:
            holders = Counter(mention.researcher_id for mention in group if mention.researcher_id is not None)
            options = [self.person(pk) for pk, _count in sorted(holders.items(), key=lambda item: (-item[1], item[0]))]
        return options + [person for mention in group if mention.is_full for person in self.by_key[mention.name_key]]

    def may_have(self, person: Person, group: Sequence[Mention]) -> bool:
        """Whether neither a decision nor a byline stands against it."""
        first = group[0].authorship_id
        if person.researcher_id in self.constraints.banned_homes_of(first):
            return False
        if person.groups & self.constraints.groups_apart_from(first):
            return False
        return person.work_ids.isdisjoint(mention.work_id for mention in group)

"""Trust: how well a record is evidenced. One pure function over counted facts; it says nothing of merit."""

from dataclasses import dataclass
from math import floor, log2

FORMULA_VERSION = 1


@dataclass(frozen=True, slots=True)
class TrustFacts:
    """What is counted about a researcher; disputed and hidden works count nothing."""

    identity_level: int = 1  # 0 to 4
    works: int = 0
    active_years: int = 0  # distinct years as shown on the page
    works_of_record: int = 0  # works with a DOI or a journal reference
    topics: int = 0  # distinct category codes, aliases counted as listed
    close_collaborators: int = 0
    vouching_coauthors: int = 0  # at L3 or above, a reciprocal pair counted once
    affiliation_verified: bool = False
    confirmed_within_a_year: bool = False
    followers_at_l3: int = 0
    invitations_answered: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the verification ladder: its points and the total that it allows."""

    code: str
    points: int
    cap: int
    meaning: str


LEVELS = (
    Level("L0", 0, 14, "A byline only, or its attribution is contested."),
    Level("L1", 5, 34, "Unclaimed; its works were imported from an authoritative source."),
    Level("L2", 18, 54, "Claimed, with one proof, and nobody objected for seven days."),
    Level("L3", 32, 84, "Works confirmed paper by paper: by the arXiv author feed of the ORCID iD, or by a curator."),
    Level("L4", 45, 100, "L3 with a second, independent class of proof and a second curator; renewed yearly."),
)


@dataclass(frozen=True, slots=True)
class Band:
    """A word for a range of scores, both ends included."""

    name: str
    low: int
    high: int


BANDS = (
    Band("Sparse", 0, 14),
    Band("Emerging", 15, 34),
    Band("Developing", 35, 54),
    Band("Established", 55, 84),
    Band("Corroborated", 85, 100),
)


@dataclass(frozen=True, slots=True)
class Component:
    """One line of the explanation: the points given, the most there are, the rule, and what was counted."""

    label: str
    points: int
    maximum: int
    rule: str
    evidence: str


@dataclass(frozen=True, slots=True)
class TrustReport:
    """The score with everything that led to it."""

    score: int
    uncapped: int
    level: str
    cap: int
    band: str
    components: tuple[Component, ...]
    formula_version: int = FORMULA_VERSION


def compute_trust(facts: TrustFacts) -> TrustReport:
    """Add the components up and cap the sum by the identity level."""
    level = LEVELS[facts.identity_level]
    components = list_components(facts)
    uncapped = sum(component.points for component in components)
    score = min(uncapped, level.cap)
    band = next(band for band in BANDS if band.low <= score <= band.high)
    return TrustReport(score, uncapped, level.code, level.cap, band.name, components)


def list_components(facts: TrustFacts) -> tuple[Component, ...]:
    """Give the points of every component, in the order in which they are explained."""
    level = LEVELS[facts.identity_level]
    return (
        Component(
            "Identity level", level.points, 45, "L0 0, L1 5, L2 18, L3 32, L4 45", f"{level.code}: {level.meaning}"
        ),
        Component(
            "Works",
            min(10, floor(2 * log2(1 + facts.works))),
            10,
            "2·log₂(1 + works), rounded down",
            count(facts.works, "work"),
        ),
        Component(
            "Active years",
            min(5, facts.active_years),
            5,
            "1 for each distinct year of its works, as shown",
            count(facts.active_years, "year"),
        ),
        Component(
            "Versions of record",
            min(8, facts.works_of_record // 2),
            8,
            "1 for every 2 works with a DOI or a journal reference",
            count(facts.works_of_record, "such work"),
        ),
        Component("Topics", min(2, facts.topics // 6), 2, "1 for every 6 topics", count(facts.topics, "topic")),
        Component(
            "Close collaborators",
            min(6, facts.close_collaborators),
            6,
            "1 for each",
            count(facts.close_collaborators, "close collaborator"),
        ),
        Component(
            "Vouching co-authors",
            min(10, 2 * facts.vouching_coauthors),
            10,
            "2 for each co-author at L3 or above who vouches; a reciprocal pair counts once",
            count(facts.vouching_coauthors, "co-author"),
        ),
        Component(
            "Affiliation",
            4 * facts.affiliation_verified,
            4,
            "4 when the current one is verified",
            "verified" if facts.affiliation_verified else "not verified",
        ),
        Component(
            "Confirmed by its owner",
            4 * facts.confirmed_within_a_year,
            4,
            "4 when within the last 12 months",
            "confirmed" if facts.confirmed_within_a_year else "not confirmed",
        ),
        Component(
            "Verified followers",
            min(4, floor(log2(1 + facts.followers_at_l3))),
            4,
            "log₂(1 + followers at L3 or above), rounded down",
            count(facts.followers_at_l3, "follower") + " at L3 or above",
        ),
        Component(
            "Invitations answered",
            2 if facts.invitations_answered >= 3 else 0,
            2,
            "2 when at least 3 were answered",
            count(facts.invitations_answered, "invitation"),
        ),
    )


def count(number: int, noun: str) -> str:
    """Write a number with its noun: `1 work`, `13 works`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

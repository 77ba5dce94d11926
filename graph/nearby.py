"""Works by others near to a researcher's: found by collaborators, topics and words, ranked by all three together.

`bench/nearness.py` measures what texts and topics find together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from graph.collaborators import YEAR
from graph.nearness.subject import Subject, list_asked, name_shared, read_subject
from graph.nearness.terms import count_terms
from graph.nearness.weights import (
    TOPICS_COUNT,
    Rarity,
    Weights,
    cosine,
    measure_findable,
    measure_rarity,
    overlap,
    weigh,
)
from graph.own_works import OwnWorks
from profiles.identity.term_counts import read_term_counts
from profiles.models import Researcher
from works.models import Work

MOST_NEARBY_WORKS = 8
# What collaborators add at most, half of it for the first: chosen, for the pairs that are measured share an author.
COLLABORATORS_COUNT = 0.5

# Candidates are bounded by the slice, not by the focus: a hub with thousands of co-authors costs what anybody costs.
# Words are looked for in works of the slice's topics only: what is new on those is what a kept slice looks out for.
NEARBY_WORKS = f"""
WITH own AS MATERIALIZED (SELECT work_id FROM works_authorship WHERE researcher_id = %(focus)s),
by_collaborators AS MATERIALIZED (
    SELECT newest.work_id, array_agg(DISTINCT c.id) AS by
    FROM unnest(%(collaborators)s::bigint[]) AS c (id) CROSS JOIN LATERAL (
        SELECT a.work_id FROM works_authorship a WHERE a.researcher_id = c.id AND a.attribution <> 'disputed'
        ORDER BY a.work_id DESC LIMIT 30
    ) newest
    WHERE newest.work_id NOT IN (SELECT work_id FROM own)
    GROUP BY newest.work_id
),
worded AS MATERIALIZED (
    SELECT w.id AS work_id, w.topic_ids FROM works_work w
    WHERE w.search_vector @@ to_tsquery('bzpeer', %(words)s) AND {YEAR} BETWEEN %(first)s AND %(last)s
    LIMIT 1000
),
candidate AS (
    (SELECT work_id FROM by_collaborators ORDER BY cardinality(by) DESC, work_id DESC LIMIT 14)
    UNION (
        SELECT work_id FROM worded WHERE topic_ids && %(topics)s::integer[] AND work_id NOT IN (SELECT work_id FROM own)
        ORDER BY work_id DESC LIMIT 14
    )
    UNION (
        SELECT newest.work_id FROM unnest((%(topics)s::integer[])[:5]) AS t (id) CROSS JOIN LATERAL (
            SELECT wt.work_id FROM works_worktopic wt WHERE wt.topic_id = t.id ORDER BY wt.work_id DESC LIMIT 30
        ) newest
        WHERE newest.work_id NOT IN (SELECT work_id FROM own) ORDER BY newest.work_id DESC LIMIT 8
    )
)
SELECT w.id, w.arxiv_id, w.title, w.abstract, w.year, w.curated, w.topic_ids, COALESCE(b.by, '{{}}') AS by
FROM candidate LEFT JOIN by_collaborators b USING (work_id)
JOIN works_work w ON w.id = candidate.work_id AND NOT w.hidden AND {YEAR} BETWEEN %(first)s AND %(last)s
"""  # noqa: S608 - composed of constants


@dataclass(frozen=True, slots=True)
class NearbyWork:
    """A work by others, what it has in common with this researcher's, and which of the co-authors wrote it."""

    work: Work
    reason: str
    by: frozenset[int]


def list_nearby_works(focus: Researcher, own: OwnWorks, years: tuple[int, int]) -> list[NearbyWork]:
    """Return works by others, the nearest first by collaborators that the slice shows, its topics, and the texts."""
    subject = read_subject(own.texts, read_rarity())
    values = {
        "focus": focus.pk,
        "collaborators": [edge.researcher.pk for edge in own.collaborators],
        "topics": [edge.topic.pk for edge in own.topics],
        "words": " | ".join(f"{one} & {other}" for one, other in list_asked(subject, read_findable())),
        "first": years[0],
        "last": years[1],
    }
    works: Iterable[Any] = Work.objects.raw(NEARBY_WORKS, values)  # with `by`
    return rank(works, subject, {edge.topic.pk: edge.works for edge in own.topics})


@cache
def read_rarity() -> Rarity:
    """How rare terms are, by the table of the real papers."""
    counts = read_term_counts()
    return measure_rarity(counts.works, counts.texts)


@cache
def read_findable() -> Weights:
    """How rare is what a search for a term finds, by the same table."""
    counts = read_term_counts()
    return measure_findable(counts.works, counts.texts, counts.found)


def rank(works: Iterable[Any], subject: Subject, topics: dict[int, int]) -> list[NearbyWork]:
    """The nearest of the candidates, of equally near ones the newest; none that has nothing in common."""
    counted = ((work, count_terms(work.title, work.abstract)) for work in works)
    near = [
        (-nearness, -work.pk, work, counts)
        for work, counts in counted
        if (nearness := measure(work, counts, subject, topics))
    ]
    near.sort(key=itemgetter(0, 1))
    return [describe(work, counts, subject, topics) for _far, _age, work, counts in near[:MOST_NEARBY_WORKS]]


def measure(work: Any, counts: Mapping[str, int], subject: Subject, topics: dict[int, int]) -> float:
    """How near a candidate with these terms is."""
    texts = cosine(counts, subject.weights, read_rarity())
    return texts + TOPICS_COUNT * overlap(topics, work.topic_ids) + COLLABORATORS_COUNT * (1 - 0.5 ** len(work.by))


def describe(work: Any, counts: Mapping[str, int], subject: Subject, topics: Iterable[int]) -> NearbyWork:
    """Say of a work with these terms why it is near."""
    weights = weigh(counts, read_rarity())
    words = name_shared(subject, (work.title, work.abstract), weights, read_rarity())
    return NearbyWork(work, explain(work, words, topics), frozenset(work.by))


def explain(work: Any, words: Sequence[str], topics: Iterable[int]) -> str:
    """Say in words why a work is near."""
    reasons = []
    if work.by:
        reasons.append(f"by {len(work.by)} of the collaborators" if len(work.by) > 1 else "by a collaborator")
    if words:
        reasons.append(f"both speak of {' and '.join(f'“{each}”' for each in words)}")
    shared = len(set(topics).intersection(work.topic_ids))
    if shared:
        reasons.append(f"shares {shared} topics" if shared > 1 else "shares a topic")
    return ", ".join(reasons)

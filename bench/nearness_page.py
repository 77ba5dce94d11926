"""How often the slice itself shows a held-out work, out of all 88,748 real papers: `make bench-nearness-page`.

`bench.nearness` compares measures on given candidates. Here the page finds them, too: collaborators, topics and words
by SQL, then the ranking, in a database that holds the papers in the order in which they came; a person is a full name.
Two questions: of somebody with one work, is another of theirs shown (`pair`); of somebody with the works so far, is the
next one, while `LATER` works have come after it and none of what came later still is there (`next`). The byline of the
focus is taken off the right answer and off everything that is not known, so it stands there as a work by others.

Baselines rank every work of the database that is not known, by the texts alone and by the categories alone.
"""

import json
import os
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.graph_triggers import NAME_PEOPLE, TELL_APART, execute
from bench.nearness import Papers, category_rows, tfidf_rows, unit
from bench.sizes import pages
from bench.snapshot import read_snapshot
from bzpeer.embedded.__main__ import run_with_servers
from graph.nearness.subject import MOST_TEXTS
from graph.nearness.terms import count_terms

SEED = 11
QUESTIONS = 1500
PAGE_OF_RECORDS = 2000
SHOWN = 8
# About as many as one day of the last years of the papers brought.
LATER = 50
PEOPLE = """
    SELECT researcher_id, array_agg(work_id ORDER BY work_id) FROM works_authorship
    WHERE researcher_id IS NOT NULL GROUP BY researcher_id
    HAVING count(DISTINCT work_id) BETWEEN 2 AND 30 AND min(printed_name) ~ ' ' AND bool_and(printed_name !~ '[.]')
    ORDER BY researcher_id
"""
COMPANY = """
    SELECT DISTINCT b.researcher_id FROM works_authorship a JOIN works_authorship b USING (work_id)
    WHERE a.researcher_id = %(focus)s AND a.work_id = ANY(%(works)s) AND b.researcher_id <> %(focus)s
"""
TAKE_OFF = (
    "UPDATE works_authorship SET researcher_id = NULL WHERE researcher_id = %(focus)s AND work_id <> ALL(%(known)s)"
)
FORGET_LATER = """
    DELETE FROM works_worktopic WHERE work_id > %(last)s; DELETE FROM works_authorship WHERE work_id > %(last)s;
    DELETE FROM works_workversion WHERE work_id > %(last)s; DELETE FROM works_work WHERE id > %(last)s;
"""


@dataclass(frozen=True, slots=True)
class Question:
    """Whose slice, with which works only, should show which, while the database ends with which; keys of it."""

    focus: int
    known: Sequence[int]
    right: int
    last: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The place of the right answer by each measure, 0 for none, and whether one of the co-authors wrote it."""

    places: dict[str, float]
    by_company: bool


def main() -> int:
    """Start servers of its own around itself; in there load, ask and print. `--papers N` loads fewer."""
    words = sys.argv[1:]
    if words[:1] != ["inside"]:
        return run_with_servers([sys.executable, "-m", "bench.nearness_page", "inside", *words])
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    load(int(words[2]) if words[1:2] == ["--papers"] else None)
    baselines = Baselines()
    chance = random.Random(SEED)
    held_out = set(chance.sample(sorted(baselines.rows), len(baselines.rows) // 10))
    people = read_people()
    flat: dict[str, Any] = {"bench": "nearness_page", "works": len(baselines.rows)}
    flat |= report("pair", [ask(one, baselines) for one in ask_pairs(people, held_out, chance)])
    # The newest first, because what came later is forgotten.
    following = sorted(ask_next(people, held_out, chance), key=lambda question: -question.right)
    flat |= report("next", [ask(one, baselines) for one in map(rewind, following)])
    print(json.dumps(flat))
    return 0


def load(papers: int | None) -> None:
    """Load the papers in the order of their first versions; a person for each name, nobody resolved."""
    from django.core.management import call_command

    from works.arxiv.load import load_records

    call_command("migrate", verbosity=0)
    records = sorted(read_snapshot(papers), key=lambda record: record.versions[0].submitted_at)
    for some in pages(iter(records), PAGE_OF_RECORDS):
        load_records(some)
    execute(NAME_PEOPLE)
    execute(TELL_APART)
    execute("VACUUM ANALYZE")
    print(f"{len(records)} papers loaded", flush=True)


def read_people() -> list[tuple[int, list[int]]]:
    """The people of 2 to 30 works, without an initial, each with the keys of their works."""
    return [(focus, sorted(set(works))) for focus, works in select(PEOPLE)]


def select(statement: str, values: dict[str, Any] | None = None) -> list[Any]:
    """Run a question of SQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def ask_pairs(people: Sequence[tuple[int, list[int]]], held_out: set[int], chance: random.Random) -> Iterator[Question]:
    """One work of somebody, and another of theirs, both held out."""
    asked = 0
    while asked < QUESTIONS:
        focus, works = chance.choice(people)
        both = [work for work in works if work in held_out]
        if len(both) > 1:
            known, right = chance.sample(both, 2)
            asked += 1
            yield Question(focus, [known], right, max(held_out) + LATER)


def ask_next(people: Sequence[tuple[int, list[int]]], held_out: set[int], chance: random.Random) -> Iterator[Question]:
    """All works of somebody before one that is held out, three or more, and that one."""
    longer = [one for one in people if len(one[1]) > 3]
    asked = 0
    while asked < QUESTIONS:
        focus, works = chance.choice(longer)
        right = chance.choice(works[3:])
        if right in held_out:
            asked += 1
            yield Question(focus, works[: works.index(right)], right, right + LATER)


def rewind(question: Question) -> Question:
    """Forget what came later, for good."""
    execute(FORGET_LATER, {"last": question.last})
    return question


def ask(question: Question, baselines: "Baselines") -> Answer:
    """Ask the slice and the baselines."""
    company = {key for (key,) in select(COMPANY, {"focus": question.focus, "works": list(question.known)})}
    theirs = {key for (key,) in select(COMPANY, {"focus": question.focus, "works": [question.right]})}
    return Answer({"slice": ask_slice(question), **baselines.rank(question)}, bool(company & theirs))


def ask_slice(question: Question) -> float:
    """The place of the right answer among all that the slice ranks, of which it shows the first."""
    from django.db import transaction

    from graph import nearby
    from graph.queries import get_slice
    from profiles.models import Researcher

    nearby.MOST_NEARBY_WORKS = 1000
    with transaction.atomic():
        execute(TAKE_OFF, {"focus": question.focus, "known": list(question.known)})
        near = [each.work.pk for each in get_slice(Researcher.objects.get(pk=question.focus)).nearby_works]
        transaction.set_rollback(True)
    return near.index(question.right) + 1 if question.right in near else 0


class Baselines:
    """The texts and categories of all works as rows of numbers."""

    def __init__(self) -> None:
        from graph.nearby import read_rarity
        from works.models import Work

        works = list(Work.objects.order_by("pk").values_list("pk", "title", "abstract", "topic_ids"))
        texts = [(title, abstract) for _pk, title, abstract, _topics in works]
        terms = [count_terms(*text) for text in texts]
        papers = Papers(texts, terms, [[str(topic) for topic in row[3]] for row in works], [], {}, {})
        places = {term: place for place, term in enumerate(sorted({term for row in terms for term in row}))}
        self.rows = {row[0]: number for number, row in enumerate(works)}
        self.keys = np.array(list(self.rows))
        self.by = {
            "texts": tfidf_rows(papers, read_rarity(), places),
            "categories": unit(category_rows(papers)),
        }

    def rank(self, question: Question) -> dict[str, float]:
        """The place of the right answer among all works that are not known, by each measure; ties count half."""
        others = (self.keys <= question.last) & ~np.isin(self.keys, question.known)
        return {name: self.place(rows, question, others) for name, rows in self.by.items()}

    def place(self, rows: Any, question: Question, others: Any) -> float:
        """The place by the cosine of rows of length 1 with the sum of what is known."""
        known = [self.rows[key] for key in question.known[-MOST_TEXTS:]]
        near = np.asarray(rows @ np.asarray(rows[known].sum(axis=0)).ravel())
        right = near[self.rows[question.right]]
        return float(1 + (near[others] > right).sum() + 0.5 * ((near[others] == right).sum() - 1))


def report(kind: str, answers: Sequence[Answer]) -> dict[str, float]:
    """How often the right answer is among the first eight, and how far up, over all and without common co-authors."""
    alone = [answer for answer in answers if not answer.by_company]
    flat: dict[str, float] = {
        f"{kind}_questions": len(answers),
        f"{kind}_of_strangers_questions": len(alone),
        f"{kind}_slice_found": round(float(np.mean([answer.places["slice"] > 0 for answer in answers])), 3),
    }
    for some, group in ((kind, answers), (f"{kind}_of_strangers", alone)):
        for name in ("slice", "texts", "categories"):
            flat |= score(f"{some}_{name}", [answer.places[name] for answer in group])
    for name, value in flat.items():
        print(f"{name:<44}{value:>10}", flush=True)
    return flat


def score(name: str, places: Iterable[float]) -> dict[str, float]:
    """The share of places among the first eight, and the mean of 1/place, of which places beyond count nothing."""
    shown = np.array([1 / place if 0 < place <= SHOWN else 0 for place in places])
    return {f"{name}_in_8": round(float(np.mean(shown > 0)), 3), f"{name}_mrr_8": round(float(np.mean(shown)), 3)}


if __name__ == "__main__":
    sys.exit(main())

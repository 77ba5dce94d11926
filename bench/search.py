"""How often search finds the very item that a question was made from, first and among ten: `make bench-search`.

The real papers go through the site's own loader and resolution. Baselines over the same rows in the same run: plain
`icontains` on the name or title, and plain `websearch_to_tsquery` ranked by `ts_rank`.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Sequence

from bench.questions import misspell, part_of, with_initials
from bzpeer.embedded.__main__ import run_with_servers

SEED = 6
QUESTIONS = 300
PAGE_OF_RECORDS = 2000
Search = Callable[[str], Sequence[int]]
Item = tuple[int, str]

PEOPLE_BY_WORDS = """
    SELECT id FROM profiles_researcher, websearch_to_tsquery('simple', %s) asked
    WHERE to_tsvector('simple', display_name) @@ asked
    ORDER BY ts_rank(to_tsvector('simple', display_name), asked) DESC, id LIMIT 10
"""
WORKS_BY_WORDS = """
    SELECT id FROM works_work, websearch_to_tsquery('bzpeer', %s) asked WHERE search_vector @@ asked
    ORDER BY ts_rank(search_vector, asked) DESC, id LIMIT 10
"""


def main() -> int:
    """Start servers of its own around itself; in there load, ask and print. `--papers N` loads fewer."""
    words = sys.argv[1:]
    if words[:1] != ["inside"]:
        return run_with_servers([sys.executable, "-m", "bench.search", "inside", *words])
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    load(int(words[2]) if words[1:2] == ["--papers"] else None)
    report({**ask_for_people(), **ask_for_works()})
    return 0


def load(papers: int | None) -> None:
    """Load and resolve the papers, unless the database has them."""
    from django.core.management import call_command
    from django.db import connection

    from bench.sizes import pages
    from bench.snapshot import read_snapshot
    from profiles.identity.services import resolve_works
    from works.arxiv.load import load_records
    from works.models import Work

    call_command("migrate", verbosity=0)
    if Work.objects.exists():
        return
    for records in pages(read_snapshot(papers), PAGE_OF_RECORDS):
        resolve_works(load_records(records).work_ids)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def ask_for_people() -> dict[str, tuple[float, float]]:
    """Ask for people in four ways; return the success at 1 and at 10 of each."""
    from profiles.models import Researcher
    from search.people import find_people

    def contains(question: str) -> Sequence[int]:
        return list(
            Researcher.objects.filter(display_name__icontains=question).order_by("pk").values_list("pk", flat=True)[:10]
        )

    chance = random.Random(SEED)
    known = [row for row in Researcher.objects.order_by("pk").values_list("pk", "display_name") if is_full(row[1])]
    items = chance.sample(known, QUESTIONS)
    kinds: dict[str, Callable[[str], str]] = {
        "name_exact": str,
        "name_reversed": lambda name: " ".join(reversed(name.split())),
        "name_misspelt": lambda name: misspell(name, chance),
        "name_initials": with_initials,
    }
    ours: dict[str, Search] = {
        "": lambda question: find_people(question).ids,
        "_icontains": contains,
        "_websearch": lambda question: run(PEOPLE_BY_WORDS, question),
    }
    return compare(items, kinds, ours)


def ask_for_works() -> dict[str, tuple[float, float]]:
    """Ask for works in three ways; return the success at 1 and at 10 of each."""
    from search.works import find_works
    from works.models import Work

    def contains(question: str) -> Sequence[int]:
        return list(Work.objects.filter(title__icontains=question).order_by("pk").values_list("pk", flat=True)[:10])

    chance = random.Random(SEED)
    known = [row for row in Work.objects.order_by("pk").values_list("pk", "title") if is_plain(row[1])]
    items = chance.sample(known, QUESTIONS)
    kinds: dict[str, Callable[[str], str]] = {
        "title_exact": str,
        "title_partial": lambda title: part_of(title, chance),
        "title_misspelt": lambda title: misspell(title, chance),
    }
    ours: dict[str, Search] = {
        "": lambda question: find_works(question).ids,
        "_icontains": contains,
        "_websearch": lambda question: run(WORKS_BY_WORDS, question),
    }
    return compare(items, kinds, ours)


def is_full(name: str) -> bool:
    """Whether a name has a given name written out."""
    words = name.split()
    return 2 <= len(words) <= 4 and len(words[0].strip(".")) > 2


def is_plain(title: str) -> bool:
    """Whether a title can be typed: five words or more and no formula."""
    return len(title.split()) >= 5 and "$" not in title and "\\" not in title


def compare(
    items: Sequence[Item], kinds: dict[str, Callable[[str], str]], searches: dict[str, Search]
) -> dict[str, tuple[float, float]]:
    """Ask every search the same questions."""
    found = {}
    for kind, ask in kinds.items():
        questions = [(pk, ask(text)) for pk, text in items]
        for name, search in searches.items():
            found[f"{kind}{name}"] = success(questions, search)
    return found


def success(questions: Sequence[Item], search: Search) -> tuple[float, float]:
    """The shares of questions whose item comes first, and among the first ten."""
    answers = [(pk, list(search(question))[:10]) for pk, question in questions]
    first = sum(found[:1] == [pk] for pk, found in answers)
    among = sum(pk in found for pk, found in answers)
    return first / len(answers), among / len(answers)


def run(statement: str, question: str) -> list[int]:
    """Run a baseline's statement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, [question])
        return [row[0] for row in cursor]


def report(found: dict[str, tuple[float, float]]) -> None:
    """Print a table, and all figures as JSON."""
    print(f"{'':<28}{'first':>8}{'of ten':>8}")
    for kind, (first, among) in found.items():
        print(f"{kind:<28}{first:8.3f}{among:8.3f}")
    figures = {f"{kind}_s{n}": round(shares[i], 3) for kind, shares in found.items() for i, n in ((0, 1), (1, 10))}
    print(json.dumps({"bench": "search", **figures}))


if __name__ == "__main__":
    sys.exit(main())

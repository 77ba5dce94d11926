"""Count in how many of the real papers each term occurs, and write `profiles/identity/term_counts.json`.

Stems are those of the search, so a PostgreSQL is started for it: `make bench-identity_terms`.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Collection, Mapping

from bench.snapshot import read_snapshot
from bzpeer.embedded.__main__ import run_with_servers
from profiles.identity.corpus import stem, words_of
from profiles.identity.term_counts import TABLE
from works.arxiv.byline import read_byline

# What fewer papers say is as good as unique.
FEWEST_TEXTS, FEWEST_TITLES, FEWEST_CATEGORIES = 25, 8, 3
ABOUT = (
    "In how many of the {works:,} papers in ../shared/data/arxiv/snapshot-dev.jsonl.gz (arXiv metadata, CC0) each word "
    "occurs, in titles ({titles} or more) and in titles and abstracts ({texts} or more), a plural with its singular, "
    "and each category ({categories} or more); `found` is in how many a search for a word finds it or another of its "
    "stem, if another has it; counted by bench/identity_terms.py. Counts only."
)
STEMS = """
    SELECT word, (tsvector_to_array(to_tsvector('bzpeer', word)))[1]
    FROM unnest(%s::text[]) AS word
"""


def main() -> int:
    """Start servers around itself; in there count and write."""
    if sys.argv[1:] != ["inside"]:
        return run_with_servers([sys.executable, "-m", "bench.identity_terms", "inside"])
    works, authorships, said_on = 0, 0, []
    titles, texts, venues = Counter[str](), Counter[str](), Counter[str]()
    for paper in read_snapshot():
        works += 1
        authorships += sum(author.kind == "person" for author in read_byline(paper.byline).authors)
        said = {stem(word) for word in words_of(paper.title or "")}
        titles.update(said)
        said_on.append(said | {stem(word) for word in words_of(paper.abstract or "")})
        texts.update(said_on[-1])
        venues.update(paper.categories)
    table = {
        "about": ABOUT.format(works=works, titles=FEWEST_TITLES, texts=FEWEST_TEXTS, categories=FEWEST_CATEGORIES),
        "works": works,
        "authorships": authorships,
        "titles": frequent(titles, FEWEST_TITLES),
        "texts": frequent(texts, FEWEST_TEXTS),
        "found": count_found(said_on, texts),
        "venues": frequent(venues, FEWEST_CATEGORIES),
    }
    TABLE.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {TABLE} ({TABLE.stat().st_size:,} bytes)")
    return 0


def count_found(said_on: Collection[Collection[str]], texts: Mapping[str, int]) -> dict[str, int]:
    """Count the papers that a search for each frequent word finds, if that is more than those that have the word."""
    stems = read_stems(list(texts))
    found = Counter(each for said in said_on for each in {stems[word] for word in said if word in stems})
    frequent_words = (word for word in frequent(texts, FEWEST_TEXTS) if word in stems)
    return {word: found[stems[word]] for word in frequent_words if found[stems[word]] > texts[word]}


def read_stems(words: list[str]) -> dict[str, str]:
    """Ask PostgreSQL for the stems by which the search knows words; what it leaves out has none."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [words])
        return {word: known_by for word, known_by in cursor if known_by}


def frequent(counts: Mapping[str, int], fewest: int) -> dict[str, int]:
    """Leave out what is rarer than `fewest`."""
    return {term: count for term, count in sorted(counts.items()) if count >= fewest}


if __name__ == "__main__":
    raise SystemExit(main())

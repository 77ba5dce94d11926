"""Count in how many of the real papers each term occurs, and write `profiles/identity/term_counts.json`."""

import json
from collections import Counter

from bench.snapshot import read_snapshot
from profiles.identity.corpus import stem, words_of
from profiles.identity.term_counts import TABLE
from works.arxiv.byline import read_byline

# What fewer papers say is as good as unique.
FEWEST_TEXTS, FEWEST_TITLES, FEWEST_CATEGORIES = 25, 8, 3
ABOUT = (
    "In how many of the {works:,} papers in ../shared/data/arxiv/snapshot-dev.jsonl.gz (arXiv metadata, CC0) each word "
    "occurs, in titles ({titles} or more) and in titles and abstracts ({texts} or more), a plural with its singular, "
    "and each category ({categories} or more); counted by bench/identity_terms.py. Counts only."
)


def main() -> int:
    """Count and write."""
    works, authorships = 0, 0
    titles, texts, venues = Counter[str](), Counter[str](), Counter[str]()
    for paper in read_snapshot():
        works += 1
        authorships += sum(author.kind == "person" for author in read_byline(paper.byline).authors)
        said = {stem(word) for word in words_of(paper.title or "")}
        titles.update(said)
        texts.update(said | {stem(word) for word in words_of(paper.abstract or "")})
        venues.update(paper.categories)
    table = {
        "about": ABOUT.format(works=works, titles=FEWEST_TITLES, texts=FEWEST_TEXTS, categories=FEWEST_CATEGORIES),
        "works": works,
        "authorships": authorships,
        "titles": frequent(titles, FEWEST_TITLES),
        "texts": frequent(texts, FEWEST_TEXTS),
        "venues": frequent(venues, FEWEST_CATEGORIES),
    }
    TABLE.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {TABLE} ({TABLE.stat().st_size:,} bytes)")
    return 0


def frequent(counts: Counter[str], fewest: int) -> dict[str, int]:
    """Leave out what is rarer than `fewest`."""
    return {term: count for term, count in sorted(counts.items()) if count >= fewest}


if __name__ == "__main__":
    raise SystemExit(main())

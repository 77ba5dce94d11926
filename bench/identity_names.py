"""Count the parts of names in the real papers, and write `profiles/identity/name_counts.json`."""

import json
from collections import Counter

from bench.snapshot import read_snapshot
from profiles.identity.name_counts import TABLE
from profiles.identity.name_forms import read_form
from works.arxiv.byline import read_byline

# What fewer names share tells too little to be kept.
FEWEST, FEWEST_LETTERS = 8, 50
ABOUT = (
    "Parts of the {names:,} distinct author names of the papers in ../shared/data/arxiv/snapshot-dev.jsonl.gz (arXiv "
    "metadata, CC0), folded, counted by bench/identity_names.py: in how many names each surname and each written-out "
    "first name ({fewest} or more) and each first letter occurs. Counts only; no whole name, no label."
)


def main() -> int:
    """Count and write."""
    printed = {
        author.printed_name
        for paper in read_snapshot()
        for author in read_byline(paper.byline).authors
        if author.kind == "person"
    }
    forms = {(form.surname, form.first) for form in map(read_form, sorted(printed))}
    table = {
        "about": ABOUT.format(names=len(forms), fewest=FEWEST),
        "names": len(forms),
        "surnames": frequent(Counter(surname for surname, _ in forms), FEWEST),
        "givens": frequent(Counter(first for _, first in forms if len(first) > 1), FEWEST),
        "letters": frequent(Counter(first[:1] for _, first in forms), FEWEST_LETTERS),
    }
    TABLE.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {TABLE} ({TABLE.stat().st_size:,} bytes)")
    return 0


def frequent(counts: Counter[str], fewest: int) -> dict[str, int]:
    return {part: count for part, count in sorted(counts.items()) if part and count >= fewest}


if __name__ == "__main__":
    raise SystemExit(main())

"""How many formulas of real papers come out as MathML, how many with every command understood, and how fast.

The baseline is latex2mathml, over the same formulas in the same run. Ends with status 1 below the required shares.
"""

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median

import latex2mathml.exceptions
from latex2mathml.converter import convert

from bench.snapshot import SNAPSHOT
from works.markup.formulas import to_mathml
from works.markup.nodes import Formula
from works.markup.render import list_formulas

REQUIRED_MATHML = 0.997
REQUIRED_UNDERSTOOD = 0.985
ROUNDS = 5
TIMED_EVERY = 10  # latex2mathml takes minutes for all of them
MISSES_SHOWN = 25
UNKNOWN = re.compile(r'<merror class="unknown-command"[^>]*><mtext>([^<]*)</mtext>')
# latex2mathml's errors have no base of their own, and some of Python's come through.
BASELINE_ERRORS: tuple[type[Exception], ...] = (
    *(
        kind
        for kind in vars(latex2mathml.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
    *(IndexError, KeyError, TypeError, ValueError, AttributeError, RecursionError),
)


def main() -> int:
    """Measure, print a table and the JSON line; answer the exit status."""
    papers, titles, abstracts = read_formulas()
    formulas = titles + abstracts
    print(f"{papers:,} papers: {len(titles):,} formulas in titles, {len(abstracts):,} in abstracts")
    unread, unknown = misses(formulas)
    mathml_share = 1 - len(unread) / len(formulas)
    understood_share = mathml_share - unknown.total() / len(formulas)
    seconds, baseline_seconds, baseline_share = timed(formulas[::TIMED_EVERY])
    print_table(unread, unknown, baseline_share)
    figures = {
        "bench": "math",
        "formulas": len(formulas),
        "mathml_share": round(mathml_share, 5),
        "understood_share": round(understood_share, 5),
        "us_per_formula": round(seconds * 1e6, 1),
        "vs_latex2mathml": round(baseline_seconds / seconds, 1),
    }
    print(json.dumps(figures))
    return 0 if mathml_share >= REQUIRED_MATHML and understood_share >= REQUIRED_UNDERSTOOD else 1


def read_formulas() -> tuple[int, list[Formula], list[Formula]]:
    """Count the papers and list the formulas of titles and of abstracts; exits where the papers are absent."""
    if not SNAPSHOT.exists():
        raise SystemExit(f"This benchmark reads real papers, and {SNAPSHOT} is not here.")
    papers, titles, abstracts = 0, [], []
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        for paper in map(json.loads, lines):
            papers += 1
            titles += list_formulas(paper["title"])
            abstracts += list_formulas(paper["abstract"])
    return papers, titles, abstracts


def misses(formulas: Iterable[Formula]) -> tuple[list[str], Counter[tuple[str, ...]]]:
    """List the formulas that cannot be read; count those shown with unknown commands, by these commands."""
    unread: list[str] = []
    unknown: Counter[tuple[str, ...]] = Counter()
    for formula in formulas:
        mathml = to_mathml(formula.source, display=formula.display)
        if mathml is None:
            unread.append(formula.raw)
        elif not mathml.understood:
            unknown[tuple(sorted(set(UNKNOWN.findall(mathml.markup))))] += 1
    return unread, unknown


def timed(formulas: Sequence[Formula]) -> tuple[float, float, float]:
    """Seconds a formula, ours and the baseline's, in turns, and the share that the baseline converts."""
    ours, theirs, converted = [], [], 0
    for _ in range(ROUNDS):
        ours.append(seconds_each(formulas, lambda formula: to_mathml.__wrapped__(formula.source) is not None)[0])
        elapsed, converted = seconds_each(formulas, converts_by_baseline)
        theirs.append(elapsed)
    return median(ours), median(theirs), converted / len(formulas)


def seconds_each(formulas: Sequence[Formula], converts: Callable[[Formula], bool]) -> tuple[float, int]:
    """Seconds a formula, and how many came out."""
    start = time.perf_counter()
    converted = sum(map(converts, formulas))
    return (time.perf_counter() - start) / len(formulas), converted


def converts_by_baseline(formula: Formula) -> bool:
    """Whether latex2mathml makes anything of a formula; it does not say whether it knew every command."""
    try:
        return bool(convert(formula.source))
    except BASELINE_ERRORS:
        return False


def print_table(unread: list[str], unknown: Counter[tuple[str, ...]], baseline_share: float) -> None:
    """Show what is missed most, so that `works/markup/macros.py` can grow."""
    print(f"{len(unread):,} cannot be read; {unknown.total():,} hold a command that is shown by its name")
    print(f"latex2mathml makes something of {baseline_share:.2%} of every {TIMED_EVERY}th, known commands or not")
    by_command: Counter[str] = Counter()
    for names, count in unknown.items():
        by_command.update(dict.fromkeys(names, count))
    print("most frequent commands not known:")
    for name, count in by_command.most_common(MISSES_SHOWN):
        print(f"{count:6,}  {name}")
    print("most frequent formulas not read:")
    for source, count in Counter(unread).most_common(MISSES_SHOWN // 2):
        print(f"{count:6,}  {source[:100]!r}")


if __name__ == "__main__":
    raise SystemExit(main())

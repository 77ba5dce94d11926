"""How fast papers come in, against sickle with Django's ORM and against a bare COPY: `make bench-import`.

Every rate is taken in the same run, in turns, median of several. `--records` and `--memory-records` make it short;
what it prints then is not what `bench/README.md` asks for.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from bzpeer.embedded.__main__ import run_with_servers

RECORDS = 100_000
MEMORY_RECORDS = 1_000_000
ROUNDS = 3
ONE_BY_ONE_RECORDS = 500
FULL_SIZE = 3_000_000
REQUIRED = {
    "first_vs_sickle_bulk": 3.5,
    "later_vs_sickle_bulk": 2.5,
    "first_vs_get_or_create": 120,
    "parse_vs_sickle": 3,
    "snapshot_vs_copy": 0.35,
    "unchanged_vs_first": 2,
}
Rates = dict[str, float]


def main() -> int:
    """Start servers of its own around itself; in there measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--memory-records", type=int, default=MEMORY_RECORDS, help="0 leaves the memory out")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.inside:
        return run_with_servers([sys.executable, "-m", "bench.import_arxiv", "--inside", *sys.argv[1:]])
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="bzpeer-bench-") as folder:
        rates = measure_rates(Path(folder), options.records, options.rounds)
        memory = measure_memory(Path(folder), options.records, options.memory_records)
    report(options.records, rates, memory)
    return 0


def measure_rates(folder: Path, records: int, rounds: int) -> Rates:
    """Return records a second by what was done: the median of the rounds, each of which does everything once."""
    from bench.import_rounds import Stage

    with Stage(folder, records, ONE_BY_ONE_RECORDS) as stage:
        taken: list[Rates] = []
        for number in range(1, rounds + 1):
            taken.append(stage.play_round())
            print(
                f"round {number}: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in taken[-1].items()), flush=True
            )
    return {name: median(rates[name] for rates in taken) for name in taken[0]}


def measure_memory(folder: Path, records: int, more_records: int) -> dict[str, float]:
    """Return the importer's peak memory in MB at both sizes."""
    if not more_records:
        return {}
    from bench.import_memory import peak_megabytes

    return {
        "rss_mb_100k": peak_megabytes(folder, records),
        "rss_mb_1m": peak_megabytes(folder, more_records),
    }


def report(records: int, rates: Rates, memory: dict[str, float]) -> None:
    """Print rates, ratios beside what is required, and both as JSON."""
    print(f"\n{records:,} records a round")
    for name, rate in rates.items():
        print(f"{name:<22}{rate:10,.0f} a second{FULL_SIZE / rate / 60:10,.0f} min for {FULL_SIZE:,}")
    ratios = {
        "first_vs_sickle_bulk": rates["first"] / rates["sickle_first"],
        "later_vs_sickle_bulk": rates["later"] / rates["sickle_later"],
        "first_vs_get_or_create": rates["first"] / rates["get_or_create"],
        "parse_vs_sickle": rates["parse"] / rates["sickle_parse"],
        "snapshot_vs_copy": rates["snapshot"] / rates["copy"],
        "unchanged_vs_first": rates["unchanged"] / rates["first"],
    }
    for name, ratio in ratios.items():
        print(f"{name:<26}{ratio:8.2f}   required {REQUIRED[name]}")
    for name, megabytes in memory.items():
        print(f"{name:<26}{megabytes:8.0f}   required < 300")
    figures = {name: round(value, 3) for name, value in {**ratios, **memory}.items()}
    print(json.dumps({"bench": "import", "records": records, **figures}))


if __name__ == "__main__":
    sys.exit(main())

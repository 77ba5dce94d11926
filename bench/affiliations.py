"""`make bench-affiliations`: the matcher of affiliations on labels made by hand, and its speed. See bench/README.md."""

import gzip
import json
import resource
import sys
import time
from statistics import median

from tests.works.institutions.labelled import REGISTRY, index_registry, judge, read_labels
from works.institutions.index import InstitutionIndex
from works.institutions.match import match_affiliation

IDENTITY = REGISTRY.parents[1] / "identity"
ROUNDS = 3


def read_distinct() -> list[str]:
    """The distinct affiliations of the identity sets: what the speed is measured on."""
    found = set()
    for path in sorted(IDENTITY.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found |= {json.loads(line)["affiliation"] for line in lines}
    return sorted(found - {""})


def strings_a_second(texts: list[str], index: InstitutionIndex) -> float:
    """Match all of them once."""
    began = time.perf_counter()
    for text in texts:
        match_affiliation(text, index)
    return len(texts) / (time.perf_counter() - began)


def main() -> None:
    """Build the index, judge the labels, measure, print."""
    if not REGISTRY.exists():
        sys.exit(f"This benchmark reads {REGISTRY}, and it is not here.")
    began = time.perf_counter()
    index = index_registry()
    seconds = time.perf_counter() - began
    figures: dict[str, object] = {"bench": "affiliations", "organisations": index.organisations}
    for part in ("held-out", "tuned"):
        labels = read_labels(part)
        quality = judge(labels, index)
        prefix = part.replace("-", "_")
        figures |= {
            f"{prefix}_labels": len(labels),
            f"{prefix}_precision": round(quality.precision, 4),
            f"{prefix}_recall": round(quality.recall, 4),
            f"{prefix}_abstained": round(quality.abstained, 4),
        }
        for printed, ror_id in quality.wrong:
            print(f"wrong ({part}): {ror_id} for {printed}")
    texts = read_distinct()
    speed = median(strings_a_second(texts, index) for _ in range(ROUNDS))
    answered = sum(bool(match_affiliation(text, index)) for text in texts) / len(texts)
    figures |= {
        "index_seconds": round(seconds, 1),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "distinct_texts": len(texts),
        "answered_share": round(answered, 4),
        "texts_per_s": round(speed),
    }
    for name, value in figures.items():
        print(f"{name:<22}{value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""`python -m profiles.identity cluster IN.jsonl[.gz] OUT.jsonl[.gz]`: cluster author mentions, without a database."""

import argparse
import gzip
import json
import os
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from profiles.identity.clusters import cluster_mentions
from profiles.identity.mentions import UnreadableMention, read_mentions

_FORMAT = """
A line of IN is a JSON object with id, work and name, and where known coauthors (a list of names), title, abstract,
venue, year, affiliation and categories (a list); anything else is not looked at. A line of OUT is {"id", "cluster",
"confidence"}; below a confidence of 0.5 an authorship counts as unconfirmed. Names that end in .gz are gzipped.
"""


def main(arguments: Sequence[str]) -> int:
    """Read, cluster, write; return the exit status: 1 with a message for what cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m profiles.identity", description=__doc__, epilog=_FORMAT)
    commands = parser.add_subparsers(dest="command", required=True)
    cluster = commands.add_parser("cluster", help="cluster author mentions by the person who is meant")
    cluster.add_argument("source", metavar="IN", type=Path)
    cluster.add_argument("target", metavar="OUT", type=Path)
    options = parser.parse_args(arguments)
    try:
        write_clusters(options.source, options.target)
    except (UnreadableMention, UnicodeDecodeError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        sys.stderr.write(f"{options.source}: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def write_clusters(source: Path, target: Path) -> None:
    """Cluster the mentions of a file; the target is written only once all is read and clustered."""
    # With a mark of the byte order or without one.
    with _opener(source)(source, "rt", encoding="utf-8-sig") as lines:
        clustering = cluster_mentions(read_mentions(lines), cores=os.cpu_count() or 1)
    with _opener(target)(target, "wt", encoding="utf-8") as out:
        for place in clustering.places():
            row = {"id": place.id, "cluster": place.cluster, "confidence": round(place.confidence, 4)}
            # Escaped: an id may hold half of a surrogate pair, which no encoding can write.
            out.write(json.dumps(row) + "\n")


def _opener(path: Path) -> Callable[..., Any]:
    return gzip.open if path.suffix == ".gz" else open


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

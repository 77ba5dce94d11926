"""`python -m profiles.identity cluster IN.jsonl[.gz] OUT.jsonl[.gz]`: cluster author mentions, without a database."""

import argparse
import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO, cast

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
    except (UnreadableMention, UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        sys.stderr.write(f"{options.source}: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def write_clusters(source: Path, target: Path) -> None:
    """Cluster the mentions of a file; the target is written only once all is read and clustered."""
    with open_text(source, "rt") as lines:
        clustering = cluster_mentions(read_mentions(lines))
    with open_text(target, "wt") as out:
        for place in clustering.places():
            row = {"id": place.id, "cluster": place.cluster, "confidence": place.confidence}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def open_text(path: Path, mode: str) -> TextIO:
    """Open a text file in UTF-8, gzipped or not, by its name."""
    opened = gzip.open(path, mode, encoding="utf-8") if path.suffix == ".gz" else path.open(mode, encoding="utf-8")
    return cast("TextIO", opened)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

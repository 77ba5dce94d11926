"""`python -m tests.fuzz_parse --minutes 60`: mutated real pages and random bytes; only typed errors may come out.

What a page gives must also survive being rejected, kept and read again. Every input follows from a seed; one that
breaks the rule is printed with its seed and kept in tests/works/fuzz_seeds.txt by whoever mends it.
"""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random

from tests.works.oai_pages import ARXIV_RECORD, DELETED_RECORD, DUBLIN_CORE_RECORD, RAW_RECORD, page
from tests.works.shared_data import oai_pages
from works.arxiv.byline import read_byline
from works.arxiv.errors import ArxivError
from works.arxiv.parse import parse_identify, parse_list_records
from works.arxiv.raw_record import find_raw_record, page_of_record

Mutation = Callable[[Random, bytes], bytes]

TOKENS = [
    b"<record>", b"</record>", b"<header>", b"</metadata>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;",
    b"&#xD800;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?x", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"(", b")", b",", b" and ", b"et al.", b"Collaboration: ", b"\\'", b'{\\"', b"$", b"v0", b"v99999", b"<date>",
    b"</date>", b"31 Feb 2020", b"9999-12-31", b"0000-00-00", b" " * 300, b"<error code='x'/>", b"<resumptionToken>",
    b"status='deleted'", "λ ª ﬀ İ ß \u2028 \u200f".encode(),
]  # fmt: skip


def flip(random: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(random.randint(1, 20)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def insert(random: Random, body: bytes) -> bytes:
    at = random.randrange(len(body) + 1)
    return body[:at] + random.choice(TOKENS) * random.choice([1, 1, 1, 2, 50]) + body[at:]


def cut(random: Random, body: bytes) -> bytes:
    start, end = sorted(random.randrange(len(body) + 1) for _ in range(2))
    return body[:start] + body[end:]


def repeat(random: Random, body: bytes) -> bytes:
    start, end = sorted(random.randrange(len(body) + 1) for _ in range(2))
    return body[:end] + body[start:end] * random.randint(1, 3) + body[end:]


def move(random: Random, body: bytes) -> bytes:
    start, end = sorted(random.randrange(len(body) + 1) for _ in range(2))
    rest = body[:start] + body[end:]
    at = random.randrange(len(rest) + 1)
    return rest[:at] + body[start:end] + rest[at:]


def replace_token(random: Random, body: bytes) -> bytes:
    words = [b"id", b"title", b"authors", b"date", b"version", b"dc:date", b"dc:identifier", b"keyname", b"created"]
    return body.replace(random.choice(words), random.choice([*TOKENS, *words]), random.randint(1, 3))


def noise(random: Random, _body: bytes) -> bytes:
    return random.randbytes(random.randint(0, 400))


MUTATIONS: list[Mutation] = [flip, insert, insert, cut, repeat, move, replace_token, noise]


def corpus() -> list[bytes]:
    """Our own small pages, and single records of the real ones where those are there."""
    own = [page(record) for record in (RAW_RECORD, ARXIV_RECORD, DUBLIN_CORE_RECORD, DELETED_RECORD)]
    own.append(page(RAW_RECORD, ARXIV_RECORD, DUBLIN_CORE_RECORD, DELETED_RECORD, token="next"))
    bodies = [body for prefix in ("arXivRaw", "arXiv", "oai_dc") for body in oai_pages(prefix)]
    real = [page_of_record(raw) for body in bodies for raw in real_records(body)]
    return own + real + bodies[::4]


def real_records(body: bytes) -> list[bytes]:
    return [
        piece.partition(b"</record>")[0].join([b"<record>", b"</record>"]) for piece in body.split(b"<record>")[1:21]
    ]


def make_input(seed: int, bodies: list[bytes]) -> bytes:
    """The input that a seed stands for."""
    random = Random(seed)  # noqa: S311
    body = random.choice(bodies)
    for _ in range(random.randint(1, 6)):
        body = random.choice(MUTATIONS)(random, body) or b"<"
    return body


def check(body: bytes) -> str:
    """Read it; return what came of it, in a word. Raises whatever is not a typed error."""
    with suppress(ArxivError):
        parse_identify(body)
    try:
        found = parse_list_records(body)
    except ArxivError as error:
        return type(error).__name__
    for rejected in found.rejected:
        find_raw_record(body, rejected.identifier)
        with suppress(ArxivError):
            parse_list_records(page_of_record(rejected.raw))
    for record in found.records:
        assert record.title
        assert "\0" not in repr(read_byline(record.byline))
    return "read" if found.records else "rejected" if found.rejected else "empty"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0, help="the first seed; the others follow")
    arguments = parser.parse_args()
    bodies, outcomes = corpus(), dict[str, int]()
    seed, began = arguments.seed, time.monotonic()
    while time.monotonic() - began < arguments.minutes * 60:
        try:
            outcome = check(make_input(seed, bodies))
        except Exception:
            sys.stdout.write(f"Seed {seed} breaks the rule:\n")
            raise
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        seed += 1
    sys.stdout.write(f"{seed - arguments.seed} inputs from seed {arguments.seed} in {arguments.minutes:g} minutes\n")
    sys.stdout.write("".join(f"  {name}: {number}\n" for name, number in sorted(outcomes.items())))


if __name__ == "__main__":
    main()

"""Slices kept in Valkey until something that they show changes.

A kept slice names its sources: people, the company on their works, works, topics, institutions. Triggers note each
change of a source that is watched, in the transaction that makes it, and a slice holds only while nothing more is noted
than when its reading began. So the first visit learns the sources, the second has them watched, and from the third on
the slice is kept, when every transaction that began before the watch is over.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.db import connection

from graph.models import Source, Watched
from graph.queries import Slice

# Nothing but notes has to end a kept slice; this bounds how long notes are needed, and how long a slice can miss what
# somebody writes with triggers switched off.
SECONDS_KEPT = 3600
# Of a kept page; another form of the fragment needs another number.
FORM = 4
NAME = f"graph:slice:{FORM}:{{}}"
# Watched for longer than any kept slice lives without a visit; noted for longer than any lives or a transaction runs.
HOURS_WATCHED = 24
HOURS_NOTED = 6

# Writes only where a source is not watched, or has not been for an hour; OFFSET 0 has each looked up by its key,
# where a join would read all that is watched. Then, in one go: the oldest transaction that runs, the first that has
# not begun, and how many changes of the sources are noted, with the sum of their numbers. Of two different states of
# the same count the later has the larger sum, because notes come and go in their order or nearly so: what goes is
# hours older than what comes.
LOOK = """
WITH source AS (SELECT * FROM unnest(%(kinds)s::smallint[], %(keys)s::bigint[]) AS s (kind, key)),
watched AS (
    INSERT INTO graph_watched (kind, key)
    SELECT kind, key FROM source WHERE NOT EXISTS (
        SELECT FROM graph_watched w WHERE w.kind = source.kind AND w.key = source.key
            AND w.watched_at > statement_timestamp() - INTERVAL '1 hour' OFFSET 0
    )
    ORDER BY kind, key ON CONFLICT (kind, key) DO UPDATE SET watched_at = statement_timestamp()
)
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
    count(c.id), COALESCE(sum(c.id), 0)::bigint
FROM source s JOIN graph_change c ON c.kind = s.kind AND c.key = s.key
"""

# Pairs of a `Source` and the key of a row.
Sources = frozenset[tuple[int, int]]
State = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """What Valkey holds of a slice: its sources, how far they are watched, and the page with the state it was read in.

    Every transaction from `watched_from` on notes its changes of the sources.
    """

    sources: Sources
    is_watched: bool = False
    watched_from: int | None = None
    state: State | None = None
    page: bytes | None = None


def keep_slice(public_id: str, read: Callable[[], tuple[Slice, bytes]]) -> bytes:
    """Return the page of a slice: the kept one while it holds, or what `read` makes, kept as soon as it can be."""
    name = NAME.format(public_id)
    kept: Kept | None = cache.get(name)
    if kept is None:
        around, page = read()
        # The page of a merged record is another's: that one is kept.
        if around.focus.public_id == public_id:
            cache.set(name, Kept(list_sources(around)), SECONDS_KEPT)
        return page
    oldest, following, state = look(kept.sources)
    if kept.page is not None and kept.state == state:
        return kept.page
    around, page = read()
    cache.set(name, follow(kept, list_sources(around), (oldest, following, state), page), SECONDS_KEPT)
    return page


def follow(kept: Kept, sources: Sources, seen: tuple[int, int, State], page: bytes) -> Kept:
    """Return what to hold after a page was read: the page, too, when no change of its sources can go unnoted."""
    oldest, following, state = seen
    if not sources <= kept.sources:
        return Kept(sources)
    if not kept.is_watched:
        return replace(kept, is_watched=True)
    # The watch was committed before this look, so whatever begins from now on sees it; what runs may not have.
    watched_from = following if kept.watched_from is None else kept.watched_from
    if oldest < watched_from:
        return replace(kept, watched_from=watched_from, page=None)
    return replace(kept, watched_from=watched_from, state=state, page=page)


def list_sources(around: Slice) -> Sources:
    """Name all that a slice shows."""
    people = [around.focus.pk, *(edge.researcher.pk for edge in around.collaborators)]
    institutions = [edge.pk for edge in around.institutions if edge.pk is not None]
    return frozenset(
        {
            (int(Source.COMPANY), around.focus.pk),
            *((int(Source.PERSON), pk) for pk in people),
            *((int(Source.WORK), near.work.pk) for near in around.nearby_works),
            *((int(Source.TOPIC), edge.topic.pk) for edge in around.topics),
            *((int(Source.INSTITUTION), pk) for pk in institutions),
        }
    )


def look(sources: Sources) -> tuple[int, int, State]:
    """Have the sources watched; return the oldest running transaction, the one to begin next, and the state."""
    pairs = sorted(sources)
    values = {"kinds": [kind for kind, _key in pairs], "keys": [key for _kind, key in pairs]}
    with connection.cursor() as cursor:
        cursor.execute(LOOK, values)
        oldest, following, noted, total = cursor.fetchone() or (0, 0, 0, 0)
    return oldest, following, (noted, total)


def peek(public_id: str) -> bytes | None:
    """Return the page that a visit would get without reading the slice anew, or None."""
    kept: Kept | None = cache.get(NAME.format(public_id))
    if kept is None or kept.page is None:
        return None
    return kept.page if look(kept.sources)[2] == kept.state else None


def list_watched_people() -> list[int]:
    """Return the people whose slices may be kept."""
    return list(Watched.objects.filter(kind=Source.COMPANY).order_by("key").values_list("key", flat=True))


def forget_old() -> int:
    """Stop watching what no kept slice can depend on any more, and drop old notes; return how many rows went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM graph_watched WHERE watched_at < now() - make_interval(hours => %s)", [HOURS_WATCHED]
        )
        gone = cursor.rowcount
        cursor.execute("DELETE FROM graph_change WHERE noted_at < now() - make_interval(hours => %s)", [HOURS_NOTED])
        return int(gone + cursor.rowcount)

"""Sitemaps for millions of pages: an index of files, each a range of 50,000 ids, written while they are read.

A range of ids and not an offset, so that the last file costs what the first does; a file holds fewer addresses where
ids are missing, hidden or merged, and a page never moves to another file.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from exports.addresses import absolute
from profiles.models import Researcher
from works.institutions.models import AffiliationMatch
from works.models import Institution, Topic, Work
from works.queries import visible_works

ADDRESSES_A_FILE = 50_000  # the protocol's limit
ROWS_AT_ONCE = 2_000
HOURS_KEPT = 6
OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

Row = tuple[str, date | None]


def work_rows(first: int, last: int) -> Iterator[Row]:
    """Yield path and day of the last change of the visible works in a range of ids."""
    rows = visible_works().filter(pk__range=(first, last)).order_by("pk").values_list("arxiv_id", "changed_at")
    for arxiv_id, changed_at in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield reverse("works:work", args=[arxiv_id]), changed_at.date()


def author_rows(first: int, last: int) -> Iterator[Row]:
    """Yield the paths of the listed researchers in a range of ids."""
    listed = Researcher.objects.filter(state__in=Researcher.LISTED_STATES, pk__range=(first, last)).order_by("pk")
    for researcher in listed.only("pk", "slug").iterator(chunk_size=ROWS_AT_ONCE):
        yield researcher.get_absolute_url(), None


def topic_rows(first: int, last: int) -> Iterator[Row]:
    """Yield the paths of the topics in a range of ids."""
    for topic in Topic.objects.filter(pk__range=(first, last)).order_by("pk"):
        yield topic.get_absolute_url(), None


def institution_rows(first: int, last: int) -> Iterator[Row]:
    """Yield the paths of the institutions in a range of ids that a byline names: others have nothing to show."""
    named = Exists(AffiliationMatch.objects.filter(institution=OuterRef("pk")))
    for institution in Institution.objects.filter(named, pk__range=(first, last)).order_by("pk").only("pk", "ror_id"):
        yield institution.get_absolute_url(), None


KINDS: dict[str, tuple[QuerySet[Any], Callable[[int, int], Iterator[Row]]]] = {
    "works": (Work.objects.all(), work_rows),
    "authors": (Researcher.objects.all(), author_rows),
    "topics": (Topic.objects.all(), topic_rows),
    "institutions": (Institution.objects.all(), institution_rows),
}


@require_safe
@cache_control(public=True, max_age=HOURS_KEPT * 3600)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the files; one query a kind, whatever the number of pages."""
    addresses = [
        absolute(reverse("exports:sitemap", args=[kind, number]))
        for kind in KINDS
        for number in range(1, count_files(kind) + 1)
    ]
    entries = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    text = f'{OPENING}<sitemapindex xmlns="{NAMESPACE}">\n{entries}</sitemapindex>\n'
    return HttpResponse(text, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=HOURS_KEPT * 3600)
def sitemap(request: HttpRequest, kind: str, number: int) -> StreamingHttpResponse:
    """Stream one file, compressed."""
    if kind not in KINDS or not 1 <= number <= count_files(kind):
        raise Http404(f"No sitemap {kind}-{number}")
    first = (number - 1) * ADDRESSES_A_FILE + 1
    rows = KINDS[kind][1](first, first + ADDRESSES_A_FILE - 1)
    return StreamingHttpResponse(compressed(lines(rows)), content_type="application/gzip")


def count_files(kind: str) -> int:
    """Return how many files a kind has: as many as its greatest id asks for."""
    newest = KINDS[kind][0].aggregate(newest=Max("pk"))["newest"] or 0
    return -(-int(newest) // ADDRESSES_A_FILE)


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """Write a file line by line."""
    yield f'{OPENING}<urlset xmlns="{NAMESPACE}">\n'
    for path, changed in rows:
        when = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        yield f"<url><loc>{escape(absolute(path))}</loc>{when}</url>\n"
    yield "</urlset>\n"


def compressed(pieces: Iterable[str]) -> Iterator[bytes]:
    """Compress with gzip while it is written."""
    compressor = zlib.compressobj(level=6, wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        if chunk := compressor.compress(piece.encode()):
            yield chunk
    yield compressor.flush()

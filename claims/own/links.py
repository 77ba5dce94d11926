"""Whether the pages that an owner links to link back with rel="me"."""

from django.conf import settings
from django.db import transaction

from claims.locks import lock_record
from claims.models import OwnerPage
from claims.proofs.back_link import links_back
from claims.proofs.safe_fetch import PageRefused, fetch_page


def verify_links(researcher_id: int) -> None:
    """Fetch the pages of an owner's links, outside any transaction, and store which of them link back."""
    page = OwnerPage.objects.filter(researcher=researcher_id).first()
    if page is None:
        return
    found = {link["url"]: is_back_link(link["url"], researcher_id) for link in page.links}
    with transaction.atomic():
        lock_record(researcher_id)
        page.refresh_from_db(fields=["links"])
        page.links = [{**link, "verified": found.get(link["url"], link["verified"])} for link in page.links]
        page.save(update_fields=["links"])


def is_back_link(url: str, researcher_id: int) -> bool:
    """Whether a page can be had and links back."""
    try:
        page = fetch_page(url)
    except PageRefused:
        return False
    return links_back(page.text, page.url, settings.SITE_URL, researcher_id)

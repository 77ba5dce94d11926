"""A link back with rel="me", from a page of the claimant's to the record. Pure."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from profiles.public_ids import decode_public_id


class MeLinks(HTMLParser):
    """Collects the targets of `<a>` and `<link>` whose rel holds `me`."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link; a `<base>` changes what relative ones mean."""
        values = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = values.get("href", "")
        elif tag in {"a", "link"} and "me" in values.get("rel", "").lower().split():
            self.targets.append(values.get("href", ""))


def links_back(html: str, page_url: str, site_url: str, researcher_id: int) -> bool:
    """Whether the page links with rel="me" to the record's page on this site, whatever name stands in the address."""
    reader = MeLinks()
    reader.feed(html)
    base = urljoin(page_url, reader.base)
    return any(names_record(base, target.strip(), site_url, researcher_id) for target in reader.targets)


def names_record(base: str, target: str, site_url: str, researcher_id: int) -> bool:
    """Whether a link leads to the record's page on this site."""
    try:
        parts, site = urlsplit(urljoin(base, target)), urlsplit(site_url)
        segments = [segment for segment in parts.path.split("/") if segment]
        same_site = parts.scheme in {"http", "https"} and parts.hostname == site.hostname and parts.port == site.port
        if not same_site or len(segments) != 2 or segments[0] != "authors":
            return False
        return decode_public_id(segments[1].rpartition("-")[2]) == researcher_id
    except ValueError:
        return False

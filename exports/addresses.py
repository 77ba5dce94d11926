"""Where the machine-readable forms of a page lie, and their full addresses."""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from exports.formats import FORMATS
from profiles.models import Researcher
from works.models import Topic, Work


def absolute(path: str) -> str:
    """Return the canonical address of a path: always the site's own, whatever name a request came by."""
    return f"{settings.SITE_URL}{path}"


def doi_addresses(dois: str) -> list[str]:
    """Return the addresses of the DOIs in arXiv's field, which also holds what is none.

    Quoted: old DOIs such as `10.1175/1520-0469(1995)052<2404:DCITAD>2.0.CO;2` hold what no address may.
    """
    return [f"https://doi.org/{quote(doi, safe='/:;()._-~')}" for doi in list_dois(dois)]


def list_dois(dois: str) -> list[str]:
    """Return the DOIs in arXiv's field."""
    return [doi for doi in dois.split() if doi.startswith("10.")]


def export_path(thing: Work | Researcher | Topic, word: str) -> str:
    """Return the path under which a work, or the works of a person or topic, are exported in a format."""
    return f"{thing.get_absolute_url()}export/{word}/"


def json_ld_path(thing: Work | Researcher) -> str:
    """Return the path of the JSON-LD of a work or a researcher."""
    return f"{thing.get_absolute_url()}json-ld/"


def cite_path(work: Work) -> str:
    """Return the path of the page of formatted citations."""
    return reverse("exports:cite", args=[work.arxiv_id])


def media_types() -> dict[str, str]:
    """Media types that a page can be asked for by `Accept`, each with the end of the address that answers it."""
    types = {each.media_type: f"export/{each.word}/" for each in reversed(FORMATS.values())}
    return types | {"application/ld+json": "json-ld/"}

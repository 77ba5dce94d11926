"""Works and profiles as schema.org JSON-LD."""

from collections.abc import Iterable
from typing import Any

from exports.addresses import absolute, doi_addresses, list_dois
from profiles.models import Researcher
from profiles.queries import Affiliation
from works.markup import plain_text
from works.models import Topic, Work
from works.queries import BylineName

CONTEXT = "https://schema.org"
Document = dict[str, Any]


def work_document(work: Work, byline: Iterable[BylineName], topics: Iterable[Topic]) -> Document:
    """Describe a work as a `ScholarlyArticle`, its authors in byline order."""
    document: Document = {
        "@context": CONTEXT,
        "@type": "ScholarlyArticle",
        "@id": absolute(work.get_absolute_url()),
        "url": absolute(work.get_absolute_url()),
        "name": plain_text(work.title),
        "headline": plain_text(work.title)[:110],
        "abstract": plain_text(work.abstract),
        "author": [_author(name) for name in byline],
        "datePublished": (work.first_submitted_at or work.current_version_at).date().isoformat(),
        "dateModified": work.current_version_at.date().isoformat(),
        "identifier": [_identifier("arXiv", work.arxiv_id), *(_identifier("DOI", doi) for doi in list_dois(work.doi))],
        "sameAs": [work.arxiv_url, *doi_addresses(work.doi)],
        "about": [_topic(topic) for topic in topics],
        "version": work.current_version,
        "license": work.license if work.license.startswith("http") else None,
    }
    return {name: value for name, value in document.items() if value not in (None, "", [])}


def profile_document(researcher: Researcher, affiliation: Affiliation | None) -> Document:
    """Describe a profile as a `ProfilePage` about a `Person`; nothing in it is the viewer's."""
    address = absolute(researcher.get_absolute_url())
    person: Document = {
        "@type": "Person",
        "@id": f"{address}#person",
        "url": address,
        "name": researcher.display_name,
        "identifier": _identifier("BZPEER", researcher.public_id),
    }
    if affiliation:
        person["affiliation"] = _organisations(affiliation)
    return {
        "@context": CONTEXT,
        "@type": "ProfilePage",
        "@id": address,
        "url": address,
        "dateCreated": researcher.created_at.date().isoformat(),  # schema.org's context makes a Date of it
        "mainEntity": person,
    }


def _author(name: BylineName) -> Document:
    if not name.url:  # a collaboration, or somebody who has no page
        return {"@type": "Organization" if name.is_collaboration else "Person", "name": name.name}
    address = absolute(name.url)
    return {"@type": "Person", "@id": f"{address}#person", "name": name.name, "url": address}


def _topic(topic: Topic) -> Document:
    address = absolute(topic.get_absolute_url())
    return {"@type": "DefinedTerm", "@id": address, "url": address, "termCode": topic.code, "name": topic.name}


def _organisations(affiliation: Affiliation) -> list[Document]:
    """Describe the institutions that a printed affiliation means, or say what was printed where none is known."""
    known = [
        {
            "@type": "Organization",
            "@id": each.ror_url or absolute(each.get_absolute_url()),
            "url": absolute(each.get_absolute_url()),
            "name": each.name,
        }
        for each in affiliation.institutions
    ]
    return known or [{"@type": "Organization", "name": affiliation.text}]


def _identifier(kind: str, value: str) -> Document:
    return {"@type": "PropertyValue", "propertyID": kind, "value": value}

"""The fields of a record that its owner may set: how each is read, checked and written, as plain JSON values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from claims.errors import ClaimRefused
from claims.models import Evidence, OwnerPage
from claims.models.record import MOST_HIGHLIGHTS
from claims.own.names import read_names, write_names
from claims.proofs.institutions import find_institution
from claims.proofs.safe_fetch import PageRefused, check_url
from profiles.models import Researcher
from profiles.trust_facts import refresh_trust
from works.models import Authorship, Institution, Topic
from works.names import fold

MOST_LINKS = 10
LONGEST_SUMMARY = 200
LONGEST_AFFILIATION = 200
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the log, and the functions that read and write it on a locked record."""

    label: str
    read: Callable[[Researcher], Any]
    write: Callable[[Researcher, Any], None]


def page_of(record: Researcher) -> OwnerPage:
    """Return the owner's page of a record, new where there is none."""
    return OwnerPage.objects.get_or_create(researcher=record)[0]


def set_summary(record: Researcher, value: str) -> None:
    """Store the one line."""
    record.summary = one_line(value, LONGEST_SUMMARY)
    record.save(update_fields=["summary"])


def one_line(text: str, longest: int) -> str:
    """Fold white space; raise `ClaimRefused` when the text is too long."""
    folded = " ".join(text.replace("\0", "").split())
    if len(folded) > longest:
        raise ClaimRefused(f"Please use at most {longest} characters.")
    return folded


def read_collaboration(record: Researcher) -> dict[str, Any]:
    """Return the preference with its topics."""
    page = OwnerPage.objects.filter(researcher=record).first()
    return {"preference": record.collaboration, "topics": page.collaboration_topics if page else []}


def set_collaboration(record: Researcher, value: dict[str, Any]) -> None:
    """Store the preference; topics must be arXiv's."""
    if value["preference"] not in Researcher.Collaboration.values:
        raise ClaimRefused("Choose one of the preferences.")
    topics = list(dict.fromkeys(value["topics"]))[:20]
    if Topic.objects.filter(code__in=topics).count() != len(topics):
        raise ClaimRefused("Topics are arXiv categories, such as cs.LG.")
    record.collaboration = value["preference"]
    record.save(update_fields=["collaboration"])
    page = page_of(record)
    page.collaboration_topics = topics
    page.save(update_fields=["collaboration_topics"])


def read_affiliation(record: Researcher) -> str:
    """Return what the owner states."""
    page = OwnerPage.objects.filter(researcher=record).first()
    return page.affiliation if page else ""


def set_affiliation(record: Researcher, value: str) -> None:
    """Store the affiliation; it is verified when a confirmed address is at the institution of that name."""
    page = page_of(record)
    page.affiliation = one_line(value, LONGEST_AFFILIATION)
    page.save(update_fields=["affiliation"])
    record.affiliation_verified = is_at(record, page.affiliation)
    record.save(update_fields=["affiliation_verified"])


def is_at(record: Researcher, affiliation: str) -> bool:
    """Whether the owner has confirmed an address at an institution that is called so."""
    confirmed = Evidence.objects.filter(
        claim__researcher=record,
        claim__claimant=record.owner_id,
        kind=Evidence.Kind.INSTITUTIONAL_EMAIL,
        status=Evidence.Status.VERIFIED,
    )
    found = [find_institution(address.rpartition("@")[2]) for address in confirmed.values_list("address", flat=True)]
    return bool(affiliation) and any(each is not None and is_called(each, affiliation) for each in found)


def is_called(institution: Institution, name: str) -> bool:
    """Whether an institution has this name, in whatever language, shortened or not."""
    names = {institution.name, *institution.names.values_list("value", flat=True)}
    return fold(name) in {fold(each) for each in names}


def check_affiliation(record: Researcher) -> None:
    """Look again, on a locked record, whether what its owner states is verified: an address was confirmed."""
    verified = is_at(record, read_affiliation(record))
    if verified != record.affiliation_verified:
        record.affiliation_verified = verified
        record.save(update_fields=["affiliation_verified"])
        refresh_trust([record.pk])


def read_links(record: Researcher) -> list[dict[str, Any]]:
    """Return the links."""
    page = OwnerPage.objects.filter(researcher=record).first()
    return page.links if page else []


def set_links(record: Researcher, value: list[dict[str, Any]]) -> None:
    """Store the links; whether they link back is for a worker to see."""
    if len(value) > MOST_LINKS:
        raise ClaimRefused(f"Please give at most {MOST_LINKS} links.")
    page = page_of(record)
    known = {link["url"]: bool(link.get("verified")) for link in page.links}
    page.links = [checked_link(link, known) for link in value]
    page.save(update_fields=["links"])


def checked_link(link: dict[str, Any], known: dict[str, bool]) -> dict[str, Any]:
    """Return a link as it is stored; raise `ClaimRefused` for what is no address of a page."""
    try:
        parts = check_url(link["url"])
    except PageRefused as error:
        raise ClaimRefused(f"{link['url']}: {error}") from error
    label = one_line(link.get("label") or parts.hostname or "", LONGEST_LABEL)
    return {"url": link["url"], "label": label, "verified": known.get(link["url"], False)}


def read_highlights(record: Researcher) -> list[int]:
    """Return the ids of the highlighted works."""
    page = OwnerPage.objects.filter(researcher=record).first()
    return page.highlights if page else []


def set_highlights(record: Researcher, value: list[int]) -> None:
    """Store up to five works of the record."""
    wanted = list(dict.fromkeys(value))
    if len(wanted) > MOST_HIGHLIGHTS:
        raise ClaimRefused(f"Please highlight at most {MOST_HIGHLIGHTS} works.")
    held = Authorship.objects.filter(researcher=record, work__in=wanted, work__hidden=False)
    if held.values("work").distinct().count() != len(wanted):
        raise ClaimRefused("Only works of this record can be highlighted.")
    page = page_of(record)
    page.highlights = wanted
    page.save(update_fields=["highlights"])


def read_confirmed(record: Researcher) -> str | None:
    """Return when the owner confirmed the record."""
    return record.confirmed_at.isoformat() if record.confirmed_at else None


def set_confirmed(record: Researcher, value: str | None) -> None:
    """Store when the owner confirmed the record (ISO 8601, UTC)."""
    Researcher.objects.filter(pk=record.pk).update(confirmed_at=value)
    record.refresh_from_db(fields=["confirmed_at"])


FIELDS = {
    "summary": Field("One-line summary", lambda record: record.summary, set_summary),
    "names": Field("Names", read_names, write_names),
    "affiliation": Field("Affiliation", read_affiliation, set_affiliation),
    "links": Field("Links", read_links, set_links),
    "highlights": Field("Highlights", read_highlights, set_highlights),
    "collaboration": Field("Collaboration preference", read_collaboration, set_collaboration),
    "confirmed": Field("Record confirmed", read_confirmed, set_confirmed),
}

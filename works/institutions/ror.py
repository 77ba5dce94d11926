"""Pure reading of the Research Organization Registry's records: JSON in, frozen values out.

Takes the registry's own dump (schema 2, https://ror.readme.io/docs/ror-data-structure) and flat records with
`id, name, aliases, status, country, city, domains, website`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LONGEST_NAME = 500  # characters; the longest of 51,370 organisations has 207
_ROR_ID = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}", re.ASCII)
_KINDS = {"ror_display": "name", "label": "label", "alias": "alias", "acronym": "acronym"}
_RELATIONS = {"parent", "successor"}
_STATUSES = {"active", "inactive", "withdrawn"}


class UnreadableOrganisation(ValueError):
    """A record that is no organisation of the registry; says in words why."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation; `names` are pairs of kind and text, `relations` pairs of kind and the other's ROR id."""

    ror_id: str
    name: str
    names: tuple[tuple[str, str], ...]
    country_code: str
    city: str
    status: str
    website: str
    domains: tuple[str, ...]
    types: tuple[str, ...]
    relations: tuple[tuple[str, str], ...]


def read_organisation(record: Any) -> Organisation:
    """Read one record of either shape; raise UnreadableOrganisation."""
    if not isinstance(record, dict):
        raise UnreadableOrganisation("it is no JSON object")
    try:
        return _read_registry(record) if "names" in record else _read_flat(record)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise UnreadableOrganisation(f"it has another shape: {error!r}") from error


def bare_ror_id(text: str) -> str:
    """The nine characters of a ROR id, given alone or as an address; raise UnreadableOrganisation."""
    found = text.rpartition("/")[2]
    if _ROR_ID.fullmatch(found) is None:
        raise UnreadableOrganisation(f"{text[:80]!r} is no ROR id")
    return found


def _read_registry(record: dict[str, Any]) -> Organisation:
    names = [(_kind_of(name["types"]), name["value"]) for name in record["names"]]
    display = next((value for kind, value in names if kind == "name"), names[0][1])
    place = record["locations"][0]["geonames_details"] if record["locations"] else {}
    websites = [link["value"] for link in record.get("links", ()) if link["type"] == "website"]
    relations = [(relation["type"].lower(), relation["id"]) for relation in record.get("relationships", ())]
    return _assemble(
        record,
        name=display,
        names=names,
        country=place.get("country_code") or "",
        city=place.get("name") or "",
        website=websites[0] if websites else "",
        relations=[(kind, bare_ror_id(other)) for kind, other in relations if kind in _RELATIONS],
    )


def _read_flat(record: dict[str, Any]) -> Organisation:
    """Aliases come without their kinds here: a short one in capitals counts as an acronym."""
    aliases = [("acronym" if looks_like_acronym(alias) else "alias", alias) for alias in record.get("aliases") or ()]
    return _assemble(
        record,
        name=record["name"],
        names=[("name", record["name"]), *aliases],
        country=record.get("country") or "",
        city=record.get("city") or "",
        website=record.get("website") or "",
        relations=[],
    )


def _assemble(
    record: dict[str, Any],
    *,
    name: str,
    names: Iterable[tuple[str, str]],
    country: str,
    city: str,
    website: str,
    relations: list[tuple[str, str]],
) -> Organisation:
    ror_id, display, status = bare_ror_id(record["id"]), _one_line(name), record["status"]
    if not display:
        raise UnreadableOrganisation("it has no name")
    if status not in _STATUSES:
        raise UnreadableOrganisation(f"its status is {status!r}")
    if country and re.fullmatch(r"[A-Z]{2}", country) is None:
        raise UnreadableOrganisation(f"its country is {country!r}")
    tidy = ((kind, _one_line(value)) for kind, value in names)
    return Organisation(
        ror_id=ror_id,
        name=display,
        names=tuple(dict.fromkeys((kind, value) for kind, value in tidy if value)),
        country_code=country,
        city=_one_line(city)[:200],
        status=status,
        website=_one_line(website),
        domains=tuple(sorted({domain.lower()[:253] for domain in record.get("domains") or ()})),
        types=tuple(sorted({kind.lower()[:24] for kind in record.get("types") or ()})),
        relations=tuple(sorted({(kind, other) for kind, other in relations if other != ror_id})),
    )


def looks_like_acronym(text: str) -> bool:
    """Whether a name is one word of at most ten letters, most of them capitals."""
    capitals = sum(letter.isupper() for letter in text)
    return len(text) <= 10 and " " not in text and capitals >= 2 and 2 * capitals > len(text)


def _kind_of(types: list[str]) -> str:
    return next((kind for said, kind in _KINDS.items() if said in types), "alias")


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:LONGEST_NAME]

"""A registry of a few organisations, made up, in the shape of the registry's own dump."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from works.institutions.load import RorImport, import_organisations


def make_organisation(ror_id: str, name: str, **fields: Any) -> dict[str, Any]:
    """One record of schema 2; `aliases`, `acronyms` and `parents` (ROR ids) are lists."""
    names = [
        {"value": name, "types": ["ror_display", "label"], "lang": "en"},
        *({"value": alias, "types": ["alias"], "lang": None} for alias in fields.get("aliases", ())),
        *({"value": acronym, "types": ["acronym"], "lang": None} for acronym in fields.get("acronyms", ())),
    ]
    parents = [{"type": "parent", "id": f"https://ror.org/{other}", "label": ""} for other in fields.get("parents", ())]
    return {
        "id": f"https://ror.org/{ror_id}",
        "names": names,
        "locations": [
            {
                "geonames_id": 1,
                "geonames_details": {"country_code": fields.get("country", "GB"), "name": fields.get("city", "Exton")},
            }
        ],
        "links": [{"type": "wikipedia", "value": "x"}, {"type": "website", "value": "https://uni.example.org"}],
        "domains": fields.get("domains", []),
        "types": ["education"],
        "status": fields.get("status", "active"),
        "relationships": [*parents, {"type": "related", "id": "https://ror.org/012345678", "label": ""}],
    }


EXTON = make_organisation("01aaaaa11", "University of Exton", aliases=["Exton College"], acronyms=["UEX"])
ACADEMY = make_organisation("01aaaaa22", "Wye Academy of Sciences", country="HU", city="Wye")
INSTITUTE = make_organisation(
    "01aaaaa33", "Institute of Physics", country="HU", city="Wye", parents=["01aaaaa22"], acronyms=["IOP"]
)
NORTH_US = make_organisation("01aaaaa44", "Northern University", country="US", city="Ipswich")
NORTH_CN = make_organisation("01aaaaa55", "Northern University", country="CN", city="Shenyang")
REGISTRY = [EXTON, ACADEMY, INSTITUTE, NORTH_US, NORTH_CN]


def import_registry(records: Sequence[dict[str, Any]] = REGISTRY) -> RorImport:
    return import_organisations(records)


def write_registry(path: Path, records: Sequence[dict[str, Any]] = REGISTRY) -> Path:
    path.write_text(json.dumps(list(records), indent=2), "utf-8")
    return path

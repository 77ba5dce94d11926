"""CSL-JSON, which citation processors read (schema: csl-data 1.0)."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from exports.citations.records import CitedName, CitedWork, one_line


def write_csl_json(works: Iterable[CitedWork]) -> Iterator[str]:
    """Yield one JSON array, an item at a time."""
    separator = "["
    for work in works:
        yield f"{separator}\n{json.dumps(csl_item(work), ensure_ascii=False)}"
        separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


def csl_item(work: CitedWork) -> dict[str, Any]:
    """One work as a CSL item; formulas are readable characters, since CSL knows no TeX."""
    item: dict[str, Any] = {
        "id": work.key,
        "type": "article",
        "title": work.plain_title,
        "author": [_name(name) for name in work.authors],
        "issued": {"date-parts": [[work.issued.year, work.issued.month, work.issued.day]]},
        "publisher": "arXiv",
        "number": f"arXiv:{work.arxiv_id}",
        "archive": "arXiv",
        "archive_location": work.arxiv_id,
        "URL": work.url,
    }
    if work.and_others:
        item["author"].append({"literal": "others"})
    notes = [f"Published in {one_line(work.journal_ref)}"] if work.journal_ref else []
    notes += ["Withdrawn by its authors"] if work.withdrawn else []
    optional = {"DOI": work.doi, "note": "; ".join(notes), "abstract": work.plain_abstract}
    return item | {name: value for name, value in optional.items() if value}


def _name(name: CitedName) -> dict[str, str]:
    if name.is_collaboration or not name.given:
        return {"literal": " ".join(filter(None, [name.full_family, name.suffix]))}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}

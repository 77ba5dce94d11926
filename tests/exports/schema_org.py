"""schema.org by its own vocabulary, which `requirements/browser.py dev` fetches, for tests to hold our JSON-LD against.

schema.org makes the context that documents name from the same vocabulary. `context` does it by the rule that its
published context shows: a property that takes no text is a link where it takes a URL, and a Date where it takes one.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld

VOCABULARY = Path(__file__).resolve().parents[2] / "var" / "schema.nq"
SCHEMA = "http://schema.org/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LITERALS = {
    "http://www.w3.org/2001/XMLSchema#string": {"Text"},
    "http://www.w3.org/2001/XMLSchema#integer": {"Integer", "Number"},
    f"{SCHEMA}Date": {"Date"},
}
_LINE = re.compile(rf"<{SCHEMA}(\w+)> <\S*[/#](domainIncludes|rangeIncludes|subClassOf)> <{SCHEMA}(\w+)> ")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Of each property the classes that may have it and those of its values; of each class those right above it."""

    domains: dict[str, set[str]]
    ranges: dict[str, set[str]]
    parents: dict[str, set[str]]

    def with_ancestors(self, classes: set[str]) -> set[str]:
        """Return the classes and all that they are kinds of."""
        found = set(classes)
        while more := {parent for each in found for parent in self.parents.get(each, ())} - found:
            found |= more
        return found


@cache
def read_vocabulary() -> Vocabulary:
    """Read the vocabulary as schema.org publishes it."""
    assert VOCABULARY.exists(), "schema.org's vocabulary could not be fetched: `python requirements/browser.py dev`"
    facts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for line in VOCABULARY.read_text(encoding="utf-8").splitlines():
        if match := _LINE.match(line):
            facts[match[2]][match[1]].add(match[3])
    return Vocabulary(facts["domainIncludes"], facts["rangeIncludes"], facts["subClassOf"])


@cache
def context() -> dict[str, Any]:
    """Return the context that schema.org makes of its vocabulary."""
    made: dict[str, Any] = {"@vocab": SCHEMA, "id": "@id", "type": "@type"}
    for name, ranges in read_vocabulary().ranges.items():
        if "Text" not in ranges and ranges & {"URL", "Date"}:
            made[name] = {"@id": f"{SCHEMA}{name}", "@type": "@id" if "URL" in ranges else f"{SCHEMA}Date"}
    return {"@context": made}


def load_context(url: str, options: object) -> dict[str, Any]:
    """Give pyld the context of schema.org, the only one that we name."""
    assert url == "https://schema.org"
    return {"contextUrl": None, "documentUrl": url, "document": context()}


def to_quads(document: object) -> list[dict[str, dict[str, str]]]:
    """Read a document with pyld as RDF, each node with its type and value."""
    quads: list[dict[str, dict[str, str]]] = jsonld.to_rdf(document, {"documentLoader": load_context})["@default"]
    return quads


def list_faults(document: object) -> list[str]:
    """Say what schema.org's vocabulary does not know or allow in a document, and what is no full address."""
    quads = to_quads(document)
    types: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad["predicate"]["value"] == TYPE:
            types[quad["subject"]["value"]].add(quad["object"]["value"].removeprefix(SCHEMA))
    return [fault for quad in quads for fault in _faults_of(quad, types)]


def _faults_of(quad: dict[str, dict[str, str]], types: dict[str, set[str]]) -> list[str]:
    vocabulary = read_vocabulary()
    subject, predicate, value = (quad[part]["value"] for part in ("subject", "predicate", "object"))
    faults = [f"no address: {each['value']}" for each in quad.values() if each["type"] == "IRI" and not _is_full(each)]
    if predicate == TYPE:
        return faults if value.removeprefix(SCHEMA) in vocabulary.parents else [*faults, f"no class: {value}"]
    name = predicate.removeprefix(SCHEMA)
    if not vocabulary.with_ancestors(types[subject]) & vocabulary.domains.get(name, set()):
        faults.append(f"{sorted(types[subject])} has no {name}")
    if not _kinds(quad["object"], types) & vocabulary.ranges.get(name, set()):
        faults.append(f"{name} is no {sorted(_kinds(quad['object'], types))}: {value}")
    return faults


def _is_full(node: dict[str, str]) -> bool:
    return re.fullmatch(r'https?://[^\s/<>"{}|\\^`]+[^\s<>"{}|\\^`]*', node["value"]) is not None


def _kinds(node: dict[str, str], types: dict[str, set[str]]) -> set[str]:
    """Return what a value is: an address and the classes of what it names, or the data types of a literal."""
    if node["type"] == "literal":
        return LITERALS.get(node["datatype"], set())
    return read_vocabulary().with_ancestors(types.get(node["value"], set())) | {"URL"}

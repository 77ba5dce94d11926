"""The arrows between the rooms point one way: works ← profiles ← claims ← collaboration; graph reads all of them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("accounts", "works", "profiles", "claims", "collaboration", "graph", "search", "exports", "bzpeer")
# What each room may import besides itself. `bzpeer` is the project: it may import everything, and offers only these:
OFFERED_BY_PROJECT = {"bzpeer", "bzpeer.celery"}
MAY_IMPORT = {
    "accounts": set(),
    "works": {"accounts"},
    "profiles": {"accounts", "works"},
    "claims": {"accounts", "works", "profiles"},
    "collaboration": {"accounts", "works", "profiles", "claims"},
    "graph": {"accounts", "works", "profiles", "claims"},
    "search": {"accounts", "works", "profiles", "claims"},
    "exports": {"accounts", "works", "profiles", "claims"},
    "bzpeer": {"accounts", "works", "profiles", "claims", "collaboration", "graph", "search", "exports"},
}
# Pure code: no database, no settings, no web.
PURE = [
    "works/names.py",
    "works/name_parts.py",
    "works/taxonomy.py",
    "works/position.py",
    "works/year_chart.py",
    "works/arxiv/parse.py",
    "works/arxiv/prepare.py",
    "works/arxiv/records.py",
    "works/arxiv/snapshot.py",
    "works/arxiv/texts.py",
    "works/arxiv/xml_page.py",
    "works/arxiv/atom.py",
    "works/arxiv/atom_client.py",
    "works/arxiv/author_line.py",
    "works/arxiv/line_items.py",
    "works/arxiv/collaboration.py",
    "works/arxiv/tex_text.py",
    "works/arxiv/politeness.py",
    "works/arxiv/dublin_core.py",
    "works/arxiv/errors.py",
    "works/arxiv/client.py",
    "graph/layout.py",
    "works/institutions/affiliation_text.py",
    "works/institutions/dump.py",
    "works/institutions/index.py",
    "works/institutions/match.py",
    "works/institutions/places.py",
    "works/institutions/ror.py",
    "works/institutions/words.py",
    "profiles/trust.py",
    "profiles/public_ids.py",
    "profiles/identity/resolve.py",
    "profiles/identity/nodes.py",
    "profiles/identity/people.py",
    "profiles/identity/block_background.py",
    "profiles/identity/term_counts.py",
    "profiles/identity/constraints.py",
    "profiles/identity/placement.py",
    "profiles/cohesion.py",
    "profiles/resemblance.py",
    "profiles/identity/__main__.py",
    "profiles/identity/blocks.py",
    "profiles/identity/clustering.py",
    "profiles/identity/clusters.py",
    "profiles/identity/coauthors.py",
    "profiles/identity/confidence.py",
    "profiles/identity/bindings.py",
    "profiles/identity/corpus.py",
    "profiles/identity/evidence.py",
    "profiles/identity/explanation.py",
    "profiles/identity/links.py",
    "profiles/identity/mentions.py",
    "profiles/identity/name_counts.py",
    "profiles/identity/name_forms.py",
    "profiles/identity/names_compat.py",
    "profiles/identity/nicknames.py",
    "profiles/identity/scoring.py",
    "exports/citations/records.py",
    "exports/citations/tex.py",
    "exports/citations/entries.py",
    "exports/citations/bibtex.py",
    "exports/citations/biblatex.py",
    "exports/citations/ris.py",
    "exports/citations/csl_json.py",
    "exports/citations/formatted.py",
    "search/identifiers.py",
    "search/name_match.py",
    "search/results.py",
]


def imported_modules(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add("." * node.level + (node.module or ""))
    return modules


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def wrong_imports(room: str, path: Path) -> set[str]:
    rooms = {module for module in imported_modules(path) if module.partition(".")[0] in ROOMS}
    allowed = MAY_IMPORT[room] | {room}
    return {
        module
        for module in rooms
        if module.partition(".")[0] not in allowed and not (room != "bzpeer" and module in OFFERED_BY_PROJECT)
    }


@pytest.mark.parametrize("room", [room for room in ROOMS if (ROOT / room).is_dir()])
def test_imports_point_one_way(room: str) -> None:
    wrong = {str(path.relative_to(ROOT)): found for path in sources(room) if (found := wrong_imports(room, path))}
    assert wrong == {}


@pytest.mark.parametrize("name", PURE)
def test_pure_code_imports_no_django(name: str) -> None:
    assert {module.partition(".")[0] for module in imported_modules(ROOT / name)}.isdisjoint({"django", "celery"})


def test_no_relative_imports_and_no_catch_all_modules() -> None:
    files = [path for room in ROOMS for path in sources(room)]
    assert [path for path in files if any(module.startswith(".") for module in imported_modules(path))] == []
    assert [path for path in files if path.stem in {"utils", "helpers", "common", "misc"}] == []


def test_the_check_sees_a_wrong_arrow(tmp_path: Path) -> None:
    path = tmp_path / "views.py"
    path.write_text("from profiles.models import Researcher\nimport graph.queries\nimport bzpeer.settings\n")
    assert wrong_imports("works", path) == {"profiles.models", "graph.queries", "bzpeer.settings"}

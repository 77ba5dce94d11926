"""Reading the registry's dump, in every shape, whole and broken."""

import gzip
import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.works.institutions.labelled import REGISTRY as REAL_REGISTRY
from tests.works.institutions.registry import EXTON, INSTITUTE, REGISTRY
from tests.works.shared_data import needs_shared_data
from works.institutions import dump
from works.institutions.dump import UnreadableDump, read_dump
from works.institutions.ror import Organisation, UnreadableOrganisation, looks_like_acronym, read_organisation


def test_what_a_record_of_the_registry_says() -> None:
    found = read_organisation(INSTITUTE)
    assert (found.ror_id, found.name, found.country_code, found.city) == (
        "01aaaaa33",
        "Institute of Physics",
        "HU",
        "Wye",
    )
    assert found.names == (("name", "Institute of Physics"), ("acronym", "IOP"))
    assert found.relations == (("parent", "01aaaaa22"),)
    assert (found.website, found.status, found.types) == ("https://uni.example.org", "active", ("education",))


def test_the_flat_shape() -> None:
    found = read_organisation(
        {"id": "https://ror.org/01aaaaa11", "name": "University  of Exton", "aliases": ["UEX", "Exton College"],
         "status": "inactive", "country": "GB", "city": "Exton", "domains": ["EX.ac.uk"], "types": ["Education"]}
    )  # fmt: skip
    assert found.names == (("name", "University of Exton"), ("acronym", "UEX"), ("alias", "Exton College"))
    assert (found.domains, found.types, found.status, found.website) == (("ex.ac.uk",), ("education",), "inactive", "")


@pytest.mark.parametrize(
    ("text", "expected"), [("UEX", True), ("UPMC", True), ("Google", False), ("UC Berkeley", False)]
)
def test_what_looks_like_an_acronym(text: str, expected: bool) -> None:
    assert looks_like_acronym(text) is expected


@pytest.mark.parametrize(
    "change",
    [{"id": "https://ror.org/x"}, {"status": "gone"}, {"names": []}, {"names": None}, {"locations": [3]}, {"id": None}],
)
def test_what_is_no_organisation_says_so(change: dict[str, Any]) -> None:
    with pytest.raises(UnreadableOrganisation):
        read_organisation(EXTON | change)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*EXTON, "name", "types"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(json_values, st.dictionaries(st.sampled_from([*EXTON]), json_values, max_size=3))
def test_no_json_raises_anything_but_its_error(value: Any, changes: dict[str, Any]) -> None:
    for record in (value, EXTON | changes):
        with suppress(UnreadableOrganisation):
            assert isinstance(read_organisation(record), Organisation)


def files(folder: Path) -> list[Path]:
    array, lines = json.dumps(REGISTRY, indent=1), "\n".join(map(json.dumps, REGISTRY))
    (folder / "a.json").write_text(f"\ufeff{array}", "utf-8")
    (folder / "b.jsonl").write_text(lines, "utf-8")
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    with zipfile.ZipFile(folder / "d.zip", "w") as archive:
        archive.writestr("readme.txt", "no")
        archive.writestr("v1-ror-data.json", "[]")
        archive.writestr("v1-ror-data_schema_v2.json", array)
    return sorted(folder.iterdir())


def test_every_file_holds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "_CHUNK", 100)  # so that every record lies across several reads
    paths = files(tmp_path)
    assert len(paths) == 4
    for path in paths:
        assert list(read_dump(path)) == REGISTRY, path


@pytest.mark.parametrize("body", ["[{}, {", '{"a":', "[", "nonsense"])
def test_a_file_that_ends_early_or_is_no_dump_says_so(tmp_path: Path, body: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(body)
    with pytest.raises(UnreadableDump):
        list(read_dump(path))


@pytest.mark.parametrize("name", ["a.zip", "a.json.gz", "missing.json"])
def test_a_file_of_another_kind_says_so(tmp_path: Path, name: str) -> None:
    if not name.startswith("missing"):
        (tmp_path / name).write_bytes(b"\x1f\x8b no archive")
    with pytest.raises(UnreadableDump):
        list(read_dump(tmp_path / name))


@needs_shared_data
def test_every_real_organisation_is_read() -> None:
    found = [read_organisation(record) for record in read_dump(REAL_REGISTRY)]
    assert len(found) == len({organisation.ror_id for organisation in found}) == 51_370

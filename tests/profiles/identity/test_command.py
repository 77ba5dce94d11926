"""`python -m profiles.identity cluster`: files in, files out, no Django, no labels."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from profiles.identity.__main__ import main
from profiles.identity.mentions import read_mentions

Row = dict[str, Any]
ROWS: list[Row] = [
    {"id": "a", "work": "1", "name": "Ada Lovelace", "coauthors": ["Charles Babbage"], "title": "Notes", "year": 1843},
    {
        "id": "b",
        "work": "2",
        "name": "A. Lovelace",
        "coauthors": ["Charles Babbage"],
        "title": "More notes",
        "year": 1844,
    },
    {"id": "c", "work": "2", "name": "Charles Babbage", "coauthors": ["A. Lovelace"], "title": "More notes"},
]


def run(source: Path, target: Path) -> list[Row]:
    assert main(["cluster", str(source), str(target)]) == 0
    return [json.loads(line) for line in target.read_text().splitlines()]


def as_lines(rows: list[Row]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_every_mention_gets_a_cluster_and_a_confidence(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(as_lines(ROWS))
    rows = run(source, tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert rows[2]["cluster"] not in {rows[0]["cluster"], rows[1]["cluster"]}
    assert all(set(row) == {"id", "cluster", "confidence"} and 0 <= row["confidence"] <= 1 for row in rows)


def test_labels_are_not_read_and_gzip_is(tmp_path: Path) -> None:
    plain, labelled = tmp_path / "in.jsonl", tmp_path / "in.jsonl.gz"
    plain.write_text(as_lines(ROWS))
    with gzip.open(labelled, "wt") as out:
        out.write(as_lines([row | {"person": number} for number, row in enumerate(ROWS)]))
    assert run(plain, tmp_path / "1.jsonl") == run(labelled, tmp_path / "2.jsonl")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: "),
        ("[]", "line 2: not a JSON object"),
        ('{"id": "x", "name": "Ada"}', "line 2: 'work' must be text and not empty"),
        ('{"id": "x", "work": "9", "name": " "}', "line 2: 'name' must be text and not empty"),
        ('{"id": "x", "work": "9", "name": "Ada", "coauthors": "Bob"}', "line 2: 'coauthors' must be a list of texts"),
        ('{"id": "x", "work": "9", "name": "Ada", "year": [1]}', "line 2: 'year' must be a number"),
        ('{"id": "a", "work": "9", "name": "Ada"}', "line 2: the id 'a' came before"),
    ],
)
def test_a_bad_line_is_told_and_nothing_written(tmp_path: Path, capsys, line: str, message: str) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(as_lines(ROWS[:1]) + line + "\n")
    assert main(["cluster", str(source), str(target)]) == 1
    assert message in capsys.readouterr().err
    assert not target.exists()


def test_a_missing_file_is_told(tmp_path: Path, capsys) -> None:
    assert main(["cluster", str(tmp_path / "absent.jsonl"), str(tmp_path / "out.jsonl")]) == 1
    assert "absent.jsonl" in capsys.readouterr().err


def test_an_empty_file_has_no_clusters(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("\n")
    assert run(tmp_path / "in.jsonl", tmp_path / "out.jsonl") == []


def test_what_says_nothing_is_passed_over(tmp_path: Path) -> None:
    bare, said = tmp_path / "bare.jsonl", tmp_path / "said.jsonl"
    unsaid = dict.fromkeys(("title", "abstract", "venue", "affiliation", "year", "categories"))
    bare.write_text(as_lines([{"id": "a", "work": 1, "name": "Ada Lovelace", "coauthors": ["C. Babbage"]}]))
    said.write_text("\ufeff" + as_lines([unsaid | {"id": "a", "work": 1, "name": "Ada Lovelace", "coauthors": [None]}]))
    assert run(bare, tmp_path / "1.jsonl") == run(said, tmp_path / "2.jsonl")


def test_a_year_written_with_a_point_is_a_year() -> None:
    assert next(read_mentions(['{"id": "a", "work": "1", "name": "Ada", "year": 1843.0}'])).year == 1843


def test_half_a_surrogate_pair_comes_through(tmp_path: Path) -> None:
    row = ROWS[0] | {"id": "\udc80", "name": "Ada \ud800", "title": "\udfff b"}
    (tmp_path / "in.jsonl").write_text(as_lines([row]))
    assert [row["id"] for row in run(tmp_path / "in.jsonl", tmp_path / "out.jsonl")] == ["\udc80"]


def test_a_file_cut_short_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(as_lines(ROWS).encode())[:-20])
    assert main(["cluster", str(tmp_path / "in.jsonl.gz"), str(tmp_path / "out.jsonl")]) == 1
    assert "in.jsonl.gz" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def test_the_command_loads_no_django(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(as_lines(ROWS))
    code = (
        "import sys; from profiles.identity.__main__ import main;"
        f"main(['cluster', {str(tmp_path / 'in.jsonl')!r}, {str(tmp_path / 'out.jsonl')!r}]);"
        "sys.exit('django' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0

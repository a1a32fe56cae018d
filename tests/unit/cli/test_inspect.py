"""`vsm-gate inspect`: what it prints, for people and as a public format."""

from __future__ import annotations

from pathlib import Path

from tests.support import schemas
from tests.support.cli import Done, run
from tests.support.reports import cobertura, junit
from tests.support.repository import clean_environment

DATA = Path(__file__).parents[2] / "data"


def inspect(folder: Path, *arguments: str) -> Done:
    return run("inspect", *arguments, folder=folder, environment=clean_environment(folder))


def fixtures(kind: str) -> list[str]:
    sides = sorted(DATA.glob(f"*/{kind}/*.expected.json"))
    return [str(side).removesuffix(".expected.json") for side in sides]


def test_every_format_fits_the_published_schema(tmp_path: Path) -> None:
    done = inspect(tmp_path, "--format", "json", *fixtures("accept"))
    assert done.exit_code == 0, [each for each in done.json()["files"] if "error" in each]
    schemas.validate("inspect-v1", done.json())


def test_what_cannot_be_read_is_shown_beside_what_can(tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_text(junit(["test_a"]), "utf-8")
    done = inspect(tmp_path, "--format", "json", *fixtures("reject"), "good.xml", "none.xml")
    assert done.exit_code == 3
    schemas.validate("inspect-v1", done.json())
    *_, good, none = done.json()["files"]
    assert good["tests"]["passed"] == 1
    assert none["error"] == {
        "line": None,
        "column": None,
        "reason": "it cannot be read: No such file or directory",
    }


def test_the_table_for_people(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(junit(["test_a"]), "utf-8")
    (tmp_path / "b.xml").write_text(cobertura({"src/a.py": {1: 1, 2: 0}}), "utf-8")
    done = inspect(tmp_path, "a.xml", "b.xml")
    assert done.exit_code == 0
    assert "a.xml\n  junit: 1 tests, 1 passed" in done.stdout
    assert "b.xml\n  cobertura: 1 files, lines 1 of 2 (50.0 %)" in done.stdout
    assert done.stdout.count("1 of 2") == 2  # and merged


def test_nothing_in_a_file_or_its_name_commands_the_terminal(tmp_path: Path) -> None:
    name = "a\x1b[2J\n::error::b.xml"
    (tmp_path / name).write_text("<\x1b[2J", "utf-8")
    done = inspect(tmp_path, name)
    assert all(char == "\n" or char.isprintable() for char in done.stdout)
    assert not any(line.startswith("::") for line in done.stdout.splitlines())

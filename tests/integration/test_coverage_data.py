"""coverage.py's data file, read against the sources, says what coverage.py itself reports."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.covered import read, states

from vsm_gate.collect.coverage_data import read_data_file
from vsm_gate.model.coverage import CoverageReport, Ratio
from vsm_gate.model.evidence import Unreadable

SOURCES = {
    "src/till/__init__.py": "",
    "src/till/basket.py": (
        "def price(items, voucher=None):\n    total = 0\n    for item in items:\n"
        "        if item < 0:\n            raise ValueError(item)\n        total += item\n"
        "    if voucher and total > 10:\n        total -= voucher\n    return total\n\n\n"
        "def later():\n    raise NotImplementedError\n\n\n"
        "def never():\n    return 7  # pragma: no cover\n"
    ),
    "src/till/unused.py": "RATE = 1\n",
    "src/till/left_out.py": "RATE = 2\n",
    "run.py": (
        "import sys\nsys.path.insert(0, 'src')\nfrom till import basket, left_out\n"
        "basket.price([1, 2])\nbasket.price([20], voucher=5)\n"
    ),
    "pyproject.toml": (
        "[tool.coverage.run]\nbranch = true\nsource = ['src']\n"
        "[tool.coverage.report]\nexclude_also = ['raise NotImplementedError']\n"
        "omit = ['src/till/left_out.py']\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose program ran under coverage.py."""
    root = tmp_path / "project"
    for name, text in SOURCES.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    coverage(root, "run", "run.py")
    return root


def coverage(root: Path, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    subprocess.run(
        [sys.executable, "-m", "coverage", *arguments], cwd=root, env=environment, check=True
    )


def data_of(root: Path, wanted: set[str] | None = None) -> CoverageReport:
    found = read_data_file(root / ".coverage", root, wanted)
    assert isinstance(found, CoverageReport), found
    return found


def unreadable(path: Path, root: Path) -> str:
    found = read_data_file(path, root, None)
    assert isinstance(found, Unreadable)
    return found.reason


@pytest.mark.parametrize("name", ["json", "xml", "lcov"])
def test_it_agrees_with_every_report_of_coverage_py(project: Path, name: str) -> None:
    coverage(project, name, "-q", "-o", "report")
    theirs, ours = read((project / "report").read_bytes()), data_of(project)
    assert ours.line_ratio() == theirs.line_ratio()
    assert ours.branch_ratio() == theirs.branch_ratio()
    assert sorted(states(file) for file in ours.files.values()) == sorted(
        states(file) for file in theirs.files.values()
    )


def test_without_branches_it_has_none(project: Path) -> None:
    (project / "pyproject.toml").unlink()
    coverage(project, "erase")
    coverage(project, "run", "--source", "src", "run.py")
    found = data_of(project)
    assert found.branch_ratio() is None
    assert "src/till/left_out.py" in found.files


def test_the_users_file_is_neither_written_nor_locked(project: Path) -> None:
    before = (project / ".coverage").read_bytes()
    (project / ".coverage").chmod(0o400)
    data_of(project)
    assert (project / ".coverage").read_bytes() == before
    assert sorted(path.name for path in project.iterdir()) == [
        ".coverage",
        "pyproject.toml",
        "run.py",
        "src",
    ]


def test_only_what_is_wanted_is_read(project: Path) -> None:
    assert list(data_of(project, {"src/till/unused.py"}).files) == ["src/till/unused.py"]
    assert data_of(project, set()).files == {}


def test_paths_of_another_machine_are_found(project: Path) -> None:
    expected = data_of(project)
    moved = project.rename(project.with_name("elsewhere"))
    found = data_of(moved)
    assert list(found.files) == list(expected.files)
    assert found.line_ratio() == expected.line_ratio()


def test_a_source_that_is_not_there_or_is_no_python_is_said(project: Path) -> None:
    (project / "src/till/unused.py").unlink()
    (project / "src/till/basket.py").write_text("def (:\n", "utf-8")
    found = data_of(project)
    assert list(found.files) == ["src/till/__init__.py"]
    notes = " ".join(found.notes)
    assert "1 sources could not be parsed" in notes
    assert "1 measured sources are not in the checkout" in notes
    assert "unused.py" in notes


def test_without_any_source_it_is_unreadable_and_says_how_to_mend_it(
    project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    reason = unreadable(project / ".coverage", other)
    assert "which lines ran, not which could" in reason
    assert "coverage xml" in reason


def test_sources_outside_the_checkout_are_not_opened(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.py"
    outside.write_text("x = 1\n", "utf-8")
    root = tmp_path / "other"
    root.mkdir()
    (root / "linked.py").symlink_to(outside)
    text = f"import runpy\nrunpy.run_path({str(outside)!r})\nrunpy.run_path('linked.py')\n"
    (root / "own.py").write_text(text, "utf-8")
    coverage(root, "run", "own.py")
    assert list(data_of(root).files) == ["own.py"]


def test_a_source_whose_name_forges_a_record_is_left_out(project: Path) -> None:
    forged = project / "src" / "x\nSF:y\nDA:1,1\n.py"
    forged.write_text("x = 1\n", "utf-8")
    coverage(project, "run", "--append", str(forged))
    assert not any("\n" in path for path in data_of(project).files)


def test_plug_ins_of_the_checkout_are_not_loaded(project: Path) -> None:
    configuration = SOURCES["pyproject.toml"].replace(
        "[tool.coverage.run]", "[tool.coverage.run]\nplugins = ['evil']"
    )
    (project / "pyproject.toml").write_text(configuration, "utf-8")
    (project / "evil.py").write_text("raise SystemExit('loaded')\n", "utf-8")
    assert data_of(project).line_ratio() == Ratio(10, 12)


def test_a_configuration_that_cannot_be_read_is_said(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.coverage\n", "utf-8")
    assert any("default exclusions" in note for note in data_of(project).notes)


def test_what_is_no_data_file_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / ".coverage"
    path.write_bytes(b"SQLite format 3\0 and then nothing")
    assert "no data file of coverage.py" in unreadable(path, tmp_path)
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table other (x)")
    assert "no data file of coverage.py" in unreadable(path, tmp_path)


def test_a_file_that_claims_millions_of_lines_is_refused(project: Path) -> None:
    coverage(project, "erase")
    (project / "pyproject.toml").unlink()
    coverage(project, "run", "--source", "src", "run.py")
    with closing(sqlite3.connect(project / ".coverage")) as database:
        database.execute("update line_bits set numbits = zeroblob(200000)")
        database.commit()
    assert "more than 1000000 lines" in unreadable(project / ".coverage", project)

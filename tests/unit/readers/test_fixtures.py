"""Every format reads what its producers write, refuses what it should, and is told apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vsm_gate.model.coverage import CoverageReport, Ratio
from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import TestReport
from vsm_gate.readers import registry

DATA = Path(__file__).parents[2] / "data"
SUFFIX = ".expected.json"


def fixtures(kind: str) -> list[Any]:
    sides = sorted(DATA.glob(f"*/{kind}/*{SUFFIX}"))
    return [
        pytest.param(
            side.with_name(side.name.removesuffix(SUFFIX)),
            json.loads(side.read_text("utf-8")),
            id=str(side.relative_to(DATA)).removesuffix(SUFFIX),
        )
        for side in sides
    ]


def read(path: Path) -> TestReport | CoverageReport | Unreadable:
    with path.open("rb") as stream:
        return registry.read(path.name, stream)


def described(found: TestReport | CoverageReport) -> dict[str, Any]:
    if isinstance(found, TestReport):
        counts = found.counts()
        names = ("total", "passed", "failed", "errored", "skipped", "flaky")
        tests = {name: getattr(counts, name) for name in names}
        duration = counts.duration_s
        tests["duration_s"] = None if duration is None else round(float(duration), 6)
        return {"kind": "tests", "format": found.format, "tests": tests}
    return {
        "kind": "coverage",
        "format": found.format,
        "coverage": {
            "files": found.file_count(),
            "lines": ratio(found.line_ratio()),
            "branches": ratio(found.branch_ratio()),
        },
    }


def ratio(value: Ratio | None) -> dict[str, int] | None:
    return None if value is None else {"covered": value.covered, "total": value.total}


@pytest.mark.parametrize(("path", "expected"), fixtures("accept"))
def test_accepted(path: Path, expected: dict[str, Any]) -> None:
    found = read(path)
    assert not isinstance(found, Unreadable), found.reason
    got = described(found)
    for section, value in expected.items():
        if isinstance(value, dict):
            assert {key: got[section][key] for key in value} == value
        else:
            assert got[section] == value


@pytest.mark.parametrize(("path", "expected"), fixtures("reject"))
def test_rejected(path: Path, expected: dict[str, Any]) -> None:
    found = read(path)
    assert isinstance(found, Unreadable)
    assert expected["reason contains"] in found.reason
    assert found.line == expected["line"]


@pytest.mark.parametrize("folder", ["accept", "reject"])
@pytest.mark.parametrize("name", [row.name for _, row in registry.formats()])
def test_every_format_has_fixtures(name: str, folder: str) -> None:
    assert list((DATA / name / folder).glob(f"*{SUFFIX}"))


@pytest.mark.parametrize("path", sorted(DATA.glob("*/*/*")), ids=lambda path: path.name)
def test_every_fixture_says_what_is_expected(path: Path) -> None:
    side = path if path.name.endswith(SUFFIX) else path.with_name(path.name + SUFFIX)
    assert side.exists()


def test_a_fixture_is_read_the_same_behind_a_byte_order_mark(tmp_path: Path) -> None:
    for parameters in fixtures("accept"):
        path, _ = parameters.values
        raw = path.read_bytes()
        if not raw.isascii() or raw.startswith(b"SQLite"):
            continue
        marked = tmp_path / path.name
        marked.write_bytes(b"\xef\xbb\xbf" + raw)
        plain, found = read(path), read(marked)
        assert not isinstance(plain, Unreadable)
        assert not isinstance(found, Unreadable), f"{path.name}: {found.reason}"
        assert described(plain) == described(found)

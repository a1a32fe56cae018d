"""Our sums against those that the producers themselves wrote into their reports."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.support.covered import read

from vsm_gate.model.coverage import CoverageReport, Ratio

DATA = Path(__file__).parents[3] / "data"


def fixture(name: str) -> tuple[bytes, CoverageReport]:
    raw = (DATA / name).read_bytes()
    return raw, read(raw)


@pytest.mark.parametrize("name", ["coveragepy-7.6.1.json", "coveragepy-7.17.3.json"])
def test_coverage_py_counts_the_same(name: str) -> None:
    raw, found = fixture(f"coveragepy-json/accept/{name}")
    totals = json.loads(raw)["totals"]
    assert found.line_ratio() == Ratio(totals["covered_lines"], totals["num_statements"])
    assert found.branch_ratio() == Ratio(totals["covered_branches"], totals["num_branches"])


@pytest.mark.parametrize("name", ["coveragepy-7.6.1.xml", "coveragepy-7.17.3.xml", "gcovr-8.4.xml"])
def test_the_root_of_cobertura_counts_the_same(name: str) -> None:
    raw, found = fixture(f"cobertura/accept/{name}")
    root = ET.fromstring(raw)
    for ours, what in ((found.line_ratio(), "lines"), (found.branch_ratio(), "branches")):
        assert ours == Ratio(int(root.attrib[f"{what}-covered"]), int(root.attrib[f"{what}-valid"]))


@pytest.mark.parametrize(
    "name",
    [
        "c8-10.info",
        "coveragepy-7.6.1.lcov",
        "coveragepy-7.17.3.lcov",
        "gcovr-8.4.info",
        "lcov-1.16.info",
        "llvm-cov-14.info",
        "nyc-17.info",
    ],
)
def test_lcov_counts_the_same(name: str) -> None:
    raw, found = fixture(f"lcov/accept/{name}")
    text = raw.decode()
    total, hit = (
        sum(map(int, re.findall(rf"^{key}:(\d+)$", text, re.MULTILINE))) for key in ("LF", "LH")
    )
    assert found.line_ratio() == Ratio(hit, total)


@pytest.mark.parametrize(
    "name",
    [
        "gcovr-json/accept/gcovr-8.4.json",
        "cobertura/accept/gcovr-8.4.xml",
        "lcov/accept/gcovr-8.4.info",
        "sonar-generic/accept/gcovr-8.4.xml",
        "coveralls-json/accept/gcovr-8.4.json",
        "jacoco/accept/gcovr-8.4.xml",
    ],
)
def test_all_that_gcovr_writes_of_one_run_counts_the_same(name: str) -> None:
    _, summary = fixture("gcovr-summary/accept/gcovr-8.4.json")
    _, found = fixture(name)
    assert found.line_ratio() == summary.line_ratio()
    assert found.branch_ratio() == summary.branch_ratio()


@pytest.mark.parametrize("tool", ["nyc-17", "c8-10"])
def test_istanbul_counts_the_same(tool: str) -> None:
    _, summary = fixture(f"istanbul-summary/accept/{tool}.json")
    for name in (f"istanbul-json/accept/{tool}.json", f"lcov/accept/{tool}.info"):
        _, found = fixture(name)
        assert found.line_ratio() == summary.line_ratio()
        assert found.branch_ratio() == summary.branch_ratio()


def test_llvm_counts_the_same_from_segments_from_lcov_and_in_its_summary() -> None:
    _, summary = fixture("llvm-cov/accept/llvm-cov-14-summary.json")
    for name in ("llvm-cov/accept/llvm-cov-14.json", "lcov/accept/llvm-cov-14.info"):
        _, found = fixture(name)
        assert found.line_ratio() == summary.line_ratio()
        assert found.branch_ratio() == summary.branch_ratio()


def test_lcov_and_gcov_agree_on_every_line() -> None:
    _, by_lcov = fixture("lcov/accept/lcov-1.16.info")
    _, by_gcov = fixture("gcov-json/accept/gcc-12.json")
    for name in ("src/till.cpp", "src/till.hpp"):
        assert by_lcov.files[f"/project/{name}"].lines == by_gcov.files[name].lines
        assert by_lcov.files[f"/project/{name}"].branches == by_gcov.files[name].branches

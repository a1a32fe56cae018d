"""Our counts against junitparser's on the same files: equal, or different for a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite

from vsm_gate.model.tests import TestReport
from vsm_gate.readers import registry

FILES: Final = sorted((Path(__file__).parents[2] / "data" / "junit" / "accept").glob("*.xml"))

# junitparser counts elements; docs/counting.md says why we do not.
DIFFERENCES: Final = {
    "attempts.xml": "attempts of one case are one case, flaky if it passed in the end",
    "ctest-4.xml": 'a case with status="disabled" has no <skipped> and did not run',
    "declared-red-only.xml": "failures are declared, and no case holds them: one errored case",
    "node-test.xml": "a failure beside a <skipped> is a failure",
    "red-of-suites.xml": "a suite that could not start is red although it has no case",
    "statuses.xml": "a case can be red or skipped by an attribute alone",
    "testng-attempts.xml": "TestNG writes an attempt that is tried again as skipped",
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_counts_equal_junitparsers_or_the_difference_is_explained(file: Path) -> None:
    with file.open("rb") as stream:
        report = registry.read(file.name, stream)
    assert isinstance(report, TestReport)
    counts = report.counts()
    ours = (counts.total, counts.red, counts.skipped)
    assert (ours != _theirs(file)) is (file.name in DIFFERENCES), (ours, _theirs(file))


def _theirs(file: Path) -> tuple[int, int, int]:
    """Cases, red cases and skipped cases, as junitparser has them."""
    parsed: Any = JUnitXml.fromfile(str(file))
    suites = [parsed] if isinstance(parsed, TestSuite) else list(parsed)
    results = [list(case.result) for suite in suites for case in suite]
    red = sum(any(isinstance(each, Failure | Error) for each in found) for found in results)
    skipped = sum(any(isinstance(each, Skipped) for each in found) for found in results)
    return len(results), red, skipped

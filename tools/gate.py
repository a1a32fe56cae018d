"""The gate on this repository itself: its fast tests, its last change, its own scorecard.

`make gate` runs it. It is what a team would put in a workflow, without the workflow.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

PYTHON = sys.executable
FAST_TESTS = ["tests/unit"]


def main() -> int:
    """Run the tests, judge, record, report. Returns the gate's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"))
    build = parser.parse_args().build
    build.mkdir(exist_ok=True)
    junit, coverage = build / "junit.xml", build / "coverage.xml"
    for stale in (junit, coverage):
        stale.unlink(missing_ok=True)
    print("running the fast tests …", flush=True)
    tests = [PYTHON, "-m", "pytest", "-q", "--no-header", "-n", "auto", *FAST_TESTS]
    tests += [f"--junitxml={junit}", "--cov", f"--cov-report=xml:{coverage}", "--cov-report="]
    quick = {**os.environ, "HYPOTHESIS_PROFILE": "fast"}
    with (build / "tests.log").open("wb") as log:
        code = subprocess.run(tests, env=quick, stdout=log, stderr=log, check=False).returncode
    if code:
        print(f"the tests ended with {code}: see {build / 'tests.log'}", flush=True)
    return check(build) or report(build)


def check(build: Path) -> int:
    """Judge the last change and record it on the local history branch."""
    command = [PYTHON, "-m", "vsm_gate", "check"]
    command += ["--json", os.fspath(build / "result.json")]
    return subprocess.run(command, check=False).returncode


def report(build: Path) -> int:
    """Write the report over all that was recorded, and say where it is."""
    site = build / "report"
    command = [PYTHON, "-m", "vsm_gate", "report", "--out", os.fspath(site)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

"""SARIF, held against the reference validator, with the rules by which code scanning takes it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.results import failing, objective, result

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.model.results import Status
from vsm_gate.publish.sarif import sarif

VALIDATOR = shutil.which("sarif-multitool")

pytestmark = pytest.mark.skipif(
    VALIDATOR is None, reason="the validator is not here: npm install -g @microsoft/sarif-multitool"
)

HOSTILE = "<script>alert(1)</script> [x](javascript:1) @everyone ::error:: \u202e %00 \ud800"


def document() -> str:
    missed = PatchCoverage(1, 4, {"src/a b.py": (range(3, 6),), "größe.py": (range(1, 2),)})
    red = objective("tests-green", "tests.failed", Status.FAIL, key=True)
    cases = failing(30, file="tests/t.py", message=HOSTILE, name="{} " + HOSTILE)
    return sarif(result([red], tests=cases, patch=missed))


def found(text: str, rules: str, folder: Path) -> dict[str, str]:
    """What the validator has to say by these rules: rule → level."""
    given, said = folder / "given.sarif", folder / f"said-{rules}.sarif"
    given.write_text(text)
    assert VALIDATOR
    command = [VALIDATOR, "validate", str(given), "--rule-kind", rules, "--output", str(said)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    [run] = json.loads(said.read_text("utf-8-sig"))["runs"]
    return {each["ruleId"]: each.get("level", "warning") for each in run.get("results", [])}


def test_code_scanning_takes_it(tmp_path: Path) -> None:
    assert "error" not in found(document(), "Ghas", tmp_path).values()
    # of the recommendations one is not followed: the project has no page of its own
    assert set(found(document(), "Sarif", tmp_path)) <= {"SARIF2005"}


def test_the_validator_finds_what_code_scanning_would_refuse(tmp_path: Path) -> None:
    broken = json.loads(document())
    for rule in broken["runs"][0]["tool"]["driver"]["rules"]:
        del rule["help"]
    assert "error" in found(json.dumps(broken), "Ghas", tmp_path).values()

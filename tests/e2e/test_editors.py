"""What an editor makes of scorecards by the published schema."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.support.act import ROOT, find

SCHEMA = ROOT / "docs" / "schemas" / "scorecard-v1.json"
SHIPPED = sorted((ROOT / "scorecards").glob("*.yaml"))


def checked(*files: Path) -> subprocess.CompletedProcess[str]:
    tool = find("check-jsonschema")
    if tool is None:
        pytest.skip("check-jsonschema is not installed (it is on PyPI)")
    command = [str(tool), "--schemafile", str(SCHEMA), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_shipped_scorecard_fits_the_published_schema() -> None:
    assert len(SHIPPED) >= 6
    done = checked(*SHIPPED)
    assert done.returncode == 0, done.stdout


def test_mistakes_are_underlined(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        "schema: vsm-gate/scorecard/v1\n"
        "objectives: {a: {metric: tests.failed, pas: '== 0'}}\n"
        "break_glass: {label: x, allowed: y, review_within: 7}\n"
        "curves: {version: v, lines: {flow.time: [[1h, 100]]}}\n",
        "utf-8",
    )
    done = checked(wrong)
    assert done.returncode == 1
    for place in ("$.objectives.a", "$.break_glass", "$.curves"):
        assert place in done.stdout

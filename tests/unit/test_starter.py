"""What a repository that has no gate yet is given."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from vsm_gate import starter
from vsm_gate.collect.config import parse
from vsm_gate.scorecards.load import load
from vsm_gate.scorecards.policy import Source


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (["pyproject.toml", "web/package.json"], "pytest"),
        (["web/package.json"], "Jest"),
        (["pom.xml"], "Maven"),
        (["app/build.gradle.kts"], "Gradle"),
        (["go.mod"], "Go"),
        (["Cargo.toml"], "Cargo"),
        (["Shop.sln"], "dotnet"),
        (["README.md"], "your test tool"),
        ([], "your test tool"),
    ],
)
def test_the_tool_is_found_by_its_sign(files: list[str], name: str) -> None:
    assert starter.detect(files).name == name


@pytest.mark.parametrize("tool", [tool.sign.replace("*", "x") for tool in starter.TOOLS])
@pytest.mark.parametrize("team", ["payments", 'a "quoted": team\n# and more', "команда"])
def test_what_is_written_can_be_read(tool: str, team: str) -> None:
    tracked = [tool, "services/api/main.py", "services/a b: c/x.py"]
    written = starter.files(tracked, team, "main")
    config = parse(starter.CONFIG, written[starter.CONFIG])
    assert config.team == team
    assert [each.name for each in config.component_list()] == ["a b: c", "api"]
    assert config.scorecard in written
    card = written[config.scorecard or ""]
    shipped = (Path(__file__).parents[2] / "scorecards" / "baseline.yaml").read_text("utf-8")
    policy = load(Source("card", card), lambda _reference, _source: Source("base", shipped))
    assert policy.team == team
    workflow = yaml.safe_load(written[starter.WORKFLOW])
    assert workflow[True]["push"]["branches"] == ["main"]
    assert any("vsm-gate" in step.get("uses", "") for step in workflow["jobs"]["gate"]["steps"])

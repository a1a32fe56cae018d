"""What others' tools say of the action and of the workflows that teams paste."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.support.act import ACTION, ROOT, find
from tests.support.repository import clean_environment

from vsm_gate import starter

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yml"))
PINNED = re.compile(rf"(?:\./|[\w./-]+@[0-9a-f]{{40}} # v\d+\.\d+\.\d+|{ACTION}@v\d+)")


def run(tool: str, *arguments: str | Path, home: Path) -> None:
    """Run a linter; what it has to say is the message."""
    found = find(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed (it is on PyPI)")
    done = subprocess.run(
        [found, *arguments],
        cwd=home,
        env=clean_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_examples() -> None:
    assert "pull-request.yml" in [path.name for path in EXAMPLES]


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    config = ROOT / ".github" / "zizmor.yml"
    files = [ROOT / "action.yml", *EXAMPLES]
    run("zizmor", "--offline", "--no-progress", "--config", config, *files, home=tmp_path)


def test_the_action_fits_its_schema(tmp_path: Path) -> None:
    schema = ("--builtin-schema", "vendor.github-actions")
    run("check-jsonschema", *schema, ROOT / "action.yml", home=tmp_path)


def test_examples_fit_their_schema(tmp_path: Path) -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")
    run("check-jsonschema", *schema, *EXAMPLES, home=tmp_path)


@pytest.mark.parametrize("tool", starter.TOOLS, ids=lambda tool: str(tool.name))
def test_the_first_workflow_of_a_repository_is_as_clean(tmp_path: Path, tool: starter.Tool) -> None:
    sign = tool.sign.replace("*", "x")
    written = starter.files([sign], "payments", "main")[starter.WORKFLOW]
    place = tmp_path / "workflow.yml"
    place.write_text(written, "utf-8")
    config = ROOT / ".github" / "zizmor.yml"
    run("zizmor", "--offline", "--no-progress", "--config", config, place, home=tmp_path)
    schema = ("--builtin-schema", "vendor.github-workflows")
    run("check-jsonschema", *schema, place, home=tmp_path)
    assert tool.run in written


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.stem))
def test_examples_pin_what_they_use(path: Path) -> None:
    used = [
        line.partition("uses:")[2].strip()
        for line in path.read_text("utf-8").splitlines()
        if "uses:" in line
    ]
    assert used
    assert [each for each in used if not PINNED.fullmatch(each)] == []


def test_the_guide_shows_the_example_as_it_is() -> None:
    guide = (ROOT / "docs" / "github.md").read_text("utf-8")
    example = (ROOT / "docs" / "examples" / "pull-request.yml").read_text("utf-8")
    assert example in guide


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_the_guide_has_every_input_and_output(kind: str) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    guide = (ROOT / "docs" / "github.md").read_text("utf-8")
    _, _, rest = guide.partition(f"<!-- {kind} of action.yml -->")
    table = rest.partition("<!-- end -->")[0]
    assert re.findall(r"^\| `([a-z-]+)` \| (\S.+) \|$", table, re.MULTILINE) == [
        (
            name,
            each["description"] + (f" Default: `{each['default']}`." if "default" in each else ""),
        )
        for name, each in action[kind].items()
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.name))
def test_no_gate_can_be_skipped(path: Path) -> None:
    """A job that is skipped counts as a success: a job that judges has no condition of its own."""
    document = yaml.safe_load(path.read_text("utf-8"))
    for job in document["jobs"].values():
        steps = [step for step in job["steps"] if str(step.get("uses")).startswith(ACTION)]
        if any("command" not in step.get("with", {}) for step in steps):
            assert job.get("if") in {None, "${{ always() }}"}

"""Bad input of `vsm-gate check`: each has its message, its exit code, and loses nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support import cli
from tests.support.project import CODE, CONFIG, COVERED, SCORECARD, Reported
from tests.support.reports import junit
from tests.support.repository import Repository


def test_a_declared_report_that_is_absent_is_never_green(project: Reported) -> None:
    project.change()
    project.reports(None, COVERED)
    found = project.result()
    assert found["exit_code"] == 11
    assert found["verdict"] == "inconclusive"
    assert found["problems"] == ["no test report: `build/junit.xml` does not exist"]
    assert "missing" in found["measurements"]["tests.failed"]


def test_a_glob_that_matches_nothing_is_named(project: Reported) -> None:
    found = project.result("--tests", "out/**/*.xml")
    assert found["exit_code"] == 11
    assert found["problems"] == ["no test report: `out/**/*.xml` matches no file"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("<testsuites><testsuite>", "not well-formed"),
        ("<html></html>", "no known report format"),
        ("<testsuites/>", "no test case"),
    ],
)
def test_a_report_that_cannot_be_believed_is_never_green(
    project: Reported, text: str, says: str
) -> None:
    project.change()
    project.reports(text, COVERED)
    found = project.result()
    assert found["exit_code"] == 11
    assert says in found["measurements"]["tests.failed"]["missing"]


def test_red_in_one_report_counts_though_another_is_broken(project: Reported) -> None:
    project.change()
    project.reports(junit([], {"test_refund": "no"}), COVERED)
    project.repository.write("build/other.xml", "<testsuites>")
    found = project.result("--tests", "build/*unit.xml", "--tests", "build/other.xml")
    assert found["exit_code"] == 10
    assert found["measurements"]["tests.failed"]["value"] == 1
    assert "missing" in found["measurements"]["tests.total"]


def test_coverage_of_another_place_says_nothing_of_this_one(project: Reported) -> None:
    project.change()
    project.reports(junit(["test_a"]), {"lib/elsewhere.py": {1: 1}})
    found = project.result()
    assert found["exit_code"] == 11
    assert "lib/elsewhere.py" in found["measurements"]["coverage.line"]["missing"]


def test_ten_mistakes_in_a_scorecard_come_back_at_once(project: Reported) -> None:
    bad = """\
schema: vsm-gate/scorecard/v1
teem: payments
phase: enforced
objectives:
  a: {metric: tests.faild, pass: "== 0"}
  b: {metric: tests.failed, pass: "=> 0"}
  c: {metric: tests.failed, pass: "== 0%"}
  d: {metric: tests.failed, pass: "== 0", weight: heavy}
  e: {metric: tests.failed, pass: "== 0", on_missing: ignore}
  f: {metric: tests.failed, pass: "== 0", enforce_from: soon}
  g: {pass: "== 0"}
  h: {metric: tests.failed, pass: "== 0", kee: true}
"""
    project.repository.write("scorecard.yaml", bad)
    done = project.check()
    assert done.exit_code == 2
    positions = [text for text in done.stderr.splitlines() if text.startswith("scorecard.yaml:")]
    assert len(positions) == 10
    assert "perhaps you meant `tests.failed`?" in done.stderr


def test_an_unknown_scorecard_is_a_usage_error(project: Reported) -> None:
    done = project.check("--scorecard", "scorecards/none.yaml")
    assert done.exit_code == 2
    assert "scorecards/none.yaml does not exist" in done.stderr


def test_a_repository_without_commits_says_so(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "empty")
    done = cli.run("check", folder=repository.path, environment=repository.environment)
    assert done.exit_code == 3
    assert "nothing has been committed yet" in done.stderr


def test_outside_of_a_repository_it_says_where_to_run(tmp_path: Path) -> None:
    environment = Repository(tmp_path / "other").environment
    done = cli.run("check", folder=tmp_path, environment=environment)
    assert done.exit_code == 3
    assert "not in the work tree" in done.stderr


def test_a_shallow_clone_without_merge_base_says_how_to_mend_it(
    project: Reported, tmp_path: Path
) -> None:
    project.change()
    project.repository.git("checkout", "--quiet", "main")
    project.repository.write("src/old.py", CODE * 2).commit("Meanwhile", ignored=False)
    clone = tmp_path / "clone"
    source = f"file://{project.repository.path}"
    project.repository.git("clone", "-q", "--depth=1", "--branch=feature", source, str(clone))
    project.repository.path.rename(tmp_path / "gone")
    done = cli.run(
        "check", "--base", "main", folder=clone, environment=project.repository.environment
    )
    assert done.exit_code == 3
    assert "fetch" in done.stderr


def test_a_history_that_cannot_be_read_is_not_an_empty_one(
    project: Reported, tmp_path: Path
) -> None:
    project.change()
    project.reports(junit(["test_a"]), COVERED)
    bundle = tmp_path / "bundle.json"
    found = project.result("--history-remote", str(tmp_path / "none"), f"--bundle={bundle}")
    assert found["objectives"]["no-coverage-loss"]["status"] == "missing"
    assert found["exit_code"] == 11
    assert found["receipts"]["history"]["ok"] is False
    again = f"vsm-gate history append {bundle} --history-remote {tmp_path / 'none'}"
    assert again in found["receipts"]["history"]["hint"]
    assert json.loads(bundle.read_text("utf-8"))["record"]["id"] == found["record"]["id"]


def test_a_required_history_that_fails_turns_a_pass_into_12(
    project: Reported, tmp_path: Path
) -> None:
    required = CONFIG + f"history: {{required: true, repository: {tmp_path / 'none'}}}\n"
    flat = SCORECARD.replace(">= baseline - 0.5%", ">= 50%").replace(">= baseline - 2%", ">= 40%")
    project.repository.write(".vsm-gate.yaml", required).write("scorecard.yaml", flat).commit(
        "No", ignored=False
    )
    project.change()
    project.reports(junit(["test_a"]), COVERED)
    done = project.check()
    assert done.exit_code == 12
    assert "\n  replay it with `vsm-gate history append" in done.stdout
    assert project.result()["exit_code"] == 12


def test_a_place_that_cannot_be_written_becomes_a_receipt(
    project: Reported, tmp_path: Path
) -> None:
    project.change()
    project.reports(junit(["test_a"]), COVERED)
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    found = project.result(f"--summary={blocked / 'summary.md'}")
    assert found["exit_code"] == 0
    assert found["receipts"]["summary"]["ok"] is False


def test_a_run_without_a_verdict_leaves_a_heartbeat(project: Reported) -> None:
    project.repository.write("scorecard.yaml", "schema: vsm-gate/scorecard/v1\n")
    assert project.check().exit_code == 2
    log = project.run("history", "log", "--format", "json").json()
    assert [record["kind"] for record in log["records"]] == ["heartbeat"]


def test_a_heartbeat_that_cannot_be_recorded_is_told_beside_the_error(
    project: Reported, tmp_path: Path
) -> None:
    project.repository.write("scorecard.yaml", "schema: vsm-gate/scorecard/v1\n")
    done = project.check("--history-remote", str(tmp_path / "none"))
    assert done.exit_code == 2
    assert "scorecard.yaml:1" in done.stderr
    assert "came to no verdict was not recorded" in done.stderr

"""`vsm-gate check`, from a real repository to its history branch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support import schemas
from tests.support.project import CODE, CONFIG, COVERED, HALF, NOW, SCORECARD, Reported
from tests.support.reports import junit


def test_a_clean_change_passes_and_the_first_run_says_that_it_has_no_baseline(
    project: Reported,
) -> None:
    project.change()
    project.reports(junit(["test_a"]), COVERED)
    found = project.result()
    assert found["verdict"] == "warn"
    assert found["conclusion"] == "warn"
    assert found["exit_code"] == 0
    assert found["objectives"]["no-coverage-loss"]["status"] == "no_baseline"
    assert found["measurements"]["coverage.patch"] == {
        "value": 100,
        "unit": "%",
        "numerator": 10,
        "denominator": 10,
    }
    assert found["impact"]["components"] == ["api"]
    assert found["impact"]["reached"] == ["api", "shop"]
    assert found["change"]["files"] == 1


def test_a_record_of_the_default_branch_is_the_baseline_of_the_next_change(
    project: Reported,
) -> None:
    first = project.result()
    project.change()
    project.reports(junit(["test_a"]), COVERED)
    second = project.result()
    assert second["objectives"]["no-coverage-loss"]["status"] == "pass"
    assert second["objectives"]["no-coverage-loss"]["baseline"] == 100
    assert second["baseline"]["records"] == [first["record"]["id"]]
    assert second["verdict"] == "pass"


def test_a_pinned_record_is_compared_with_and_one_that_is_gone_is_missing_evidence(
    project: Reported,
) -> None:
    first = project.result()["record"]["id"]
    project.reports(junit(["test_a"]), {"src/old.py": {1: 1, 2: 0}})
    project.repository.write("scorecard.yaml", f"{SCORECARD}baseline: {{pinned: '{first}'}}\n")
    compared = project.result("--now", "2026-11-22T11:00:00Z")
    assert compared["baseline"]["records"] == [first]
    assert compared["objectives"]["no-coverage-loss"]["baseline"] == 100
    assert compared["objectives"]["no-coverage-loss"]["status"] == "fail"
    gone = f"{SCORECARD}baseline: {{pinned: '{'0' * 64}'}}\n"
    project.repository.write("scorecard.yaml", gone)
    found = project.result("--now", "2026-11-22T12:00:00Z")["objectives"]["no-coverage-loss"]
    assert found["status"] == "missing"
    assert found["missing"] == "the pinned record 000000000000 is not in the history"


def test_a_broken_test_blocks_and_is_named(project: Reported) -> None:
    project.change()
    project.reports(junit(["test_a"], {"test_refund": "expected 3, got 4"}), COVERED)
    done = project.check("--annotations")
    assert done.exit_code == 10
    assert "test_refund" in done.stdout
    assert "expected 3, got 4" in done.stdout
    assert "Mend them." in done.stdout
    assert "::error title=tests.test_it test_refund failed::expected 3, got 4" in done.stdout


def test_uncovered_changed_lines_are_named(project: Reported) -> None:
    project.change()
    project.reports(junit(["test_a"]), HALF)
    done = project.check("--annotations")
    assert done.exit_code == 10
    assert "src/new.py: lines 1–5" in done.stdout
    assert "file=src/new.py,line=1,endLine=5::" in done.stdout


def test_a_waiting_phase_does_not_block_and_says_so(project: Reported) -> None:
    relaxed = SCORECARD.replace("phase: enforce", "phase: warn")
    project.repository.write("scorecard.yaml", relaxed).commit("Only warn", ignored=False)
    project.change()
    project.reports(junit(["test_a"], {"test_refund": "no"}), COVERED)
    found = project.result()
    assert (found["verdict"], found["conclusion"], found["exit_code"]) == ("fail", "warn", 0)


def test_a_change_cannot_lower_its_own_bar(project: Reported) -> None:
    project.change()
    lowered = SCORECARD.replace("== 0", "<= 99").replace("phase: enforce", "phase: observe")
    project.repository.write("scorecard.yaml", lowered).commit("Lower the bar", ignored=False)
    project.reports(junit(["test_a"], {"test_refund": "no"}), COVERED)
    found = project.result()
    assert found["exit_code"] == 10
    assert any("edits scorecard.yaml" in note for note in found["notes"])
    assert found["policy"]["proposed"]["conclusion"] == "pass"


def test_a_change_of_the_policy_is_told_what_it_would_have_said(project: Reported) -> None:
    project.change()
    project.reports(junit(["test_a"]), {**COVERED, "src/new.py": {1: 1, 2: 1, 3: 1, 4: 0}})
    project.result("--now", "2026-11-21T11:00:00Z")
    assert project.result()["policy"]["proposed"] is None
    raised = SCORECARD.replace(">= 80%", ">= 90%").replace('">= 60%"', '">= 80%"')
    project.repository.write("scorecard.yaml", raised).commit("Raise the bar", ignored=False)
    found = project.result("--now", "2026-11-22T11:00:00Z")
    proposed = found["policy"]["proposed"]
    assert (found["conclusion"], proposed["conclusion"]) == ("warn", "fail")
    assert proposed["source"] == "scorecard.yaml"
    assert proposed["otherwise"] == ["patch-coverage"]
    assert (proposed["changes"], proposed["blocked"], proposed["blocked_now"]) == (1, 1, 0)
    said = (
        "the policy that this change proposes would have concluded fail (otherwise for "
        "patch-coverage); of the team's changes before, 1 in all, it would have blocked 1, "
        "the one in force 0"
    )
    assert said in found["notes"]
    project.repository.write("scorecard.yaml", raised.replace("key", "ky"))
    broken = project.result("--now", "2026-11-22T12:00:00Z")
    assert broken["conclusion"] == "warn"
    mistake = broken["policy"]["proposed"]["mistake"]
    assert mistake.startswith("scorecard.yaml:5:53: unknown key `ky`; scorecard.yaml:6:")


def test_an_edit_of_the_configuration_that_leaves_the_policy_proposes_nothing(
    project: Reported,
) -> None:
    project.change()
    project.repository.write(".vsm-gate.yaml", f"{CONFIG}# a remark\n").commit(
        "Remark", ignored=False
    )
    found = project.result()
    assert any("edits .vsm-gate.yaml" in note for note in found["notes"])
    assert found["policy"]["proposed"] is None


def test_a_broken_configuration_does_not_touch_a_policy_that_the_command_line_names(
    project: Reported,
) -> None:
    project.change()
    project.repository.write(".vsm-gate.yaml", "scorecard: [\n").commit("Break", ignored=False)
    said = "the policy that this change proposes cannot be used: .vsm-gate.yaml"

    assert any(note.startswith(said) for note in project.result()["notes"])
    named = project.result("--scorecard", "scorecard.yaml", "--now", "2026-11-22T13:00:00Z")
    assert any("edits .vsm-gate.yaml" in note for note in named["notes"])
    assert named["policy"]["proposed"] is None
    assert not any("cannot be used" in note for note in named["notes"])


def test_surfaces_agree_with_the_result(project: Reported, tmp_path: Path) -> None:
    project.change()
    project.reports(junit(["test_a"]), COVERED)
    places = {name: tmp_path / name for name in ("summary", "json", "bundle")}
    arguments = [f"--{name}={place}" for name, place in places.items()]
    done = project.check(*arguments)
    result = json.loads(places["json"].read_text("utf-8"))
    bundle = json.loads(places["bundle"].read_text("utf-8"))
    assert result["record"] == bundle["record"]
    assert {name for name, receipt in result["receipts"].items() if receipt["ok"]} == {
        "bundle",
        "summary",
        "history",
    }
    assert "payments" in places["summary"].read_text("utf-8")
    assert "MAY MERGE" in done.stdout.upper()


def test_in_a_workflow_the_log_text_cannot_give_commands(project: Reported, tmp_path: Path) -> None:
    project.change()
    project.reports(junit(["test_a"], {"x\n::error::forged": "::set-output name=a::b"}), COVERED)
    event = tmp_path / "event.json"
    event.write_text("{}", "utf-8")
    outputs = tmp_path / "outputs"
    done = project.check(
        GITHUB_ACTIONS="true",
        GITHUB_EVENT_NAME="push",
        GITHUB_EVENT_PATH=str(event),
        GITHUB_REPOSITORY="acme/pay",
        GITHUB_REF="refs/heads/feature",
        GITHUB_REF_NAME="feature",
        GITHUB_OUTPUT=str(outputs),
    )
    quiet = False
    for text in done.stdout.splitlines():
        if text.startswith("::stop-commands::"):
            quiet, token = True, text.removeprefix("::stop-commands::")
        elif quiet and text == f"::{token}::":
            quiet = False
        elif not quiet and text.lstrip().startswith("::"):
            assert text.startswith(("::error title=", "::warning title="))
    assert not quiet
    assert "conclusion<<" in outputs.read_text("utf-8")


def test_the_same_run_twice_is_the_same_record(project: Reported) -> None:
    first = project.result("--no-history")
    again = project.result("--no-history")
    assert first["record"] == again["record"]


def test_failures_of_the_base_are_told_from_those_of_the_change(project: Reported) -> None:
    card = SCORECARD + "  no-new-failures: {metric: tests.new_failures, pass: '== 0'}\n"
    project.repository.write("scorecard.yaml", card).commit("Ask for it", ignored=False)
    project.reports(junit(["a", "gone"], {"known": "old"}), {"src/old.py": {1: 1, 2: 1}})
    project.result()
    project.change()
    lost = {"src/old.py": {1: 1, 2: 0}, "src/new.py": {1: 1}}
    project.reports(junit([], {"known": "old", "a": "fresh", "added": "fresh too"}), lost)
    found = project.result()
    measured = found["measurements"]
    assert measured["tests.new_failures"]["value"] == 2
    assert measured["tests.known_failures"]["value"] == 1
    assert measured["tests.removed"]["value"] == 1
    assert measured["coverage.indirect"]["value"] == 1
    shown = project.check("--no-history").stdout
    assert "failed at the base" not in shown
    text = project.check().stdout
    assert text.index("tests.test_it added") < text.index("tests.test_it known")
    assert "[failed at the base already]" in text


def test_a_rerun_of_a_commit_that_turns_green_shows_the_case_as_flaky(project: Reported) -> None:
    project.reports(junit(["a"], {"shaky": "no"}), COVERED)
    project.result()
    project.reports(junit(["a", "shaky"]), COVERED)
    assert project.result()["measurements"]["tests.flaky"]["value"] == 1
    project.change()
    project.reports(junit(["a"], {"shaky": "no"}), COVERED)
    found = project.result()
    assert found["measurements"]["tests.failed"]["value"] == 1
    assert found["measurements"]["tests.new_failures"]["value"] == 0
    assert "[known to be flaky]" in project.check().stdout


def test_coverage_of_a_go_module_is_mapped_by_its_go_mod(project: Reported) -> None:
    project.repository.write("svc/go.mod", "module example.com/shop/v2\n").commit(ignored=False)
    project.repository.branch("feature").write("svc/pay/pay.go", CODE).commit(ignored=False)
    profile = "mode: set\nexample.com/shop/v2/pay/pay.go:1.1,10.2 10 1\n"
    project.repository.write("build/go.out", profile)
    found = project.result("--coverage", "build/go.out")
    assert found["measurements"]["coverage.patch"]["denominator"] == 10
    assert found["measurements"]["coverage.unmapped"]["value"] == 0


def test_paths_of_the_command_line_are_of_the_folder_one_stands_in(project: Reported) -> None:
    project.change()
    project.repository.write("scorecard.yaml", SCORECARD.replace("== 0", "<= 99")).commit(
        "Lower the bar", ignored=False
    )
    project.reports(junit(["test_a"]), {"src/old.py": {1: 1}})
    found = project.result(
        *("--tests", "../build/j*.xml", "--coverage", "../build/cov*.xml"),
        *("--config", "../.vsm-gate.yaml", "--scorecard", "../scorecard.yaml"),
        below="src",
    )
    assert found["problems"] == []
    assert found["objectives"]["tests-green"]["pass"] == "== 0"
    assert found["policy"]["source"].startswith("scorecard.yaml at ")


def test_a_file_that_patterns_of_both_kinds_name_is_what_it_says(project: Reported) -> None:
    found = project.result("--tests", "build/*.xml", "--coverage", "build/*.xml", "--no-history")
    assert found["problems"] == []
    assert {each["path"]: each["kind"] for each in found["evidence"]} == {
        "build/coverage.xml": "coverage",
        "build/junit.xml": "tests",
    }


def test_tests_that_are_all_skipped_are_not_green(project: Reported) -> None:
    skipped = '<testsuite><testcase name="test_a"><skipped/></testcase></testsuite>'
    project.reports(skipped, {"src/old.py": {1: 1}})
    found = project.result()
    assert (found["verdict"], found["exit_code"]) == ("inconclusive", 11)
    why = "no test was run: every case was skipped"
    for metric in ("tests.failed", "tests.flaky", "tests.pass_rate", "tests.new_failures"):
        assert found["measurements"][metric] == {"missing": why}
    assert found["measurements"]["tests.skipped"]["value"] == 1


def test_where_a_failed_test_stands_is_told_from_the_root(project: Reported) -> None:
    project.repository.write("pay/tests/test_pay.py", CODE).commit("A part", ignored=False)
    failed = '<testcase name="test_a" file="tests/test_pay.py" line="3"><failure/></testcase>'
    project.repository.write("pay/build/junit.xml", f"<testsuite>{failed}</testsuite>")
    found = project.result("--tests", "pay/build/*.xml", "--no-history")
    assert found["tests"]["failing_or_flaky"][0]["file"] == "pay/tests/test_pay.py"


def test_records_in_a_clone_that_ends_with_the_job_are_told_of(project: Reported) -> None:
    told = "records are kept in this clone, which ends with the job"
    assert any(told in note for note in project.result(CI="true")["notes"])
    assert not any(told in note for note in project.result()["notes"])
    elsewhere = ("--history-remote", str(project.repository.path))
    assert not any(told in note for note in project.result(*elsewhere, CI="true")["notes"])


def test_what_the_gate_takes_is_recorded_unless_its_clock_stands_still(project: Reported) -> None:
    still = project.result()
    found = project.run("check", "--format", "json").json()
    schemas.validate("check-v1", found)

    assert "cost" not in still
    assert "cost" not in still["record"]["document"]
    assert found["cost"] == found["record"]["document"]["cost"]
    assert found["cost"]["seconds"] >= 0


REGULATED = """\
schema: vsm-gate/scorecard/v1
extends: vsm-gate:regulated
"""


def test_a_regulated_change_waits_for_an_approval_that_may_be_recorded(project: Reported) -> None:
    repository = project.repository
    repository.write("scorecard.yaml", REGULATED).commit("Regulated", ignored=False)
    project.result()
    project.change()
    project.reports(junit(["test_a"]), COVERED)
    head = repository.git("rev-parse", "HEAD")
    repository.git("config", "user.name", "Kim")

    def approve(by: str) -> dict[str, Any]:
        arguments = ("--commit", head, "--by", by, "--at", NOW, "--now", NOW)
        done = project.run("event", "approval", *arguments)
        assert done.exit_code == 0, done.stderr
        return project.result("--now", "2026-11-22T11:00:00Z")

    before = project.result()
    assert (before["verdict"], before["exit_code"]) == ("inconclusive", 11)
    assert before["measurements"]["change.approvals"]["missing"] == (
        "the forge was not asked; and the history has none either (`vsm-gate event approval "
        "--commit SHA --by WHO` records one)"
    )
    assert approve("kim")["exit_code"] == 11
    approved = approve("@Sam")
    assert approved["measurements"]["change.approvals"]["value"] == 1
    assert approved["objectives"]["four-eyes"]["status"] == "pass"
    assert approved["objectives"]["nobody-merges-alone"]["status"] == "pass"
    assert approved["exit_code"] == 0
    assert approve("sam")["measurements"]["change.approvals"]["value"] == 1

"""`vsm-gate audit` on real repositories with real histories."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from tests.support.audited import (
    FAULTS,
    REPOSITORY,
    START,
    days_of,
    documents,
    iso,
    record,
    repository,
    stories,
)
from tests.support.cli import Done, run
from tests.support.reports import junit
from tests.support.repository import Repository
from tests.support.schemas import validate

from vsm_gate.history.ledger import Ledger
from vsm_gate.scorecards.load import Source, load

CHANGES: Final = 400
UNTIL: Final = iso(START + timedelta(days=60))
NAMED: Final = {fault: number for number, fault in FAULTS.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository of 400 changes over four days; each kind of fault once."""
    told = stories(CHANGES, 4)
    found, commits = repository(tmp_path_factory.mktemp("audit") / "work", told)
    for end, some in days_of(list(documents(told, commits))):
        record(Ledger.open(found.path, environment=found.environment, now=end), some)
    return found


def audit(made: Repository, *arguments: str, until: str = UNTIL) -> Done:
    period = ("--since", iso(START), "--until", until, "--now", until)
    return run("audit", *period, *arguments, folder=made.path, environment=made.environment)


def shown(made: Repository, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = audit(made, "--format", "json", *arguments).json()
    validate("audit-v1", found)
    return found


def number_of(change: dict[str, Any]) -> str:
    return str(change["subject"]).rpartition("#")[2].removesuffix(")")


def test_every_change_is_listed_and_every_fault_is_named_and_no_other(made: Repository) -> None:
    found = shown(made)

    assert found["population"]["changes"] == len(found["changes"]) == CHANGES
    assert found["population"]["deliveries"] == CHANGES // 10
    exceptional = {number_of(each): set(each["exceptions"]) for each in found["changes"]}
    wrong = {number: kinds for number, kinds in exceptional.items() if kinds}
    direct = wrong.pop("Show the delivery date")
    assert "direct-push" in direct
    for fault, number in NAMED.items():
        if fault not in {"direct-push", "break-glass", "late-approval"}:
            assert fault in wrong[str(number)]
    assert len(wrong) == len(FAULTS) - 2
    remarks = Counter(kind for each in found["changes"] for kind in each["remarks"])
    assert remarks["break-glass"] == 2
    assert remarks["late-approval"] == 1
    assert wrong[str(NAMED["late-approval"])] == {"deployed-before-approval"}


def test_exceptions_end_with_3_and_a_clean_selection_with_0(made: Repository) -> None:
    assert audit(made).exit_code == 3

    clean = shown(made)["changes"][0]["commit"]
    assert audit(made, "--commit", clean).exit_code == 0
    red = next(x for x in shown(made)["changes"] if "merged-past-red" in x["exceptions"])
    done = audit(made, "--commit", red["commit"][:10])
    assert done.exit_code == 3
    assert "Merged past red: fail (payments), the last word before the merge" in done.stdout


def test_a_deployment_brings_what_it_carried(made: Repository) -> None:
    found = shown(made, "--deployment", "deploy-2")

    assert [number_of(each) for each in found["changes"]] == [str(n) for n in range(11, 21)]
    assert [each["id"] for each in found["deliveries"]] == ["deploy-2"]
    assert audit(made, "--deployment", "deploy-999").exit_code == 2


def test_a_sample_is_the_same_again_and_another_with_another_seed(made: Repository) -> None:
    commits = [
        [each["commit"] for each in shown(made, "--sample", "25", "--seed", seed)["changes"]]
        for seed in ("one", "one", "two")
    ]

    assert len(commits[0]) == 25
    assert commits[0] == commits[1] != commits[2]


def test_the_folder_is_verified_by_others_tools(made: Repository, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    done = audit(made, "--sample", "25", "--seed", "x", "--out", str(out))
    assert done.stdout.splitlines()[-1] == str(out / "index.html")

    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=True)
    listed = (out / "SHA256SUMS").read_text("ascii").splitlines()
    assert len(listed) == sum(path.is_file() for path in out.rglob("*")) - 1
    records = sorted((out / "evidence").iterdir())
    assert len(records) > 50
    sealed = made.git("grep", "-h", "-F", "-f", str(records[0]), "vsm-history", "--", "sealed")
    assert hashlib.sha256(sealed.encode()).hexdigest() == records[0].stem

    (out / "population.csv").write_text("edited")
    spoilt = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=False, capture_output=True
    )
    assert b"population.csv" in spoilt.stdout


def test_it_reads_the_history_of_a_remote(made: Repository, tmp_path: Path) -> None:
    clone = made.clone(tmp_path / "clone")
    clone.git("remote", "set-url", "origin", f"https://forge.example/{REPOSITORY}.git")

    found = shown(clone, "--history-remote", made.path.as_uri(), "--no-verify")

    assert found["population"]["with_record"] == CHANGES - 2
    assert found["ledger"]["not_verified_because"] == "it was not asked for"


def test_a_shallow_clone_is_an_error_and_no_short_list(made: Repository, tmp_path: Path) -> None:
    clone = made.clone(tmp_path / "clone", "--depth=5")
    done = audit(clone)

    assert done.exit_code == 3
    assert "shallow" in done.stderr
    assert "git fetch --unshallow" in done.stderr


def test_a_tampered_ledger_is_a_fault(made: Repository, tmp_path: Path) -> None:
    clone = made.clone(tmp_path / "clone")
    clone.git("fetch", "--quiet", "origin", "vsm-history:vsm-history")
    clone.git("remote", "set-url", "origin", f"https://forge.example/{REPOSITORY}.git")
    before = clone.git("rev-parse", "vsm-history")
    clone.checkout("vsm-history")
    sealed = min((clone.path / "sealed").rglob("*.jsonl"))
    sealed.write_bytes(sealed.read_bytes().replace(b'"fail"', b'"pass"'))
    clone.commit("Record 1 record")
    clone.checkout("main")

    found = shown(clone)
    assert found["clean"] is False
    assert found["ledger"]["verified"] is True
    assert "a sealed day was changed" in found["ledger"]["faults"][0]

    clone.git("update-ref", "refs/heads/vsm-history", f"{before}~3")
    done = audit(clone, "--expect", before)
    assert done.exit_code == 3
    assert "which was expected" in done.stdout


def test_without_a_history_nothing_is_tested(tmp_path: Path) -> None:
    bare = Repository(tmp_path / "work")
    bare.write("file", "content").commit("Begin")
    done = run("audit", "--format", "json", folder=bare.path, environment=bare.environment)

    found = done.json()
    assert done.exit_code == 3
    assert found["changes"][0]["tested"] == "no"
    assert found["ledger"]["not_verified_because"] == "there is no such branch"
    text = run("audit", folder=bare.path, environment=bare.environment).stdout
    assert "1 change and 0 deliveries" in text
    assert "name it with --history-branch" in text


def test_who_checked_once_sees_that_change(tmp_path: Path) -> None:
    """A commit is older than its check, and the period begins with it all the same."""
    fresh = Repository(tmp_path / "work")
    fresh.write("file", "content").commit("Begin")
    later = iso(datetime.now(UTC) + timedelta(hours=1))
    check = run("check", "--now", later, folder=fresh.path, environment=fresh.environment)
    assert "record" in check.stdout

    text = run("audit", "--now", later, folder=fresh.path, environment=fresh.environment).stdout
    assert "1 change and 0 deliveries" in text
    assert "with a check: 1 (100.0 %)" in text


def test_a_ledger_without_a_record_of_the_repository_says_so(made: Repository) -> None:
    """As in a clone whose address is not the one that the records know."""
    said = "none of its records is of acme/other"

    assert said in audit(made, "--repository", "acme/other").stdout
    assert "none of its records" not in audit(made).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--sample", "5"),
        ("--seed", "x"),
        ("--sample", "5", "--seed", "x", "--commit", "HEAD"),
        ("--commit", "nothing"),
        ("--commit", "--all"),
        ("--branch", "nowhere"),
        ("--member", "alex"),
        ("--no-verify", "--replay"),
        ("--expect", "zzz"),
        ("--since", "2027-01-01T00:00:00Z"),
    ],
)
def test_what_contradicts_itself_is_refused(made: Repository, arguments: tuple[str, ...]) -> None:
    done = audit(made, *arguments)

    assert (done.exit_code, done.stdout) == (2, "")


def test_many_branches_together_are_read_and_not_verified(made: Repository) -> None:
    found = shown(made, "--history-branch", "*")

    assert found["population"]["with_record"] == CHANGES - 2
    assert "verify each where it is kept" in found["ledger"]["not_verified_because"]


def test_decisions_are_made_again_where_that_is_asked_for(made: Repository) -> None:
    assert shown(made)["ledger"]["replayed"] is None
    assert isinstance(shown(made, "--replay")["ledger"]["replayed"], int)


def test_a_folder_of_somebody_else_is_left_alone(made: Repository, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    assert audit(made, "--out", str(tmp_path)).exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_commit_of_a_branch_is_found_by_the_merge_that_brought_it(tmp_path: Path) -> None:
    work = Repository(tmp_path / "work")
    work.write("a", "1").commit("Begin")
    work.branch("topic").write("b", "1")
    inside = work.commit("On the branch")
    work.checkout("main").write("c", "1").commit("Meanwhile")
    merged = work.merge("topic")
    work.write("d", "1").commit("Later")

    def asked(name: str) -> list[str]:
        done = run(
            "audit", "--commit", name, "--format", "json",
            folder=work.path, environment=work.environment,
        )  # fmt: skip
        return [each["commit"] for each in done.json()["changes"]]

    assert asked(inside) == [merged]
    assert asked("HEAD~1") == [merged]


def test_replaced_objects_do_not_change_the_population(tmp_path: Path) -> None:
    work = Repository(tmp_path / "work")
    first = work.write("a", "1").commit("Begin")
    hidden = work.write("a", "2").commit("To be hidden")
    last = work.write("a", "3").commit("Last")
    other = work.git("commit-tree", f"{last}^{{tree}}", "-p", first, "-m", "Last")
    work.git("replace", last, other)

    done = run("audit", "--format", "json", "--since", "2020-01-01T00:00:00Z",
               folder=work.path, environment=work.environment)  # fmt: skip
    assert hidden in [each["commit"] for each in done.json()["changes"]]


SCORECARD: Final = """\
schema: vsm-gate/scorecard/v1
team: payments
owner: "{owner}"
extends: base.yaml
objectives:
  tests-green: {{metric: tests.failed, pass: "== {allowed}", key: true}}
waivers:
  - {{id: W-1, objective: tests-green, owner: alex, approved_by: bo, reason: a known fault,
     created: 2023-11-01, expires: 2023-11-20}}
"""
BASE: Final = """\
schema: vsm-gate/scorecard/v1
objectives:
  few-skipped: {metric: tests.total, pass: ">= 1"}
"""


def test_the_policy_is_read_from_git_with_its_owner_and_its_waivers(tmp_path: Path) -> None:
    work = Repository(tmp_path / "shop")
    first, second = (SCORECARD.format(owner=who, allowed=n) for who, n in (("kim", 0), ("lee", 1)))
    work.write("scorecards/base.yaml", BASE).write("scorecards/shop.yaml", first)
    begun = work.commit("Begin")
    code = work.write("code", "1").commit("Change code")
    edited = work.write("scorecards/shop.yaml", second).commit("Ask for less")
    base = work.write("scorecards/base.yaml", BASE + "\n").commit("Touch the base")
    digest = load(
        Source("scorecards/shop.yaml", first), lambda name, _: Source(f"scorecards/{name}", BASE)
    ).sha256
    at = work.git("log", "-1", "--format=%cI", code)
    checked = {
        "schema": "vsm-gate/record/v1",
        "kind": "check",
        "time": at,
        "repository": "local/shop",
        "team": "payments",
        "change": {"head": code, "tested": code, "default_branch": True},
        "objectives": {"tests-green": {"status": "fail", "phase": "enforce", "waiver": "W-1"}},
        "verdict": "fail",
        "conclusion": "pass",
        "policy": {"source": f"scorecards/shop.yaml at {begun[:10]}", "sha256": digest},
    }
    record(Ledger.open(work.path, environment=work.environment, now=START), [checked])

    found = run("audit", "--since", "2020-01-01T00:00:00Z", "--format", "json", folder=work.path,
                environment=work.environment).json()  # fmt: skip

    named = {
        each["commit"]: {one["kind"]: one["detail"] for one in each["findings"]}
        for each in found["changes"]
    }
    assert "owned by alex, approved by bo: a known fault" in named[code]["waiver"]
    assert "policy-changed" not in named[code]
    assert named[edited]["policy-changed"] == "scorecards/shop.yaml"
    assert named[edited]["policy-not-by-owner"] == "owned by kim, approved by nobody"
    assert named[base]["policy-not-by-owner"] == "owned by lee, approved by nobody"


def test_an_edit_of_the_configuration_is_one_of_the_policy(tmp_path: Path) -> None:
    work = Repository(tmp_path / "shop")
    work.write("code", "1").commit("Begin")
    edited = work.write(".vsm-gate.yaml", "schema: vsm-gate/config/v1\n").commit("Configure")
    found = run("audit", "--commit", edited, "--format", "json", folder=work.path,
                environment=work.environment).json()  # fmt: skip

    (change,) = found["changes"]
    assert {"kind": "policy-changed", "detail": ".vsm-gate.yaml"} in change["findings"]
    assert "policy-owner-unknown" in change["remarks"]


def test_the_text_is_for_people(made: Repository) -> None:
    lines = audit(made).stdout.splitlines()

    assert lines[0].startswith(f"{REPOSITORY}, origin/main: 400 changes and 40 deliveries")
    assert "  ledger: intact" in lines[3]
    assert json.dumps(lines).isprintable()


def test_what_the_commands_record_is_what_an_audit_finds(tmp_path: Path) -> None:
    """A merge request is checked, approved, merged and deployed, all by the command line."""
    work = Repository(tmp_path / "shop")
    work.write(".gitignore", "build/\n").write("scorecard.yaml", BASE).commit(
        "Begin", ignored=False
    )
    work.branch("topic").write("code", "1")
    head = work.commit("Change code", ignored=False)
    work.write("build/junit.xml", junit(["test_a"]))
    second = int(work.git("log", "-1", "--format=%ct"))
    request = {
        "GITLAB_CI": "true",
        "CI_PROJECT_PATH": REPOSITORY,
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": head,
        "CI_DEFAULT_BRANCH": "main",
        "GITLAB_USER_LOGIN": "alex",
    }

    def at(minutes: int) -> str:
        return iso(datetime.fromtimestamp(second + 60 * minutes, UTC))

    def vsm(*arguments: str, **environment: str) -> Done:
        done = run(*arguments, folder=work.path, environment={**work.environment, **environment})
        assert done.exit_code == 0, done.stderr + done.stdout
        return done

    vsm("check", "--scorecard", "scorecard.yaml", "--tests", "build/junit.xml", "--base", "main",
        "--now", at(0), **request)  # fmt: skip
    vsm("event", "approval", "--repository", REPOSITORY, "--commit", head, "--by", "bo", "--at",
        at(0), "--now", at(1))  # fmt: skip
    work.checkout("main")
    merged = work.merge("topic")
    vsm("event", "deployment", "--repository", REPOSITORY, "--id", "deploy-1",
        "--commit", merged, "--status", "success", "--started", at(30), "--finished", at(31),
        "--now", at(32))  # fmt: skip

    asked = ("--repository", REPOSITORY, "--commit", merged, "--format", "json", "--now", at(60))
    found = vsm("audit", *asked).json()

    validate("audit-v1", found)
    (change,) = found["changes"]
    assert found["clean"] is True
    assert (change["pull_request"], change["pull_request_from"]) == (7, "merge")
    assert (change["tested"], change["approved_by"]) == ("before merge", ["bo"])
    assert (change["deployment"], change["tested_before_deployment"]) == ("deploy-1", True)
    assert found["controls"][0]["objective"] == "few-skipped"


def test_in_a_workflow_the_event_says_which_branch_is_the_default(
    made: Repository, tmp_path: Path
) -> None:
    clone = made.clone(tmp_path / "clone")
    clone.git("update-ref", "refs/remotes/origin/trunk", "refs/remotes/origin/main~100")
    clone.git("symbolic-ref", "--delete", "refs/remotes/origin/HEAD")
    (tmp_path / "event.json").write_text('{"repository": {"default_branch": "trunk"}}')
    job = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_EVENT_NAME": "workflow_dispatch",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
    }
    done = run("audit", "--format", "json", "--since", iso(START), "--until", UNTIL, "--now", UNTIL,
               folder=clone.path, environment={**clone.environment, **job})  # fmt: skip

    found = done.json()
    assert found["population"]["branch"] == "refs/remotes/origin/trunk"
    assert found["population"]["changes"] == CHANGES - 100
    assert found["repository"] == REPOSITORY

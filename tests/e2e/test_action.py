"""The action in the hands of a real runner, from the checkout to the forge's history branch."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
import yaml
from tests.support import act
from tests.support.act import Run, Runner
from tests.support.forge import NAME, Forge
from tests.support.git_http import Fault, GitServer, serving
from tests.support.reports import cobertura, junit
from tests.support.repository import clean_environment
from werkzeug.wrappers import Request, Response

EXAMPLE: Final = act.ROOT / "docs" / "examples" / "pull-request.yml"
LINES: Final = range(1, 21)
CODE: Final = "".join(f"line {n}\n" for n in LINES)
MAKEFILE: Final = """\
test:
\tmkdir -p build && cp reports/* build/
\t! grep -q '<failure' build/junit.xml
"""
SCORECARD: Final = """\
schema: vsm-gate/scorecard/v1
team: payments
phase: enforce
objectives:
  tests-green: {metric: tests.failed, pass: "== 0", key: true}
  patch-coverage: {metric: coverage.patch, pass: ">= 80%", warn: ">= 50%"}
"""
INPUTS: Final = {
    "scorecard": "scorecard.yaml",
    "tests": "build/junit.xml",
    "coverage": "build/coverage.xml",
}
AFTERWARDS: Final = """echo afterwards
git status --porcelain
ls -1 "$RESULT" "$BUNDLE"
env
"""
BASIC: Final = "basic " + base64.b64encode(f"x-access-token:{act.TOKEN}".encode()).decode()


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    """A repository whose `main` has tests and a scorecard."""
    forge = Forge(tmp_path)
    forge.developer.write("Makefile", MAKEFILE).write("scorecard.yaml", SCORECARD)
    forge.developer.write("src/old.py", CODE).write(".gitignore", "build/\n")
    develop(forge, "The base", passed=["test_old"])
    forge.push("main")
    return forge


def develop(
    forge: Forge,
    message: str,
    *,
    passed: Sequence[str] = ("test_old", "test_new"),
    failed: dict[str, str] | None = None,
    missed: Sequence[int] = (),
) -> str:
    """Commit, with what the tests of this version are going to say."""
    covered = {
        "src/old.py": dict.fromkeys(LINES, 1),
        "src/new.py": {n: int(n not in missed) for n in LINES},
    }
    forge.developer.write("reports/junit.xml", junit(passed, failed))
    forge.developer.write("reports/coverage.xml", cobertura(covered))
    return forge.developer.commit(message, ignored=False)


def workflow(
    folder: Path, inputs: Mapping[str, str] | None = None, *, jobs: Sequence[str] = ("gate",)
) -> Path:
    """A workflow that tests, judges with these inputs beside the usual ones, and looks about."""
    told = {name.upper(): f"${{{{ steps.vsm.outputs.{name} }}}}" for name in ("result", "bundle")}
    steps = [
        {"uses": "actions/checkout@v5"},
        {"run": "make test || true"},
        {"id": "vsm", "uses": f"{act.ACTION}@v1", "with": {**INPUTS, **(inputs or {})}},
        {"if": "always()", "run": AFTERWARDS, "env": told},
    ]
    job = {"runs-on": "ubuntu-latest", "steps": steps}
    document = {"on": ["push", "pull_request", "merge_group"], "jobs": dict.fromkeys(jobs, job)}
    place = folder / "workflow.yml"
    place.write_text(yaml.dump(document, Dumper=yaml.SafeDumper), "utf-8")
    return place


class World:
    """A runner, and a forge with a change on the branch `feature`."""

    def __init__(self, runner: Runner, forge: Forge, folder: Path) -> None:
        self.runner, self.forge, self.folder = runner, forge, folder
        self.branch = "feature"
        self.environment: dict[str, str] = {}

    def change(self, *, failed: dict[str, str] | None = None, missed: Sequence[int] = ()) -> None:
        self.forge.developer.branch(self.branch).write("src/new.py", CODE)
        develop(self.forge, "A change", failed=failed, missed=missed)

    def propose(
        self,
        inputs: Mapping[str, str] | None = None,
        *,
        fork: bool = False,
        jobs: Sequence[str] = ("gate",),
    ) -> Run:
        """Open a pull request and run the workflow for it."""
        payload = self.forge.pull_request(self.branch, fork=fork)
        return self.runner.run(
            "pull_request",
            payload,
            workflow=workflow(self.folder, inputs, jobs=jobs),
            checkout=self.forge.checkout("refs/pull/7/merge"),
            environment=self.environment,
        )


@pytest.fixture
def world(runner: Runner, forge: Forge, tmp_path: Path) -> World:
    return World(runner, forge, tmp_path)


@pytest.mark.parametrize("depth", [1, 0], ids=["shallow", "full"])
def test_the_example_passes_on_a_pull_request(world: World, depth: int) -> None:
    world.change()
    payload = world.forge.pull_request("feature")
    run = world.runner.run(
        "pull_request",
        payload,
        workflow=EXAMPLE,
        checkout=world.forge.checkout("refs/pull/7/merge", depth=depth),
    )
    assert run.jobs == {"gate": "success"}
    assert run.outputs["verdict"] in {"pass", "warn"}
    [record] = world.forge.records()
    assert record["verdict"] == run.outputs["verdict"]
    assert record["repository"] == NAME
    assert record["change"]["pull_request"] == 7
    assert record["change"]["head"] == payload["pull_request"]["head"]["sha"]
    assert record["change"]["base"] == payload["pull_request"]["base"]["sha"]
    assert "tests-green" in run.summary


def test_outputs_say_what_was_decided_and_nothing_else_is_left(world: World) -> None:
    world.change()
    run = world.propose()
    assert run.jobs == {"gate": "success"}
    outputs = run.outputs
    assert set(outputs) == {
        *["verdict", "conclusion", "score", "level", "record-id", "result", "bundle"]
    }
    assert (outputs["verdict"], outputs["conclusion"], outputs["score"]) == ("pass", "pass", "100")
    assert outputs["record-id"][:12] in world.forge.bare.git("ls-tree", "-r", "vsm-history")
    _, _, after = run.log.partition("afterwards\n")
    files, environment = after.splitlines()[:2], after.splitlines()[2:]
    assert files == sorted([outputs["result"], outputs["bundle"]])
    [temporary] = [line for line in environment if line.startswith("RUNNER_TEMP=")]
    assert outputs["result"].startswith(temporary.removeprefix("RUNNER_TEMP=") + "/")
    names = {line.partition("=")[0] for line in environment}
    assert not [name for name in names if name.startswith(("VSM_GATE", "GIT_CONFIG_K", "PYTHON"))]


def test_pushes_to_main_become_the_baseline_of_the_next(world: World) -> None:
    for count in range(2):
        before = world.forge.developer.head
        world.forge.developer.write("src/new.py", CODE * (count + 1))
        develop(world.forge, "A change")
        payload = world.forge.pushed(before)
        run = world.runner.run(
            "push",
            payload,
            workflow=workflow(world.folder),
            checkout=world.forge.checkout("main", f"checkout-{count}"),
        )
        assert run.exit_code == 0
    first, second = sorted(world.forge.records(), key=lambda each: len(each["baseline"]["records"]))
    assert first["change"]["default_branch"]
    assert first["baseline"]["records"] == []
    assert len(second["baseline"]["records"]) == 1


def test_a_group_of_the_merge_queue_is_judged_against_its_base(world: World) -> None:
    before = world.forge.developer.head
    world.change()
    payload = world.forge.merge_group(before)
    run = world.runner.run(
        "merge_group",
        payload,
        workflow=workflow(world.folder),
        checkout=world.forge.checkout(payload["merge_group"]["head_sha"]),
    )
    assert run.jobs == {"gate": "success"}
    [record] = world.forge.records()
    assert record["change"]["event"] == "merge_group"
    assert record["change"]["base"] == before
    assert not record["change"]["default_branch"]


def test_uncovered_lines_warn_at_their_place(world: World) -> None:
    world.change(missed=range(3, 9))
    run = world.propose()
    assert run.jobs == {"gate": "success"}
    assert (run.outputs["conclusion"], run.exit_code) == ("warn", 0)
    [remark] = [each for each in run.remarks if each.file]
    assert (remark.level, remark.file, remark.line) == ("warning", "src/new.py", "3")


def test_a_broken_test_blocks_and_is_named(world: World) -> None:
    world.change(failed={"test_rounding": "assert 1 == 2"})
    run = world.propose()
    assert run.jobs == {"gate": "failure"}
    assert (run.exit_code, run.outputs["verdict"]) == (10, "fail")
    [remark] = [each for each in run.remarks if "test_rounding" in each.title]
    assert (remark.level, remark.message) == ("error", "assert 1 == 2")
    [record] = world.forge.records()
    assert record["blocked"]


def test_a_declared_report_that_is_missing_is_never_green(world: World) -> None:
    world.change()
    run = world.propose({"tests": "build/junit.xml\n\nbuild/other-*.xml"})
    assert run.jobs == {"gate": "failure"}
    assert (run.exit_code, run.outputs["conclusion"]) == (11, "inconclusive")
    assert any("build/other-*.xml" in each.message for each in run.remarks)


def test_mistakes_in_a_scorecard_are_shown_at_their_places(world: World) -> None:
    wrong = SCORECARD.replace("tests.failed", "tests.faild").replace("50%", "50 apples")
    world.forge.developer.write("scorecard.yaml", wrong)
    develop(world.forge, "A wrong scorecard")
    world.forge.push("main")
    world.change()
    run = world.propose()
    assert run.jobs == {"gate": "failure"}
    assert run.exit_code == 2
    assert "scorecard.yaml:5:" in run.log
    assert "scorecard.yaml:6:" in run.log
    places = [(each.level, each.file, each.line) for each in run.remarks]
    assert places == [("error", "scorecard.yaml", "5"), ("error", "scorecard.yaml", "6")]
    assert "tests.failed" in run.remarks[0].message
    assert run.outputs.get("verdict", "") == ""


def test_jobs_at_the_same_time_all_record(world: World) -> None:
    world.change()
    jobs = ("unit", "integration", "system")
    run = world.propose(jobs=jobs)
    assert run.jobs == dict.fromkeys(jobs, "success")
    assert sorted(record["change"]["job"] for record in world.forge.records()) == sorted(jobs)


def test_a_refused_push_does_not_change_the_verdict(world: World) -> None:
    world.forge.refuse()
    world.change()
    run = world.propose(fork=True)
    assert run.jobs == {"gate": "success"}
    assert (run.outputs["verdict"], run.exit_code) == ("pass", 0)
    assert world.forge.records() == []
    assert "the history branch cannot be pushed" in run.log


@pytest.mark.parametrize("surfaces", ["summary, annotations, outputs", "outputs"])
def test_hostile_names_inject_nothing(world: World, surfaces: str) -> None:
    world.branch = "x`touch${IFS}pwned`;$(touch${IFS}pwned2)'\"%0A@team"
    world.change(
        failed={
            "::error::injected": "::warning::injected\n::add-mask::verdict\r::error::injected",
            "%0A::error::injected": "x%0A::set-output name=verdict::pass",
            'x"; rm -rf "$HOME" `id` ${{ github.token }}': "##[error]injected",
            "::stop-commands::x": "<img src=x onerror=alert(1)> @everyone #1",
        }
    )
    team = '::error::a`id`"; exit 0; $(touch pwned) ${GITHUB_TOKEN} %0A'
    run = world.propose({"team": team, "publish": surfaces})
    assert (run.exit_code, run.outputs["verdict"]) == (10, "fail")
    annotated = "annotations" in surfaces
    guards = {each for each in run.commands if each.startswith("vsm-gate-")}
    obeyed = {"set-output", "stop-commands", *(["error", "summary"] if annotated else [])}
    # the team's name begins a line of the log
    assert run.commands - guards == obeyed | {"ignored"}
    assert {each.title.split()[0] for each in run.remarks} == (
        {"tests-green:", "tests.test_it"} if annotated else set()
    )
    assert act.TOKEN not in run.text
    assert "pwned" not in run.log.partition("afterwards\n")[2].partition("\n/")[0]
    [record] = world.forge.records()
    assert record["change"]["branch"] == world.branch


def test_other_commands_record_at_origin_too(world: World) -> None:
    commit = world.forge.developer.head
    world.change()
    args = f"--id 1 --commit {commit} --status success"
    args += " --started 2026-11-22T09:00:00Z --finished 2026-11-22T09:05:00Z"
    none = dict.fromkeys(INPUTS, "")
    run = world.propose({**none, "command": "event deployment", "args": args})
    assert run.exit_code == 0, run.log
    assert [record["kind"] for record in world.forge.records()] == ["deployment"]


def test_other_commands_print_nothing_that_is_obeyed(world: World) -> None:
    world.change()
    none = dict.fromkeys(INPUTS, "")
    run = world.propose({**none, "command": "inspect", "args": "build/junit.xml '::error::x'"})
    assert run.exit_code == 3
    assert "build/junit.xml" in run.log
    assert run.remarks == []


def test_modules_in_the_change_are_not_imported(world: World) -> None:
    poison = "import os; os._exit(0)\n"
    for name in ("click.py", "json.py", "venv.py", "vsm_gate/__init__.py", "sitecustomize.py"):
        world.forge.developer.write(name, poison)
    world.forge.developer.write("uv.toml", "this = is no setting").write("pip.conf", "[x")
    world.environment = {"PYTHONPATH": ".", "PYTHONSTARTUP": "json.py"}
    world.change(failed={"test_new": "no"})
    run = world.propose()
    assert run.exit_code == 10


@pytest.mark.parametrize("left", [False, True], ids=["token", "checkout's credentials"])
def test_git_shows_its_credentials_once(world: World, left: bool) -> None:
    """The forge wants them for everything, as of a private repository, and refuses two."""

    def fault(request: Request, _: object) -> Response | None:
        good = request.headers.get("Authorization", "").lower() == BASIC.lower()
        return None if good else Response("", 401, {"WWW-Authenticate": 'Basic realm="x"'})

    with serving(world.forge.bare.path.parents[1], clean_environment(world.folder)) as server:
        run = over_http(world, server, fault, left=left)
    assert run.jobs == {"gate": "success"}, run.log
    assert [record["verdict"] for record in world.forge.records()] == ["pass"]
    assert act.TOKEN not in run.text
    assert BASIC.split()[1] not in run.text


def test_a_token_that_may_only_read_is_no_reason_to_fail(world: World) -> None:
    """As of a fork: the forge's own words are in the log."""

    def fault(request: Request, _: object) -> Response | None:
        writes = "git-receive-pack" in request.full_path
        return Response("Permission to acme/payments.git denied", 403) if writes else None

    with serving(world.forge.bare.path.parents[1], clean_environment(world.folder)) as server:
        run = over_http(world, server, fault, left=False)
    assert run.jobs == {"gate": "success"}
    assert run.outputs["verdict"] == "pass"
    assert "403" in run.log
    assert world.forge.records() == []


def over_http(world: World, server: GitServer, fault: Fault, *, left: bool) -> Run:
    """Propose a change to a forge behind HTTP, with or without the checkout's credentials."""
    world.change()
    payload = world.forge.pull_request("feature", fork=not left)
    checkout = world.forge.checkout("refs/pull/7/merge")
    client = world.forge.developer.git
    config = str(checkout / ".git" / "config")
    client("config", "--file", config, "remote.origin.url", f"{server.url}/{NAME}.git")
    if left:
        key = f"http.{server.url}/.extraheader"
        client("config", "--file", config, key, f"AUTHORIZATION: {BASIC}")
    server.fault = fault
    return world.runner.run(
        "pull_request",
        payload,
        workflow=workflow(world.folder),
        checkout=checkout,
        environment={"GITHUB_SERVER_URL": server.url},
    )


def test_history_may_be_in_another_repository(world: World) -> None:
    other = Forge(world.folder / "quality")
    world.change()
    branch, place = "ledger", str(other.bare.path)
    run = world.propose({"history-branch": branch, "history-repository": place})
    assert run.jobs == {"gate": "success"}
    assert world.forge.records() == []
    assert len(other.records(branch)) == 1


def test_inputs_are_words_of_a_command_line(world: World) -> None:
    world.forge.developer.move("Makefile", "shop/Makefile").move(
        "reports/junit.xml", "shop/reports/junit.xml"
    )
    world.forge.developer.write("Makefile", "test:\n\tmake -C shop test\n")
    world.change()
    world.forge.developer.write("shop/reports/junit.xml", junit(["test_shop"]))
    world.forge.developer.commit("Tests of the shop", ignored=False)
    run = world.propose(
        {
            "working-directory": "shop",
            "tests": "build/*.xml",
            "scorecard": "../scorecard.yaml",
            "coverage": "../reports/coverage.xml",
            "publish": "outputs",
            "args": "--team 'the shop' --no-history",
        }
    )
    assert run.exit_code == 0, run.log
    assert run.outputs["verdict"] == "pass"
    assert "the shop" in run.log
    assert (run.summary, run.remarks) == ("", [])
    assert world.forge.records() == []


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"command": "chekc"}, "`chekc` is no command"),
        ({"command": "inspect"}, "the input `scorecard` means nothing to `vsm-gate inspect`"),
        ({"args": "--team 'open"}, "the input `args` cannot be split into words"),
        ({"working-directory": "nowhere"}, "working-directory nowhere"),
        ({"publish": "everywhere"}, "unknown surface 'everywhere'"),
        ({"config": "absent.yaml"}, "absent.yaml"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_mistakes_in_inputs_say_what_is_wrong(
    world: World, inputs: dict[str, str], said: str
) -> None:
    world.change()
    run = world.propose(inputs)
    assert run.jobs == {"gate": "failure"}
    assert run.exit_code == 2
    assert said in run.log


@pytest.mark.parametrize("means", ["uv", "pip"])
def test_what_it_needs_is_installed_once(world: World, tmp_path: Path, means: str) -> None:
    uv = act.find("uv") if means == "uv" else None
    if means == "uv" and uv is None:
        pytest.skip("uv is not installed")
    (tmp_path / "fresh").mkdir()
    world.runner = Runner(tmp_path / "fresh", uv=uv)
    world.change()
    assert f"{means} installed what it needs" in world.propose(jobs=("first",)).log
    shutil.rmtree(tmp_path / "checkout")
    assert "found what it needs" in world.propose(jobs=("second",)).log
    assert len(world.forge.records()) == 2


def test_the_action_may_lie_in_the_repository_itself(world: World) -> None:
    world.change()
    payload = world.forge.pull_request("feature")
    checkout = world.forge.checkout("refs/pull/7/merge")
    shutil.copytree(world.runner.action, checkout / "gate")
    place = workflow(world.folder)
    place.write_text(place.read_text("utf-8").replace(f"{act.ACTION}@v1", "./gate"), "utf-8")
    run = world.runner.run("pull_request", payload, workflow=place, checkout=checkout)
    assert run.jobs == {"gate": "success"}

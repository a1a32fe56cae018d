from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.cli import Done, run
from tests.support.policies import HEADER
from tests.support.repository import Repository, clean_environment
from tests.support.schemas import validate

from vsm_gate.scorecards.policy import Source

ORG = f"""{HEADER}objectives:
  green: {{metric: tests.failed, pass: "== 0", locked: true}}
"""


def scorecard(folder: Path, *arguments: str) -> Done:
    return run("scorecard", *arguments, folder=folder, environment=clean_environment(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "teams").mkdir()
    (tmp_path / "org.yaml").write_text(ORG, "utf-8")
    good = f"{HEADER}extends: ../org.yaml\nteam: payments\n"
    (tmp_path / "teams" / "good.yaml").write_text(good, "utf-8")
    bad = f'{HEADER}extends: ../org.yaml\nobjectives:\n  green: {{pass: "<= 1"}}\n"\\e[31m": 1\n'
    (tmp_path / "teams" / "bad.yaml").write_text(bad, "utf-8")
    return tmp_path


def test_good_scorecards(folder: Path) -> None:
    done = scorecard(folder, "lint", "org.yaml", "teams/good.yaml")
    assert done.exit_code == 0
    assert done.stdout == (
        "org.yaml: good: 1 objective\nteams/good.yaml: good: 1 objective, extending org.yaml\n"
    )


def test_mistakes_of_all_files_at_once(folder: Path) -> None:
    done = scorecard(folder, "lint", "teams/bad.yaml", "none.yaml", "org.yaml")
    assert done.exit_code == 2
    lines = done.stdout.splitlines()
    assert lines[0].startswith("teams/bad.yaml:4:11: green is locked at org.yaml:3")
    assert "teams/bad.yaml:5:1: unknown key `\\x1b[31m`" in lines
    assert "teams/bad.yaml: 2 mistakes" in lines
    assert "none.yaml: No such file or directory" in lines
    assert lines[-1] == "org.yaml: good: 1 objective"


def test_lint_as_json(folder: Path) -> None:
    done = scorecard(folder, "lint", "--format", "json", "teams/bad.yaml", "teams/good.yaml")
    assert done.exit_code == 2
    found = done.json()
    validate("scorecard-lint-v1", found)
    bad, good = found["files"]
    assert (bad["file"], bad["ok"], len(bad["mistakes"])) == ("teams/bad.yaml", False, 2)
    assert bad["mistakes"][0]["file"] == "teams/bad.yaml"
    assert (bad["mistakes"][0]["line"], bad["mistakes"][0]["column"]) == (4, 11)
    assert bad["mistakes"][0]["hint"]
    assert (good["ok"], good["objectives"], good["mistakes"]) == (True, 1, [])
    assert good["sources"] == ["org.yaml", "teams/good.yaml"]


def test_show_and_lint_agree_on_the_policy(folder: Path) -> None:
    shown = scorecard(folder, "show", "--format", "json", "teams/good.yaml").json()
    linted = scorecard(folder, "lint", "--format", "json", "teams/good.yaml").json()
    validate("scorecard-show-v1", shown)
    assert shown["sha256"] == linted["files"][0]["sha256"]
    assert shown["policy"]["team"] == "payments"
    assert shown["origins"]["objectives.green.pass"] == "org.yaml:3"
    assert shown["sources"][0] == {
        "name": "org.yaml",
        "sha256": Source("", ORG).sha256,
        "note": None,
    }
    (folder / "flat.yaml").write_text(scorecard(folder, "show", "teams/good.yaml").stdout, "utf-8")
    flat = scorecard(folder, "lint", "--format", "json", "flat.yaml").json()
    assert flat["files"][0]["sha256"] == shown["sha256"]


def test_show_what_is_in_force(folder: Path) -> None:
    shipped = scorecard(folder, "show").stdout
    assert "# vsm-gate:baseline:" in shipped
    assert scorecard(folder, "show", "vsm-gate:baseline").stdout == shipped
    config = "schema: vsm-gate/config/v1\nscorecard: teams/good.yaml\n"
    (folder / ".vsm-gate.yaml").write_text(config, "utf-8")
    shown = scorecard(folder, "show").stdout
    assert "team: payments                                # teams/good.yaml:3\n" in shown


def test_a_scorecard_that_does_not_exist_or_is_wrong(folder: Path) -> None:
    for name in ("none.yaml", "teams/bad.yaml", "vsm-gate:none", "teams"):
        done = scorecard(folder, "show", name)
        assert (done.exit_code, done.stdout) == (2, "")
        assert name in done.stderr


def test_nothing_outside_is_read(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.yaml"
    secret.write_text("password: hunter2\n", "utf-8")
    Repository(folder)
    for target in (str(secret), f"../../{secret.parent.name}/secret.yaml"):
        (folder / "teams" / "spy.yaml").write_text(f"{HEADER}extends: {target}\n", "utf-8")
        done = scorecard(folder, "lint", "teams/spy.yaml")
        assert done.exit_code == 2
        assert "lies outside" in done.stdout
        assert "password" not in done.stdout
    (folder / "teams" / "link.yaml").symlink_to(secret)
    (folder / "teams" / "spy.yaml").write_text(f"{HEADER}extends: link.yaml\n", "utf-8")
    assert "lies outside" in scorecard(folder, "lint", "teams/spy.yaml").stdout


def test_what_is_no_text_or_too_long(folder: Path) -> None:
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (folder / "long.yaml").write_bytes(b"#" * ((1 << 20) + 1))
    done = scorecard(folder, "lint", "binary.yaml", "long.yaml")
    assert done.exit_code == 2
    assert "binary.yaml is not UTF-8 text" in done.stdout
    assert "long.yaml is larger than 1 MiB" in done.stdout


def test_a_pinned_scorecard_from_git(folder: Path, tmp_path: Path) -> None:
    policies = Repository(tmp_path / "policies")
    policies.write("area/org.yaml", ORG)
    policies.git("add", "-A")
    policies.git("commit", "-qm", "policy")
    digest = Source("", ORG).sha256
    where = f"git+file://{policies.path}@main#path=area/org.yaml&sha256="
    (folder / "pinned.yaml").write_text(f"{HEADER}extends: '{where}{digest}'\n", "utf-8")
    done = scorecard(folder, "lint", "pinned.yaml")
    assert (done.exit_code, done.stdout.count("good")) == (0, 1), done.stdout
    (folder / "moved.yaml").write_text(f"{HEADER}extends: '{where}{'0' * 64}'\n", "utf-8")
    done = scorecard(folder, "lint", "moved.yaml")
    assert done.exit_code == 2
    assert f"its SHA-256 is {digest}, and {'0' * 64} was pinned" in done.stdout
    gone = where.replace("main", "gone") + digest
    (folder / "gone.yaml").write_text(f"{HEADER}extends: '{gone}'\n", "utf-8")
    done = scorecard(folder, "lint", "gone.yaml")
    assert done.exit_code == 2
    assert "`extends` cannot be followed" in done.stdout


def test_the_schema_is_json(folder: Path) -> None:
    schema = json.loads(scorecard(folder, "schema").stdout)
    assert schema["properties"]["schema"] == {
        "const": "vsm-gate/scorecard/v1",
        "title": "Schema",
        "type": "string",
    }


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    """A repository with a result of a check in it."""
    repository = Repository(tmp_path / "work")
    repository.write("a.py", "x = 1\n")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "first")
    repository.write("TEST-a.xml", '<testsuite><testcase classname="a" name="b"/></testsuite>')
    done = run(
        *("check", "--no-history", "--tests", "TEST-a.xml", "--json", "result.json"),
        folder=repository.path,
        environment=repository.environment,
    )
    assert done.exit_code == 0, done.stdout + done.stderr
    return repository.path


def test_explaining_a_real_result(checked: Path) -> None:
    done = scorecard(checked, "explain", "result.json", "tests-green")
    assert done.exit_code == 0
    assert "tests-green: pass, score 100.0 of 100\n" in done.stdout
    assert "  rule      vsm-gate:baseline:" in done.stdout
    assert "total: (3 · 100.0 + 1 · 100.0) ÷ 4 = 100.0\n" in done.stdout
    every = scorecard(checked, "explain", "result.json", "--format", "json").json()
    validate("scorecard-explain-v1", every)
    result = json.loads((checked / "result.json").read_text("utf-8"))
    assert set(every["objectives"]) == set(result["objectives"])


def test_what_cannot_be_explained(checked: Path) -> None:
    done = scorecard(checked, "explain", "result.json", "test-green")
    assert done.exit_code == 2
    assert "perhaps you meant `tests-green`?" in done.stderr
    assert "it has tests-green, " in scorecard(checked, "explain", "result.json", "x").stderr
    for name, text in [("none.json", "No such file"), ("TEST-a.xml", "is no result of a check")]:
        done = scorecard(checked, "explain", name)
        assert done.exit_code == 3
        assert text in done.stderr


def test_campaigns_by_team(checked: Path) -> None:
    card = (
        f"{HEADER}extends: vsm-gate:baseline\ncampaigns:\n"
        "  green: {title: All green, objective: tests-green, by: 2026-12-01}\n"
        "  silver: {level: silver, by: 2026-11-01}\n"
    )
    (checked / "card.yaml").write_text(card, "utf-8")
    for team in ("payments", "search"):
        done = run(
            *("check", "--tests", "TEST-a.xml", "--team", team, "--scorecard", "card.yaml"),
            *("--now", "2026-11-20T12:00:00Z"),
            folder=checked,
            environment=Repository(checked, create=False).environment,
        )
        assert done.exit_code == 0, done.stdout + done.stderr
    now = ("--now", "2026-11-22T12:00:00Z")
    done = scorecard(checked, "campaigns", "card.yaml", *now)
    assert done.stdout.splitlines() == [
        "green: All green: 2 of 2 teams, by 2026-12-01 (9 days left)",
        "  ✓ payments: pass",
        "  ✓ search: pass",
        "silver: silver: 0 of 2 teams, by 2026-11-01 (21 days past)",
        "  ✗ payments: bronze",
        "  ✗ search: bronze",
    ]
    found = scorecard(checked, "campaigns", "card.yaml", "--format", "json", *now).json()
    validate("scorecard-campaigns-v1", found)
    assert found["campaigns"]["green"]["reached"] == 2
    assert found["campaigns"]["silver"]["teams"]["search"]["reached"] is False
    assert found["campaigns"]["green"]["teams"]["search"]["components"] == {}
    later = scorecard(checked, "campaigns", "card.yaml", "--now", "2027-11-22T12:00:00Z")
    assert "0 of 0 teams" in later.stdout
    none = scorecard(checked, "campaigns", "vsm-gate:baseline")
    assert none.stdout == "the scorecard has no campaigns\n"


def test_lint_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "card.yaml").write_text(f"{HEADER}extends: vsm-gate:baseline\nteam: a\n", "utf-8")
    program = (
        "import sys; from vsm_gate.cli.main import group;"
        "group(['scorecard', 'lint', 'card.yaml'], standalone_mode=False);"
        "print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "vsm_gate.scorecards.load" in loaded
    for heavy in ("vsm_gate.history", "vsm_gate.api", "vsm_gate.readers", "vsm_gate.change"):
        assert heavy not in loaded, heavy
    assert not loaded & {"jinja2", "coverage", "junitparser", "duckdb", "vsm_gate.collect.forge"}

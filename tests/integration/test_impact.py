"""What a check says of a change's reach, of its sensitive files and of its components' past."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support import cli
from tests.support.answers import answering, vector
from tests.support.project import NOW, Project
from tests.support.repository import Repository

CONFIG = """\
schema: vsm-gate/config/v1
scorecard: scorecard.yaml
components:
  - {name: pay, paths: [src/pay/**], owner: "@acme/pay", tier: 1}
  - {name: shop, paths: [src/shop/**], depends_on: [pay]}
  - {name: docs, paths: [docs/**]}
"""
SCORECARD = """\
schema: vsm-gate/scorecard/v1
team: payments
objectives:
  covered:
    {metric: coverage.patch, pass: ">= 80%", applies_when: {paths: ["**", "!docs/**", "!*.md"]}}
  two-approvals:
    {metric: change.approvals, pass: ">= 2", applies_when: {sensitive: migrations, tier: 1}}
  large: {metric: change.approvals, pass: ">= 1", applies_when: {lines: ">= 100"}}
"""


class Shop(Project):
    """A repository with a policy, on a branch off `main`."""

    def __init__(self, folder: Path, config: str = CONFIG) -> None:
        files = {".vsm-gate.yaml": config, "scorecard.yaml": SCORECARD, "src/pay/a.py": "a\n"}
        table = "CREATE TABLE users (id int);\n"
        super().__init__(folder, {**files, "src/pay/migrations/001.sql": table})
        self.repository.branch("feature")

    def change(self, **files: str) -> None:
        self.write(files)
        self.repository.commit("A change")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


def statuses(result: dict[str, Any]) -> dict[str, str]:
    return {name: found["status"] for name, found in result["objectives"].items()}


def test_a_change_of_documentation_is_not_asked_for_coverage(shop: Shop) -> None:
    shop.change(**{"docs/a.md": "word\n", "README.md": "word\n"})
    result = shop.result()
    assert statuses(result) == dict.fromkeys(
        ("covered", "two-approvals", "large"), "not_applicable"
    )
    assert result["objectives"]["covered"]["applies"] is None
    assert "it applies where paths are in" in result["objectives"]["covered"]["explanation"]


def test_a_migration_in_tier_1_is_asked_for_two_approvals(shop: Shop) -> None:
    shop.change(**{"src/pay/migrations/002.sql": "ALTER TABLE users ADD name text;\n"})
    result = shop.result()
    assert statuses(result) == {
        "covered": "missing",
        "two-approvals": "missing",
        "large": "not_applicable",
    }
    shown = shop.check("--no-history").stdout
    assert "two-approvals: Approvals cannot be told" in shown


def test_code_in_tier_1_and_a_migration_elsewhere_are_not(shop: Shop) -> None:
    shop.change(**{"src/pay/a.py": "b\n"})
    assert statuses(shop.result())["two-approvals"] == "not_applicable"


def test_a_large_change_is_asked_for_more(shop: Shop) -> None:
    shop.change(**{"src/shop/a.py": "line\n" * 100})
    assert statuses(shop.result())["large"] == "missing"


def test_moving_code_into_the_documentation_is_no_change_of_documentation(shop: Shop) -> None:
    shop.repository.move("src/pay/a.py", "docs/a.md").commit("A change")
    assert statuses(shop.result())["covered"] == "missing"


def test_why_an_objective_applies_is_shown(shop: Shop) -> None:
    text = SCORECARD.replace('change.approvals, pass: ">= 2"', 'change.files, pass: "<= 5"')
    shop.repository.checkout("main").write("scorecard.yaml", text).commit("A policy")
    shop.repository.branch("other")
    shop.change(**{"src/pay/migrations/002.sql": "SELECT 1;\n"})
    assert "applies: tier is 1 and sensitive is migrations" in shop.run("check").stdout


def test_what_a_migration_does_is_named_with_its_line(shop: Shop) -> None:
    script = "-- a comment\nALTER TABLE users\n  DROP COLUMN email;\nDROP TABLE carts;\n"
    shop.change(**{"src/pay/migrations/002.sql": script})
    result = shop.result()
    assert [(each["line"], each["finding"]) for each in result["impact"]["details"]] == [
        (2, "drops the column `users.email`"),
        (4, "drops the table `carts`"),
    ]
    assert result["measurements"]["impact.breaking"]["value"] == 2
    assert result["record"]["document"]["impact"]["details"] == result["impact"]["details"]
    shown = shop.run("check", "--no-history").stdout
    assert "✗ drops the table `carts`  src/pay/migrations/002.sql:4" in shown


def test_a_renamed_file_is_compared_with_what_it_was(shop: Shop) -> None:
    schema = "type Query {\n  a: Int\n  b: Int\n  c: Int\n  d: Int\n  e: Int\n}\n"
    shop.repository.checkout("main").write("src/old.graphql", schema).commit("A schema")
    shop.repository.branch("other").move("src/old.graphql", "src/new.graphql")
    shop.change(**{"src/new.graphql": schema.replace("  a: Int\n", "")})
    found = shop.result()["impact"]["details"]
    assert [(each["path"], each["finding"]) for each in found] == [
        ("src/new.graphql", "Field Query.a was removed")
    ]


def test_files_that_cannot_be_read_are_named_and_not_counted_as_none(shop: Shop) -> None:
    shop.repository.write("src/pay/migrations/002.sql", b"\0\1\2")
    shop.repository.link("src/pay/migrations/003.sql", "/etc/passwd")
    shop.change(**{"src/pay/migrations/004.sql": "x" * (5 << 20)})
    result = shop.result()
    assert [(each["path"][-7:], each["finding"]) for each in result["impact"]["details"]] == [
        ("002.sql", "what it does is not known: it is no text"),
        ("004.sql", "what it does is not known: it is larger than 4 MB"),
    ]
    assert "no text" in result["measurements"]["impact.breaking"]["missing"]


def test_sensitive_classes_are_those_of_the_base(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", CONFIG + "sensitive: {money: [src/pay/**], migrations: false}\n")
    shop.change(
        **{
            ".vsm-gate.yaml": CONFIG + "sensitive: {money: false}\n",
            "src/pay/a.py": "b\n",
            "src/pay/migrations/002.sql": "DROP TABLE users;\n",
        }
    )
    impact = shop.result()["impact"]
    assert impact["sensitive"]["money"] == ["src/pay/a.py", "src/pay/migrations/002.sql"]
    assert "migrations" not in impact["sensitive"]
    assert impact["details"] == []


def test_nobody_shrinks_their_own_reach(shop: Shop) -> None:
    smaller = CONFIG.replace(", depends_on: [pay]", "").replace("tier: 1", "tier: 3")
    shop.change(**{".vsm-gate.yaml": smaller, "src/pay/a.py": "b\n"})
    result = shop.result()
    assert result["impact"]["reached"] == ["pay", "shop"]
    assert result["impact"]["tier"] == 1
    assert {note for note in result["notes"] if note.startswith("judged as")} == {
        "judged as at its base: `pay` is of tier 1",
        "judged as at its base: `shop` depends on `pay`",
    }


def test_what_a_change_adds_to_the_components_counts_at_once(shop: Shop) -> None:
    more = CONFIG.replace("docs/**]}", "docs/**], depends_on: [shop]}")
    more += "  - {name: new, paths: [src/new/**], depends_on: [pay]}\n"
    shop.change(**{".vsm-gate.yaml": more, "src/pay/a.py": "b\n", "src/new/a.py": "b\n"})
    result = shop.result()
    assert result["impact"]["components"] == ["new", "pay"]
    assert result["impact"]["reached"] == ["docs", "new", "pay", "shop"]
    assert result["impact"]["total"] == 4


def workspace(folder: Path) -> Repository:
    """An npm workspace in which `web` needs `core`."""
    repository = Repository(folder)
    repository.write("package.json", '{"name": "root", "workspaces": ["packages/*"]}')
    repository.write("packages/core/package.json", '{"name": "core"}')
    repository.write("packages/core/index.js", "1\n")
    repository.write("packages/web/package.json", '{"name": "web", "dependencies": {"core": "*"}}')
    repository.commit("The base")
    return repository.branch("feature")


def reached(repository: Repository) -> tuple[list[str], list[str]]:
    """What is reached, and the notes about components."""
    done = cli.run(
        *("check", "--no-history", "--format", "json"),
        folder=repository.path,
        environment=repository.environment,
    )
    found = json.loads(done.stdout)
    notes = [note for note in found["notes"] if "packages" in note or "judged" in note]
    return found["impact"]["reached"], notes


def test_discovered_components_are_those_of_the_base(tmp_path: Path) -> None:
    repository = workspace(tmp_path / "workspace")
    repository.write("packages/core/index.js", "2\n")
    repository.write("packages/web/package.json", '{"name": "web"}').commit("A change")
    assert reached(repository) == (
        ["core", "web"],
        ["judged as at its base: `web` depends on `core`"],
    )


def test_a_manifest_that_is_broken_or_gone_hides_nothing(tmp_path: Path) -> None:
    repository = workspace(tmp_path / "workspace")
    repository.write("packages/core/index.js", "2\n").remove("packages/core/package.json")
    repository.write("packages/web/package.json", "{").commit("A change")
    found, notes = reached(repository)
    assert found == ["core", "web"]
    assert any("packages/web/package.json: it cannot be read" in note for note in notes)
    assert "judged as at its base: this change takes the component `core` away" in notes


def test_a_member_within_a_member_takes_no_file_away_from_it(tmp_path: Path) -> None:
    repository = workspace(tmp_path / "workspace")
    repository.write("package.json", '{"name": "root", "workspaces": ["packages/**"]}')
    repository.write("packages/core/src/package.json", '{"name": "decoy"}')
    repository.write("packages/core/src/a.js", "1\n").commit("A change")
    found, _ = reached(repository)
    assert found == ["core", "decoy", "root", "web"]


def record(shop: Shop, kind: str, *arguments: str) -> None:
    done = shop.run("event", kind, "--now", NOW, *arguments)
    assert done.exit_code == 0, done.stderr


def lived_through(shop: Shop) -> None:
    """Two deployments of `pay` of which one failed, an open incident, half of a budget left."""
    for number, status in ((1, "success"), (2, "failure")):
        times = [f"--{word}=2026-11-1{number}T09:00:00Z" for word in ("started", "finished")]
        given = [f"--id=d{number}", f"--status={status}", f"--commit={'c' * 40}"]
        record(shop, "deployment", *given, *times, "--component=pay")
    old = ["--started=2026-10-01T09:00:00Z", "--finished=2026-10-01T09:00:00Z"]
    record(shop, "deployment", "--id=d0", "--status=failure", f"--commit={'c' * 40}", *old)
    record(shop, "incident", "--id=INC-7", "--started=2026-11-20T09:00:00Z", "--component=shop")
    counts = ["--target=99%", "--good=995", "--total=1000"]
    record(shop, "slo", "--name=up", *counts, "--component=shop")


def test_how_the_components_fared_is_measured_and_shown(shop: Shop) -> None:
    lived_through(shop)
    shop.change(**{"src/pay/a.py": "b\n"})
    result = shop.result()
    measured = result["measurements"]
    assert measured["impact.component_failure_rate"]["value"] == 50
    assert measured["impact.component_failure_rate"]["denominator"] == 2
    assert measured["impact.error_budget"]["value"] == 50
    assert result["impact"]["operations"]["incidents"][0]["id"] == "INC-7"
    shown = shop.check().stdout
    assert "lately    1 of 2 deployments of what is touched failed in 28 days" in shown
    assert "lately    incident INC-7 is open since 2026-11-20 (shop)" in shown
    assert "lately    error budget of up (shop): 50.0 % left" in shown


def test_events_of_other_components_and_repositories_do_not_count(shop: Shop) -> None:
    lived_through(shop)
    shop.change(**{"docs/a.md": "b\n"})
    measured = shop.result()["measurements"]
    assert "no deployment" in measured["impact.component_failure_rate"]["missing"]
    assert "no SLO reading" in measured["impact.error_budget"]["missing"]


def test_without_a_history_there_is_a_reason(shop: Shop) -> None:
    shop.change(**{"src/pay/a.py": "b\n"})
    measured = shop.result("--no-history")["measurements"]
    assert measured["impact.component_failure_rate"]["missing"] == "no history is kept"


SLO = """\
slo:
  - {from: ADDRESS, component: shop, name: up, target: 99%, good: good, total: total}
  - {from: ADDRESS/slo.json, component: docs}
  - {from: build/metrics.txt, component: pay, name: fast, target: 90%, good: 'r{ok="1"}', total: r}
  - {from: build/none.json}
"""


def test_budgets_are_read_where_the_configuration_says(tmp_path: Path) -> None:
    with answering() as answers:
        answers.queries = {"good": vector(998), "total": vector(1000)}
        shop = Shop(tmp_path / "shop", CONFIG + SLO.replace("ADDRESS", answers.address))
        shop.write({"build/metrics.txt": 'r{ok="1"} 96\nr{ok="0"} 4\n'})
        shop.repository.write("src/pay/.gitignore", "b\n").write(".git/info/exclude", "build\n")
        shop.repository.commit("A change", ignored=False)
        result = shop.result()
        assert not [path for path, _ in answers.asked if path == "/slo.json"]
    budgets = result["impact"]["operations"]["error_budgets"]
    assert [(each["name"], each["remaining"], each["components"]) for each in budgets] == [
        ("fast", 60, ["pay"]),
        ("up", 80, ["shop"]),
    ]
    assert result["measurements"]["impact.error_budget"]["value"] == 60
    assert result["impact"]["notes"] == [
        "SLO: build/none.json cannot be read: No such file or directory"
    ]
    assert "SLO: build/none.json cannot be read" in shop.check().stdout


def test_a_change_names_no_source_of_its_own(shop: Shop) -> None:
    with answering() as answers:
        config = CONFIG + SLO.replace("ADDRESS", answers.address)
        shop.change(**{".vsm-gate.yaml": config, "src/pay/a.py": "b\n"})
        assert "no SLO reading" in shop.result()["measurements"]["impact.error_budget"]["missing"]
        assert answers.asked == []


@pytest.mark.parametrize(
    ("entry", "mistake"),
    [
        ("{from: x, good: y}", "`name` is missing beside `good` and `total`"),
        ("{from: x, name: n, target: 99, good: y}", "`total` is missing beside"),
        ("{from: x, target: most}", "should match pattern"),
        ("{name: x}", "`from` is missing"),
    ],
)
def test_sources_that_are_not_whole(tmp_path: Path, entry: str, mistake: str) -> None:
    shop = Shop(tmp_path / "shop", f"{CONFIG}slo: [{entry}]\n")
    done = shop.run("check")
    assert done.exit_code == 2
    assert mistake in done.stderr


def slo_events(shop: Shop) -> list[dict[str, Any]]:
    found = shop.run("history", "log", "--format", "json").json()["records"]
    documents = [each["document"] for each in found]
    return [each["event"] for each in documents if each["kind"] == "slo"]


def test_readings_become_events(shop: Shop) -> None:
    with answering() as answers:
        answers.queries = {"good": vector(998), "total": vector(1000)}
        answers.say("/slo.json", '{"name": "fast", "target": "90", "good": 9, "total": 10}')
        shop.write({"metrics.txt": "good_total 5\nall_total 6\n"})
        asked = ["--name=up", "--target=99%", "--good=good", "--total=total"]
        record(shop, "slo", f"--from={answers.address}", *asked, "--component=pay")
        record(shop, "slo", f"--from={answers.address}/slo.json")
        counted = ["--name=file", "--target=99%", "--good=good_total", "--total=all_total"]
        record(shop, "slo", "--from=metrics.txt", *counted)
    found = {each["name"]: (each["good"], each["total"]) for each in slo_events(shop)}
    assert found == {"up": (998, 1000), "fast": (9, 10), "file": (5, 6)}


def test_the_configured_readings_become_events_and_the_others_are_told(tmp_path: Path) -> None:
    with answering() as answers:
        answers.queries = {"good": vector(998), "total": vector(1000)}
        shop = Shop(tmp_path / "shop", CONFIG + SLO.replace("ADDRESS", answers.address))
        done = shop.run("event", "slo", "--configured", "--now", NOW)
    assert done.exit_code == 3
    assert "slo.json answers 404" in done.stderr
    assert "build/none.json cannot be read" in done.stderr
    (found,) = slo_events(shop)
    assert (found["name"], found["good"]) == ("up", 998)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--configured"], "the configuration names no source"),
        (["--configured", "--name=x"], "nothing beside it"),
        (["--from=http://x", "--good=a"], "--name is missing"),
        (["--from=http://x", "--name=a"], "not from both"),
        (["--from=a.txt", "--good=a", "--name=x", "--target=9", "--total=b", "--at=z"], "--at"),
    ],
)
def test_readings_that_cannot_be_asked_for(shop: Shop, arguments: list[str], reason: str) -> None:
    done = shop.run("event", "slo", *arguments)
    assert done.exit_code == 2
    assert reason in done.stderr


def test_a_first_commit_is_read_too(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "first")
    repository.write("db/migrations/1.sql", "DROP TABLE a;\n").write("package.json", "{}").commit()
    done = cli.run(
        *("check", "--no-history", "--format", "json"),
        folder=repository.path,
        environment=repository.environment,
    )
    (found,) = json.loads(done.stdout)["impact"]["details"]
    assert found["finding"] == "drops the table `a`"


def test_names_that_are_hard_to_ask_git_for(shop: Shop) -> None:
    names = ["-x.sql", ":(glob)*.sql", "a\nb.sql", "*.sql", "ü.sql"]
    shop.change(
        **{f"src/pay/migrations/{name}": f"DROP TABLE t{n};" for n, name in enumerate(names)}
    )
    found = shop.result()["impact"]["details"]
    assert {(each["path"].partition("migrations/")[2], each["finding"]) for each in found} == {
        (name, f"drops the table `t{number}`") for number, name in enumerate(names)
    }


def test_lock_files_of_the_base_and_the_head_are_compared(shop: Shop) -> None:
    lock = '[[package]]\nname = "serde"\nversion = "{}"\n'
    shop.repository.checkout("main").write("Cargo.lock", lock.format("1.0.0")).commit("A lock")
    shop.repository.branch("other")
    shop.change(**{"Cargo.lock": lock.format("2.0.0")})
    result = shop.result()
    assert result["impact"]["details"] == [
        {
            "class": "dependencies",
            "path": "Cargo.lock",
            "line": None,
            "finding": "`serde` 1.0.0 → 2.0.0: a major version up",
            "severity": "warning",
        }
    ]
    assert result["measurements"]["impact.breaking"]["value"] == 0


def test_a_history_that_cannot_be_read_is_a_reason_and_no_clean_past(shop: Shop) -> None:
    shop.change(**{"src/pay/a.py": "b\n"})
    result = shop.result("--history-remote", str(shop.repository.path / "nowhere"))
    for metric in ("impact.component_failure_rate", "impact.error_budget"):
        assert "the history could not be read" in result["measurements"][metric]["missing"]

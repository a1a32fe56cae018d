"""`vsm-gate components`, and what a check makes of what a repository declares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support import cli, schemas
from tests.support.repository import Repository

from vsm_gate.collect.components import MAX_SIZE, discover_components

CATALOG = (
    "kind: Component\nmetadata: {name: payments}\nspec: {owner: pay, dependsOn: [component:gone]}\n"
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "checkout")
    repository.write("package.json", '{"name": "acme", "workspaces": ["packages/*"]}')
    repository.write("packages/core/package.json", '{"name": "core"}')
    repository.write("packages/shop/package.json", '{"name": "shop", "dependencies": {"core": ""}}')
    repository.write("packages/pay/package.json", '{"name": "pay", "dependencies": {"core": ""}}')
    repository.write("packages/pay/catalog-info.yaml", CATALOG)
    repository.commit()
    return repository


def run(repository: Repository, *arguments: str, folder: str = "") -> cli.Done:
    return cli.run(*arguments, folder=repository.path / folder, environment=repository.environment)


def test_where_each_fact_came_from(repository: Repository) -> None:
    done = run(repository, "components", "--format", "json", folder="packages/core")
    assert done.exit_code == 0
    document = done.json()
    assert document["schema"] == "vsm-gate/components/v1"
    schemas.validate("components-v1", document)
    assert [entry["name"] for entry in document["components"]] == [
        "acme",
        "core",
        "payments",
        "shop",
    ]
    assert document["components"][2] == {
        "name": "payments",
        "root": "packages/pay",
        "paths": [],
        "owner": {"value": "pay", "source": "packages/pay/catalog-info.yaml"},
        "tier": None,
        "depends_on": [
            {"name": "gone", "source": "packages/pay/catalog-info.yaml"},
            {"name": "core", "source": "packages/pay/package.json"},
        ],
        "sources": ["packages/pay/catalog-info.yaml", "packages/pay/package.json"],
    }
    assert document["conflicts"] == ["component `payments` depends on `gone`, which is not known"]
    assert document["problems"] == []


def test_the_same_for_a_person(repository: Repository) -> None:
    repository.write("packages/core/package.json", "{").commit()
    done = run(repository, "components")
    assert "payments\n  folder     packages/pay\n  owner      pay (" in done.stdout
    assert "Conflicts\n  component `payments` depends on `gone`" in done.stdout
    assert "Not read\n  packages/core/package.json: it cannot be read" in done.stdout


@pytest.mark.parametrize(
    ("shape", "edge"), [("dot", '"shop" -> "core";'), ("mermaid", "c3 --> c1")]
)
def test_as_a_picture(repository: Repository, shape: str, edge: str) -> None:
    assert edge in run(repository, "components", "--format", shape).stdout


def test_a_list_takes_the_place_of_what_is_discovered(repository: Repository) -> None:
    entries = "  - {name: a, paths: [packages/core]}\n  - {name: b, paths: [x], depends_on: [a]}\n"
    text = f"schema: vsm-gate/config/v1\ncomponents:\n{entries}"
    repository.write(".vsm-gate.yaml", text).write("other.yaml", text.replace("name: a", "name: z"))
    document = run(repository, "components", "--format", "json").json()
    assert [entry["name"] for entry in document["components"]] == ["a", "b"]
    assert document["components"][1]["paths"] == ["x"]
    document = run(repository, "components", "--config=other.yaml", "--format=json").json()
    assert [entry["name"] for entry in document["components"]] == ["z", "b"]
    assert "`b` depends on `a`" in document["conflicts"][0]
    assert run(repository, "components", "--config=none.yaml").exit_code == 2


def test_a_repository_without_any_is_told_how(tmp_path: Path) -> None:
    empty = Repository(tmp_path / "empty")
    done = run(empty, "components")
    assert done.exit_code == 0
    assert "No components were found" in done.stdout


def test_a_check_says_what_a_change_of_a_member_reaches(repository: Repository) -> None:
    repository.write("packages/core/index.js", "1\n").commit()
    file = repository.path.parent / "result.json"
    run(repository, "check", "--no-history", f"--json={file}")
    result = json.loads(file.read_text(encoding="utf-8"))
    assert result["impact"]["components"] == ["core"]
    assert result["impact"]["reached"] == ["core", "payments", "shop"]
    assert result["measurements"]["impact.blast_radius"]["value"] == 75


def test_a_file_that_moves_touches_the_member_that_it_leaves(repository: Repository) -> None:
    repository.write("packages/core/index.js", "some\nlines\n").commit()
    repository.move("packages/core/index.js", "packages/shop/index.js").commit()
    file = repository.path.parent / "result.json"
    run(repository, "check", "--no-history", f"--json={file}")
    impact = json.loads(file.read_text(encoding="utf-8"))["impact"]
    assert impact["components"] == ["core", "shop"]


def test_what_is_read_stays_in_the_repository_and_in_bounds(repository: Repository) -> None:
    outside = repository.path.parent / "outside.json"
    outside.write_text('{"name": "outside"}')
    (repository.path / "packages" / "shop" / "package.json").unlink()
    repository.link("packages/shop/package.json", str(outside))
    repository.write("packages/pay/package.json", " " * (MAX_SIZE + 1))
    repository.remove("packages/core/package.json")
    tracked = repository.git("ls-files").splitlines()
    troubles = {
        item.source: item.reason for item in discover_components(repository.path, tracked).troubles
    }
    assert troubles == {
        "packages/core/package.json": "it cannot be read: No such file or directory",
        "packages/pay/package.json": "it is larger than 2 MB",
        "packages/shop/package.json": "it is a link to a place outside of the repository",
    }


def test_tests_and_vendored_code_declare_nothing_and_a_graph_need_not_be_tracked(
    tmp_path: Path,
) -> None:
    graph = '{"graph": {"nodes": {"a": {"data": {"root": "a"}}}, "dependencies": {}}}'
    (tmp_path / "nx-graph.json").write_text(graph)
    for folder in ("tests/data", "vendor/x", "node_modules/y"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "catalog-info.yaml").write_text(CATALOG)
    tracked = [f"{folder}/catalog-info.yaml" for folder in ("tests/data", "vendor/x")]
    found = discover_components(tmp_path, tracked)
    assert [(item.name, item.root) for item in found.components] == [("a", "a")]


def test_a_graph_that_is_too_large_is_named_and_not_read_to_its_end(repository: Repository) -> None:
    with (repository.path / "nx-graph.json").open("wb") as graph:
        graph.truncate(200 << 20)
    done = run(repository, "components", "--format", "json")
    assert done.exit_code == 0
    assert done.json()["problems"] == ["nx-graph.json: it is larger than 64 MB"]
    assert len(done.json()["components"]) == 4
    shown = run(repository, "check", "--no-history").stdout
    assert "note      nx-graph.json: it is larger than 64 MB" in shown


def test_a_graph_of_bazel_is_found_where_a_step_left_it(repository: Repository) -> None:
    query = '{"type":"RULE","rule":{"name":"//packages/shop","ruleInput":["//packages/pay:lib"]}}'
    other = '{"type":"RULE","rule":{"name":"//packages/pay:lib"}}'
    repository.write("bazel-query.jsonl", f"{query}\n{other}\n")
    found = run(repository, "components", "--format", "json").json()["components"]
    (shop,) = (entry for entry in found if entry["root"] == "packages/shop")
    assert {"name": "payments", "source": "bazel-query.jsonl"} in shop["depends_on"]


def test_lines_of_codeowners_that_cannot_be_read_are_named(repository: Repository) -> None:
    text = "packages/pay @acme/pay\n!packages @acme/x\npackages/core not-an-owner\n"
    repository.write("CODEOWNERS", text).commit()
    repository.write("packages/pay/index.js", "1\n").commit()
    shown = run(repository, "check", "--no-history").stdout
    assert "note      CODEOWNERS:2:1: a pattern cannot be negated" in shown
    assert "note      CODEOWNERS:3:1: `not-an-owner` is not an owner" in shown
    assert "owned by @acme/pay" in " ".join(shown.split())

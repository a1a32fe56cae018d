"""The workspaces of package managers: who is a member, and who depends on whom."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

import pytest

from vsm_gate.impact.discover import (
    bazel,
    cargo,
    compose,
    golang,
    gradle,
    maven,
    node,
    nx,
    python,
    turbo,
)
from vsm_gate.impact.discover.contract import Found, Trouble

Graph = dict[str, tuple[str | None, list[str]]]


def graph(kind: ModuleType, files: Mapping[str, str]) -> Graph:
    """Name, folder and dependencies of what a format finds in files of which it wants all."""
    assert [path for path in files if not kind.wants(path)] == []
    items = list(kind.find(files))
    assert [item for item in items if isinstance(item, Trouble)] == []
    return {item.name: (item.root, sorted(item.depends_on)) for item in items}


def test_npm() -> None:
    files = {
        "package.json": '{"name": "acme", "workspaces": ["packages/*", "!packages/old", "web"]}',
        "packages/ui/package.json": '{"name": "@acme/ui", "dependencies": {"@acme/core": "^1"}}',
        "packages/core/package.json": '{"name": "@acme/core", "dependencies": {"react": "18"}}',
        "packages/old/package.json": '{"name": "old"}',
        "packages/ui/demo/package.json": '{"name": "not-a-member"}',
        "web/package.json": '{"name": "web", "devDependencies": {"@acme/ui": "*", "web": "*"},'
        '"peerDependencies": {"@acme/core": "1"}, "optionalDependencies": {"old": "1"}}',
    }
    assert graph(node, files) == {
        "acme": ("", []),
        "@acme/ui": ("packages/ui", ["@acme/core"]),
        "@acme/core": ("packages/core", []),
        "web": ("web", ["@acme/core", "@acme/ui"]),
    }


def test_yarn_names_its_patterns_in_an_object() -> None:
    files = {
        "js/package.json": '{"workspaces": {"packages": ["./packages/**/"]}}',
        "js/packages/a/b/package.json": '{"dependencies": {"c": "portal:../../c"}}',
        "js/packages/c/package.json": '{"name": "c", "dependencies": {"x": "npm:js/packages@1"}}',
    }
    assert graph(node, files) == {
        "js": ("js", []),
        "js/packages/a/b": ("js/packages/a/b", ["c"]),
        "c": ("js/packages/c", []),
    }


def test_pnpm() -> None:
    files = {
        "pnpm-workspace.yaml": "packages:\n  - 'libs/**'\n  - '!**/fixtures/**'\n",
        "package.json": '{"name": "root", "private": true}',
        "libs/a/package.json": '{"name": "a", "dependencies": {"b": "workspace:*"}}',
        "libs/b/package.json": '{"name": "b", "dependencies": {"a": "npm:other@1"}}',
        "libs/b/fixtures/x/package.json": '{"name": "x"}',
    }
    assert graph(node, files) == {
        "root": ("", []),
        "a": ("libs/a", ["b"]),
        "b": ("libs/b", []),
    }


def test_a_single_package_is_no_workspace() -> None:
    assert graph(node, {"package.json": '{"name": "a"}', "b/package.json": "{}"}) == {}


def test_uv() -> None:
    files = {
        "pyproject.toml": '[project]\nname = "Acme_App"\ndependencies = ["acme.lib>=1", "click"]\n'
        '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/old"]\n'
        "[tool.uv.sources]\nacme-lib = {workspace = true}\n",
        "packages/lib/pyproject.toml": '[project]\nname = "acme-lib"\n'
        "[project.optional-dependencies]\nx = [\"acme-core[all] ; python_version > '3'\"]\n",
        "packages/core/pyproject.toml": '[project]\nname = "acme-core"\n'
        '[dependency-groups]\ndev = ["acme-test", {include-group = "x"}]\n',
        "packages/test/pyproject.toml": '[project]\nname = "acme-test"\n',
        "packages/old/pyproject.toml": '[project]\nname = "old"\n',
        "elsewhere/pyproject.toml": '[project]\nname = "elsewhere"\ndependencies = ["acme-lib"]\n',
    }
    assert graph(python, files) == {
        "acme-app": ("", ["acme-lib"]),
        "acme-lib": ("packages/lib", ["acme-core"]),
        "acme-core": ("packages/core", ["acme-test"]),
        "acme-test": ("packages/test", []),
    }


def test_poetry() -> None:
    files = {
        "app/pyproject.toml": '[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\n'
        'python = "^3.11"\nlib = {path = "../lib", develop = true}\n'
        '[tool.poetry.group.dev.dependencies]\ntools = {path = "../tools"}\n',
        "lib/pyproject.toml": '[tool.poetry]\nname = "lib"\n',
        "tools/pyproject.toml": '[project]\nname = "tools"\n[tool.uv.sources]\n'
        'gone = {path = "../../outside"}\nother = {path = "../none"}\n',
        "alone/pyproject.toml": '[tool.poetry]\nname = "alone"\n',
    }
    assert graph(python, files) == {
        "app": ("app", ["lib", "tools"]),
        "lib": ("lib", []),
        "tools": ("tools", []),
    }


def test_cargo() -> None:
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n'
        '[workspace.dependencies]\ncore = {path = "crates/core"}\nserde = "1"\n',
        "crates/core/Cargo.toml": '[package]\nname = "core"\n[dependencies]\nserde = "1"\n',
        "crates/cli/Cargo.toml": '[package]\nname = "cli"\n'
        "[dependencies]\ncore = {workspace = true}\nserde = {workspace = true}\n"
        "[target.'cfg(unix)'.build-dependencies]\nrenamed = {package = \"x\", path = '../../x'}\n"
        '[dev-dependencies]\ncli = {path = "."}\n',
        "x/Cargo.toml": '[package]\nname = "x"\n[dev-dependencies]\ny = {path = "../y"}\n',
        "y/Cargo.toml": '[package]\nname = "y"\n',
        "crates/old/Cargo.toml": '[package]\nname = "old"\n',
    }
    assert graph(cargo, files) == {
        "core": ("crates/core", []),
        "cli": ("crates/cli", ["core", "x"]),
        "x": ("x", ["y"]),
        "y": ("y", []),
    }


def test_a_crate_at_the_root_of_its_workspace_is_a_member() -> None:
    files = {
        "Cargo.toml": '[package]\nname = "top"\n[workspace]\n[dependencies]\na = {path = "a"}\n',
        "a/Cargo.toml": '[package]\nname = "a"\n',
    }
    assert graph(cargo, files) == {"top": ("", ["a"]), "a": ("a", [])}


def test_go() -> None:
    files = {
        "go.work": "go 1.22\n\nuse (\n\t./api // the api\n\t./lib\n)\nuse ./cmd\n",
        "api/go.mod": "module acme.io/api\n\n"
        "require (\n\tacme.io/lib v0.0.0\n\tx.io/y v1 // indirect\n)\n",
        "lib/go.mod": 'module "acme.io/lib"\n',
        "cmd/go.mod": "module acme.io/cmd\nrequire acme.io/api v0.1.0\nrequire acme.io/tool v1\n",
        "tool/go.mod": "module acme.io/tool\n",
    }
    assert graph(golang, files) == {
        "acme.io/api": ("api", ["acme.io/lib"]),
        "acme.io/lib": ("lib", []),
        "acme.io/cmd": ("cmd", ["acme.io/api"]),
    }
    del files["go.work"]
    assert graph(golang, files)["acme.io/cmd"] == ("cmd", ["acme.io/api", "acme.io/tool"])
    assert graph(golang, {"go.mod": "module a\n"}) == {}


def test_maven() -> None:
    space = 'xmlns="http://maven.apache.org/POM/4.0.0"'
    parent = "<parent><groupId>acme</groupId><artifactId>all</artifactId></parent>"

    def wants(group: str, artifact: str) -> str:
        return (
            f"<dependencies><dependency><groupId>{group}</groupId>"
            f"<artifactId>{artifact}</artifactId></dependency></dependencies>"
        )

    files = {
        "pom.xml": f"<project {space}><groupId>acme</groupId><artifactId>all</artifactId>"
        "<modules><module>api</module><module>./lib/pom.xml</module></modules><profiles><profile>"
        "<modules><module>extra</module></modules></profile></profiles></project>",
        "api/pom.xml": f"<project {space}>{parent}<artifactId>api</artifactId>"
        f"{wants('${project.groupId}', 'lib')}</project>",
        "lib/pom.xml": f"<project>{parent}<artifactId>lib</artifactId>"
        f"{wants('org.slf4j', 'api')}</project>",
        "extra/pom.xml": "<project><groupId>other</groupId><artifactId>lib</artifactId></project>",
        "alone/pom.xml": "<project><artifactId>alone</artifactId></project>",
    }
    assert graph(maven, files) == {
        "all": ("", []),
        "api": ("api", ["acme:lib", "all"]),
        "acme:lib": ("lib", ["all"]),
        "other:lib": ("extra", []),
    }


def test_gradle() -> None:
    files = {
        "settings.gradle.kts": 'include(":app", ":libs:core-api",\n  ":tools")\n'
        '// include(":old")\ninclude(":moved")\n'
        'project(":moved").projectDir = file("elsewhere/moved")\n',
        "app/build.gradle.kts": "dependencies {\n  implementation(projects.libs.coreApi)\n"
        '  testImplementation(project(":tools"))\n  api(project(":unknown"))\n}\n',
        "libs/core-api/build.gradle": "dependencies {\n  implementation project(path: ':moved',"
        " configuration: 'x')\n  /* project(':app') */\n}\n",
        "elsewhere/moved/build.gradle": "",
    }
    assert graph(gradle, files) == {
        "app": ("app", ["libs:core-api", "tools"]),
        "libs:core-api": ("libs/core-api", ["moved"]),
        "tools": ("tools", []),
        "moved": ("elsewhere/moved", []),
    }


def test_gradle_in_groovy() -> None:
    files = {"settings.gradle": "include 'a', 'b:c'\ninclude(\"d\")\n"}
    assert {name: root for name, (root, _) in graph(gradle, files).items()} == {
        "a": "a",
        "b:c": "b/c",
        "d": "d",
    }


def test_nx() -> None:
    text = """{"graph": {
        "nodes": {"shop": {"name": "shop", "type": "app", "data": {"root": "apps/shop"}},
                  "ui": {"data": {"root": "libs/ui"}}, "all": {"data": {"root": "."}}},
        "dependencies": {"shop": [{"source": "shop", "target": "ui", "type": "static"},
                                  {"source": "shop", "target": "npm:react"}], "ui": []}}}"""
    assert graph(nx, {"nx-graph.json": text}) == {
        "shop": ("apps/shop", ["ui"]),
        "ui": ("libs/ui", []),
        "all": ("", []),
    }


def test_turbo() -> None:
    text = """{"packages": ["//", "web", "ui", "docs"], "tasks": [
        {"taskId": "web#build", "package": "web", "directory": "apps/web",
         "dependencies": ["ui#build", "web#generate", "//#setup"]},
        {"taskId": "web#test", "package": "web", "directory": "apps/web", "dependencies": []},
        {"taskId": "ui#build", "package": "ui", "directory": "packages/ui", "dependencies": []}]}"""
    assert graph(turbo, {"turbo-dry-run.json": text}) == {
        "web": ("apps/web", ["//", "ui"]),
        "ui": ("packages/ui", []),
        "docs": (None, []),
    }


def test_compose() -> None:
    text = """
services:
  web: {build: ./web, depends_on: [api, cache]}
  api: {build: {context: services/api}, depends_on: {gateway: {condition: service_healthy}}}
  gateway: {image: nginx, depends_on: [auth, gateway]}
  auth: {build: {dockerfile: auth.Dockerfile}}
  cache: {image: redis}
  remote: {build: "https://example.com/x.git"}
"""
    assert graph(compose, {"deploy/docker-compose.yml": text}) == {
        "web": ("deploy/web", ["api"]),
        "api": ("deploy/services/api", ["auth"]),
        "auth": ("deploy", []),
    }


BAD = ["", "{", "[]", "7", '{"name": 3}', "<project>", "\0", "a: [b", '{"a":' * 1500]


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (node, "package.json"),
        (node, "pnpm-workspace.yaml"),
        (python, "pyproject.toml"),
        (cargo, "Cargo.toml"),
        (golang, "go.mod"),
        (golang, "go.work"),
        (maven, "pom.xml"),
        (gradle, "settings.gradle"),
        (gradle, "build.gradle"),
        (nx, "nx-graph.json"),
        (turbo, "turbo-dry-run.json"),
        (compose, "compose.yaml"),
    ],
)
def test_what_cannot_be_read_never_stops_a_run(kind: ModuleType, path: str, text: str) -> None:
    for item in kind.find({path: text}):
        assert isinstance(item, Trouble)
        assert item.source == path


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        (gradle, "settings.gradle", "/*" * 500_000),
        (gradle, "settings.gradle", f"include{' ' * 1_000_000}x"),
        (gradle, "settings.gradle", "include('a' " * 100_000),
        (golang, "go.work", "\n" * 1_000_000),
        (golang, "go.work", "use (\n" * 200_000),
        (golang, "go.mod", f"module a\nrequire{' ' * 1_000_000}("),
    ],
)
def test_a_long_file_takes_no_more_than_its_length(kind: ModuleType, path: str, text: str) -> None:
    assert len(list(kind.find({path: text}))) <= 1


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        (node, "package.json", '{"workspaces": {"packages": 3}, "dependencies": []}'),
        (node, "package.json", '{"workspaces": ["*", 3, "../*", "/etc", "!"], "name": ["a"]}'),
        (python, "pyproject.toml", "tool.uv.workspace = 3\nproject = [1]\n"),
        (python, "pyproject.toml", "[tool.uv.workspace]\nmembers = 'a'\n[project]\nname = 3\n"),
        (cargo, "Cargo.toml", "workspace = 3\npackage = 4\ntarget = 3\n"),
        (cargo, "Cargo.toml", "[workspace]\nmembers = [3]\ndependencies = 3\n"),
        (nx, "nx-graph.json", '{"graph": {"nodes": {"a": 3}, "dependencies": {"a": {"b": 1}}}}'),
        (turbo, "turbo-dry-run.json", '{"packages": 3, "tasks": [3, {"package": 3}]}'),
        (compose, "compose.yaml", "services: {a: 3, b: {build: 3}, c: [1]}"),
        (maven, "pom.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><project>&a;</project>"),
        (
            maven,
            "pom.xml",
            "<project><modules><module/><module>../../x</module></modules></project>",
        ),
    ],
)
def test_values_of_another_type_say_nothing(kind: ModuleType, path: str, text: str) -> None:
    for item in kind.find({path: text}):
        assert isinstance(item, Trouble | Found)
        if isinstance(item, Found):
            assert item.depends_on == ()
            assert item.root in {"", None}


# One repository in each of Bazel's outputs: `//app` needs `//lib/core`, both need another's.
BAZEL = {
    "bazel-query.json": """{"target": [
        {"type": "RULE", "rule": {"name": "//app:bin", "ruleClass": "java_binary",
            "ruleInput": ["//lib/core:core", "//app:Main.java", "@maven//:guava"]}},
        {"type": "RULE", "rule": {"name": "//app:test", "ruleInput": ["//app:bin"]}},
        {"type": "RULE", "rule": {"name": "@@//lib/core:core", "ruleInput": ["//external:x"]}},
        {"type": "RULE", "rule": {"name": "@maven//:guava"}},
        {"type": "SOURCE_FILE", "sourceFile": {"name": "//app:Main.java"}}]}""",
    "bazel-query.jsonl": '{"type":"RULE","rule":{"name":"//app","ruleInput":["@//lib/core"]}}\n'
    '{"type":"RULE","rule":{"name":"//lib/core:core"}}\n',
    "bazel-query.xml": """<?xml version="1.1" encoding="UTF-8" standalone="no"?>
        <query version="2"><rule class="java_binary" name="//app:bin">
        <string name="x" value="y"/><rule-input name="//lib/core:core"/></rule>
        <rule class="java_library" name="//lib/core:core"/>
        <source-file name="//app:Main.java"/></query>""",
    "bazel-query.dot": 'digraph mygraph {\n  node [shape=box];\n  "//app:bin"\n'
    '  "//app:bin" -> "//app:Main.java\\\\n//lib/core:core"\n  "//lib/core:core"\n}\n',
}


@pytest.mark.parametrize("name", BAZEL)
def test_bazel(name: str) -> None:
    assert graph(bazel, {f"java/{name}": BAZEL[name]}) == {
        "//app": ("java/app", ["//lib/core"]),
        "//lib/core": ("java/lib/core", []),
    }


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("bazel-query.json", "{", "it cannot be read"),
        ("bazel-query.json", "[" * 100_000, "it cannot be read"),
        ("bazel-query.json", "{}", "it has no rules"),
        ("bazel-query.jsonl", "{}\n[", "it cannot be read"),
        ("bazel-query.xml", "<query>", "it cannot be read"),
        ("bazel-query.xml", '<!DOCTYPE q [<!ENTITY a "b">]><q/>', "it declares entities"),
        ("bazel-query.dot", "graph {}", "it is no digraph"),
        ("bazel-query.dot", "digraph {}", "it has no rules"),
    ],
)
def test_what_is_no_answer_of_bazel(name: str, text: str, reason: str) -> None:
    (found,) = bazel.find({name: text})
    assert isinstance(found, Trouble)
    assert reason in found.reason

"""Every format of packages: what it reads, and what it refuses."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from vsm_gate.impact.packages.registry import FORMATS, format_of
from vsm_gate.impact.sensitive import CLASSES, classify


class Case(NamedTuple):
    """A file, and the packages that are to be read from it, with their versions."""

    path: str
    text: str
    packages: dict[str, set[str]]


CASES = [
    Case(
        "web/package.json",
        '{"dependencies": {"react": "^18.2.0", "odd": 3}, "devDependencies": {"@a/b": "~1.0"}}',
        {"react": {"^18.2.0"}, "@a/b": {"~1.0"}},
    ),
    Case(
        "package-lock.json",
        '{"lockfileVersion": 3, "packages": {"": {"version": "1.0.0"}, "packages/own": {},'
        '"node_modules/own": {"link": true, "version": "1"},'
        '"node_modules/a": {"version": "1.0.0"},'
        '"node_modules/b/node_modules/a": {"version": "2.0.0"},'
        '"node_modules/alias": {"name": "@s/real", "version": "3.0.0"}}}',
        {"a": {"1.0.0", "2.0.0"}, "@s/real": {"3.0.0"}},
    ),
    Case(
        "npm-shrinkwrap.json",
        '{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0",'
        '"dependencies": {"b": {"version": "2.0.0"}}}}}',
        {"a": {"1.0.0"}, "b": {"2.0.0"}},
    ),
    Case(
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n\n"
        "packages:\n\n  a@1.0.0:\n    resolution: {integrity: x}\n\n  '@s/b@2.0.0(c@3.0.0)':\n"
        "    engines: {node: '>=8'}\n\nsnapshots:\n\n  a@9.9.9: {}\n",
        {"a": {"1.0.0"}, "@s/b": {"2.0.0"}},
    ),
    Case(
        "old/pnpm-lock.yaml",
        "lockfileVersion: 5.4\npackages:\n\n  /a/1.0.0:\n    dev: true\n  /@s/b/2.0.0_c@3:\n"
        "    dev: true\n",
        {"a": {"1.0.0"}, "@s/b": {"2.0.0"}},
    ),
    Case(
        "yarn.lock",
        '# yarn lockfile v1\n\n"@s/a@^1.0.0", "@s/a@~1.1":\n  version "1.1.2"\n'
        '  dependencies:\n    version "9.9.9"\n\nb@^2:\n  version "2.0.0"\n',
        {"@s/a": {"1.1.2"}, "b": {"2.0.0"}},
    ),
    Case(
        "berry/yarn.lock",
        '__metadata:\n  version: 8\n\n"a@npm:^1.0.0":\n  version: 1.2.3\n\n'
        '"own@workspace:packages/own":\n  version: 0.0.0-use.local\n',
        {"a": {"1.2.3"}},
    ),
    Case(
        "bun.lock",
        '{\n  "lockfileVersion": 1,\n  "packages": {\n    "a": ["a@1.0.0", "", {}, "sha"],\n'
        '    "x/@s/b": ["@s/b@2.0.0", "", {}],\n    "own": ["own@workspace:own"],\n  }\n}\n',
        {"a": {"1.0.0"}, "@s/b": {"2.0.0"}},
    ),
    Case(
        "pyproject.toml",
        '[project]\ndependencies = ["Some_Thing[extra]>=1.2; python_version > \'3\'", "bare"]\n'
        'optional-dependencies = {x = ["other==2"]}\n[dependency-groups]\ndev = ["pytest~=8.0"]\n'
        '[tool.poetry.dependencies]\npython = "^3.11"\nFlask = {version = "^2"}\n'
        '[tool.poetry.group.t.dependencies]\nmypy = "1.0"\n',
        {
            "some-thing": {">=1.2"},
            "bare": {"any"},
            "other": {"==2"},
            "pytest": {"~=8.0"},
            "flask": {"^2"},
            "mypy": {"1.0"},
        },
    ),
    Case(
        "requirements/dev.txt",
        "# words\n-r base.txt\n--index-url https://example.org\nDjango==4.2.1 \\\n"
        "    --hash=sha256:00\nrequests >= 2 ; python_version > '3'\n./local\n"
        "git+https://example.org/x.git\n",
        {"django": {"==4.2.1"}, "requests": {">= 2"}},
    ),
    Case(
        "Pipfile.lock",
        '{"_meta": {"a": {"version": "==0"}}, "default": {"flask": {"version": "==2.0"}},'
        '"develop": {"pytest": {"version": "==7.0"}, "local": {"path": "."}}}',
        {"flask": {"2.0"}, "pytest": {"7.0"}},
    ),
    Case(
        "Cargo.toml",
        '[dependencies]\nserde = "1.0"\nown = {path = "../own"}\nr = {package = "rand", version = '
        '"0.8"}\n[target."cfg(unix)".dev-dependencies]\nlibc = "0.2"\n'
        '[workspace.dependencies]\ntokio = "1"\n',
        {"serde": {"1.0"}, "rand": {"0.8"}, "libc": {"0.2"}, "tokio": {"1"}},
    ),
    Case(
        "uv.lock",
        'version = 1\n\n[[package]]\nname = "a"\nversion = "1.0"\nsource = {}\n\n[[package]]\n'
        'name = "b"\nversion = "2.0"\n\n[[package]]\nname = "b"\nversion = "3.0"\n\n'
        '[[package]]\nname = "virtual"\nsource = { virtual = "." }\n',
        {"a": {"1.0"}, "b": {"2.0", "3.0"}},
    ),
    Case(
        "go.mod",
        "module example.org/m\n\ngo 1.22\n\nrequire example.org/a v1.2.3\n\nrequire (\n"
        "\texample.org/b/v2 v2.0.0 // indirect\n\tgopkg.in/c.v3 v3.0.1\n)\n"
        "replace example.org/a => ../a\n",
        {"example.org/a": {"v1.2.3"}, "example.org/b": {"v2.0.0"}, "gopkg.in/c": {"v3.0.1"}},
    ),
    Case(
        "go.sum",
        "example.org/a v1.2.3 h1:x=\nexample.org/a v1.2.3/go.mod h1:y=\nexample.org/b v0.1.0/go.mod"
        " h1:z=\n",
        {"example.org/a": {"v1.2.3"}},
    ),
    Case(
        "pom.xml",
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><parent><groupId>p</groupId>'
        "<artifactId>q</artifactId><version>1</version></parent><properties><v>2.0</v></properties>"
        "<dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>"
        "<version>${v}</version></dependency><dependency><groupId>g</groupId>"
        "<artifactId>managed</artifactId></dependency></dependencies><build><plugins><plugin>"
        "<artifactId>x</artifactId><version>${else}</version></plugin></plugins></build></project>",
        {"p:q": {"1"}, "g:a": {"2.0"}, "x": {"${else}"}},
    ),
    Case(
        "gradle.lockfile",
        "# words\norg.a:b:1.0=compileClasspath,runtimeClasspath\nempty=annotationProcessor\n",
        {"org.a:b": {"1.0"}},
    ),
    Case(
        "gradle/libs.versions.toml",
        '[versions]\nk = "1.9"\n[libraries]\na = "g:a:1.0"\n'
        'b = {module = "g:b", version.ref = "k"}\nc = {group = "g", name = "c", version = "2"}\n'
        '[plugins]\nd = {id = "p.d", version = "3"}\n',
        {"g:a": {"1.0"}, "g:b": {"1.9"}, "g:c": {"2"}, "p.d": {"3"}},
    ),
    Case(
        "Gemfile.lock",
        "GEM\n  remote: https://rubygems.org/\n  specs:\n    rails (7.1.2)\n      rack (>= 2)\n"
        "    rack (3.0.8)\n\nDEPENDENCIES\n  rails (~> 7)\n",
        {"rails": {"7.1.2"}, "rack": {"3.0.8"}},
    ),
    Case(
        "composer.lock",
        '{"packages": [{"name": "a/b", "version": "v1.0"}, 3],'
        '"packages-dev": [{"name": "c/d", "version": "2.0"}]}',
        {"a/b": {"v1.0"}, "c/d": {"2.0"}},
    ),
    Case(
        "composer.json",
        '{"require": {"php": ">=8"}, "require-dev": {"x/y": "^1"}}',
        {"php": {">=8"}, "x/y": {"^1"}},
    ),
    Case(
        "packages.lock.json",
        '{"version": 1, "dependencies": {"net8.0": {"A": {"type": "Direct", "resolved": "1.0"},'
        '"B": {"type": "Project"}}}}',
        {"A": {"1.0"}},
    ),
    Case(
        "src/App.csproj",
        '<Project><ItemGroup><PackageReference Include="A" Version="1.0" />'
        '<PackageReference Include="Central"></PackageReference></ItemGroup></Project>',
        {"A": {"1.0"}, "Central": {"any"}},
    ),
    Case(
        "pubspec.lock",
        'packages:\n  async:\n    dependency: transitive\n    version: "2.11.0"\n',
        {"async": {"2.11.0"}},
    ),
    Case(
        "pubspec.yaml",
        "dependencies:\n  http: ^1.0.0\n  flutter: {sdk: flutter}\ndev_dependencies:\n"
        "  test: {version: 1.24.0}\n",
        {"http": {"^1.0.0"}, "test": {"1.24.0"}},
    ),
    Case(
        "mix.lock",
        '%{\n  "jason": {:hex, :jason, "1.4.1", "sha", [:mix], [], "hexpm", "sha"},\n}\n',
        {"jason": {"1.4.1"}},
    ),
]
BROKEN = [
    ("package.json", "{"),
    ("package.json", "[]"),
    ("package-lock.json", "[" * 100_000),
    ("pnpm-lock.yaml", "packages: {}"),
    ("yarn.lock", "<<<<<<< HEAD"),
    ("bun.lock", "{}"),
    ("pyproject.toml", "a = "),
    ("Cargo.lock", "[[package]]\nversion = '1'\n"),
    ("pom.xml", "<project>"),
    ("pom.xml", '<!DOCTYPE p [<!ENTITY a "b">]><project>&a;</project>'),
    ("composer.lock", "null"),
    ("pubspec.yaml", "a: [b"),
    ("gradle/libs.versions.toml", "[versions"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_what_is_read(case: Case) -> None:
    form = format_of(case.path)
    assert form is not None
    assert {name: set(versions) for name, versions in form.read(case.text).items()} == case.packages


@pytest.mark.parametrize(("path", "text"), BROKEN)
def test_what_is_refused(path: str, text: str) -> None:
    form = format_of(path)
    assert form is not None
    with pytest.raises(ValueError) as problem:
        form.read(text)
    assert str(problem.value)


def test_every_format_has_a_case_and_its_files_are_sensitive() -> None:
    assert {format_of(case.path) for case in CASES} == set(FORMATS)
    paths = {case.path for case in CASES}
    assert set(classify(paths)["dependencies"]) == paths


def test_what_nobody_reads_has_no_format() -> None:
    unread = [path.removeprefix("**/") for path in CLASSES["dependencies"]]
    unread = [path for path in unread if "*" not in path and format_of(path) is None]
    assert unread == [
        "bun.lockb",
        "setup.py",
        "setup.cfg",
        "Pipfile",
        "go.work",
        "build.gradle",
        "build.gradle.kts",
        "Gemfile",
        "mix.exs",
    ]
